-- What became of each scheduled shift, and work that no shift had planned.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['changes_at']}]) }}

with outcomes as (
    select * from {{ ref('int_shift_outcomes') }} as outcomes where {{ is_touched('outcomes') }}
),

worked as (select worked_shift_id, worked_seconds from {{ ref('int_shift_totals') }}),

unscheduled as (
    select
        shifts.employee_id,
        shifts.workweek,
        shifts.workday,
        shifts.worked_shift_id,
        shifts.site_id,
        worked.worked_seconds
    from {{ ref('int_worked_shifts') }} as shifts
    inner join worked on shifts.worked_shift_id = worked.worked_shift_id
    where shifts.matched_shift_id is null and worked.worked_seconds > 0 and {{ is_touched('shifts') }}
)

select
    shift_id,
    employee_id,
    workweek,
    workday,
    starts_at as shift_start,
    ends_at as shift_end,
    window_start,
    window_end,
    outcome,
    worked_seconds,
    late_seconds,
    early_leave_seconds,
    worked_shift_id,
    site_id,
    changes_at
from outcomes
union all
select
    null, employee_id, workweek, workday, null, null, null, null, 'unscheduled', worked_seconds, 0, 0, worked_shift_id, site_id, null
from unscheduled
