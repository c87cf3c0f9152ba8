-- Workdays with a scheduled shift: what is to be worked on each; a policy that splits worked shifts splits these too.
{{ config(post_hook=["create unique index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with scheduled as (
    select scheduled.*, {{ days_of_span('scheduled', 'scheduled', 'starts_at', 'ends_at') }}
    from {{ ref('int_scheduled_shifts') }} as scheduled
),

daily as (select scheduled.*, {{ each_day('scheduled') }} as day from scheduled)

select
    daily.employee_id,
    daily.day as workday,
    min(daily.site_id) as site_id,
    min(daily.time_zone) as time_zone,
    count(*) as shift_count,
    sum({{ range_seconds(
        "case when daily.first_day = daily.last_day then daily.net else daily.net * tstzmultirange(tstzrange("
        ~ begin_on_day('daily', 'day', 'starts_at') ~ ", " ~ end_on_day('daily', 'day', 'ends_at') ~ ")) end"
    ) }})::bigint as scheduled_seconds
from daily
group by daily.employee_id, daily.day
