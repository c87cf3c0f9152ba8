-- Workdays with a scheduled shift: what is to be worked on each; a policy that splits worked shifts splits these too.
{{ config(post_hook=["create unique index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with scheduled as (select * from {{ ref('int_scheduled_shifts') }})

select
    scheduled.employee_id,
    case when scheduled.attribution = 'split_at_boundary' then days.day::date else scheduled.workday end as workday,
    min(scheduled.site_id) as site_id,
    min(scheduled.time_zone) as time_zone,
    count(*) as shift_count,
    sum({{ range_seconds(
        "case when scheduled.attribution = 'split_at_boundary' then scheduled.net * tstzmultirange(tstzrange("
        ~ fn('workday_start') ~ "(days.day::date, scheduled.day_starts_seconds, scheduled.time_zone), "
        ~ fn('workday_start') ~ "(days.day::date + 1, scheduled.day_starts_seconds, scheduled.time_zone))) else scheduled.net end"
    ) }})::bigint as scheduled_seconds
from scheduled
cross join lateral generate_series(
    scheduled.workday::timestamp,
    case
        when scheduled.attribution = 'split_at_boundary'
            then {{ fn('workday_of') }}(scheduled.ends_at - interval '1 second', scheduled.day_starts_seconds, scheduled.time_zone)
        else scheduled.workday
    end::timestamp,
    interval '1 day'
) as days (day)
group by scheduled.employee_id, case when scheduled.attribution = 'split_at_boundary' then days.day::date else scheduled.workday end
