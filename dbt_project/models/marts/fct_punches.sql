-- Every captured punch event: what it is taken as, or why it is not used.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['event_id']}]) }}

with punches as (
    select
        punches.*,
        coalesce(
            shifts.workday, {{ fn('workday_of') }}(punches.at, sets.day_starts_seconds, punches.time_zone)
        ) as workday,
        coalesce(
            shifts.workweek,
            {{ week_start(fn('workday_of') ~ "(punches.at, sets.day_starts_seconds, punches.time_zone)", 'sets.week_starts_on') }}
        ) as workweek
    from {{ ref('int_punches') }} as punches
    inner join {{ ref('int_parameter_sets') }} as sets on punches.set_key = sets.set_key
    left join {{ ref('int_worked_shifts') }} as shifts on punches.worked_shift_id = shifts.worked_shift_id
)

select
    event_id,
    employee_id,
    workweek,
    workday,
    kind,
    taken_as,
    occurred_at,
    received_at,
    source,
    device_id,
    site_id,
    time_zone,
    origin,
    topic_partition,
    topic_offset,
    unused_because,
    worked_shift_id,
    supersedes,
    voids
from punches
where {{ is_touched('punches') }}
