-- Scheduled shifts of the legacy system that cannot be as they are: they end before they begin, or have breaks that nobody
-- can read. They are on the workday of their begin, as it stands there.
{{ config(materialized='view', post_hook=[]) }}

with shifts as (select * from {{ ref('int_present_shifts') }}),

dated as (
    select
        shifts.employee_id,
        shifts.shift_id,
        coalesce(shifts.starts_at, shifts.ends_at) as at,
        {{ fn('workday_of') }}(
            coalesce(shifts.starts_at, shifts.ends_at), sets.day_starts_seconds, coalesce(employees.time_zone, 'UTC')
        ) as workday
    from shifts
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and coalesce(shifts.starts_at, shifts.ends_at) >= employees.starts_at
            and coalesce(shifts.starts_at, shifts.ends_at) < employees.ends_at
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where shifts.has_lost_breaks or not shifts.is_sound
)

select
    dated.employee_id,
    {{ week_start('dated.workday', 'sets.week_starts_on') }} as workweek,
    dated.workday,
    dated.shift_id,
    dated.at
from dated
inner join {{ ref('int_employees') }} as employees
    on dated.employee_id = employees.employee_id and dated.workday >= employees.valid_from and dated.workday < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
