-- Work of each workday as findings read it: raw segments, or rounded ones where the policy says so; a worked shift that
-- the policy splits at the boundary is split here too.
{{ config(post_hook=["create index on {{ this }} (employee_id, workday)", "analyze {{ this }}"]) }}

with spans as (
    select spans.*, sets.attribution, sets.day_starts_seconds, sets.week_starts_on
    from {{ ref('int_compliance_spans') }} as spans
    inner join {{ ref('int_parameter_sets') }} as sets on spans.set_key = sets.set_key
    where not spans.is_unpaid_break
),

cut as (
    select employee_id, workday, workweek, from_at, to_at from spans where attribution <> 'split_at_boundary'
    union all
    select
        spans.employee_id,
        days.day::date,
        {{ week_start('days.day::date', 'spans.week_starts_on') }},
        greatest(spans.from_at, {{ fn('workday_start') }}(days.day::date, spans.day_starts_seconds, spans.time_zone)),
        least(spans.to_at, {{ fn('workday_start') }}(days.day::date + 1, spans.day_starts_seconds, spans.time_zone))
    from spans
    cross join lateral generate_series(
        {{ fn('workday_of') }}(spans.from_at, spans.day_starts_seconds, spans.time_zone)::timestamp,
        {{ fn('workday_of') }}(spans.to_at - interval '1 second', spans.day_starts_seconds, spans.time_zone)::timestamp,
        interval '1 day'
    ) as days (day)
    where spans.attribution = 'split_at_boundary'
)

select employee_id, workweek, workday, sum({{ seconds_between('from_at', 'to_at') }})::bigint as raw_worked_seconds
from cut
group by employee_id, workweek, workday
