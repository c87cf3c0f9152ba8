-- Employee and workday with work, a scheduled shift or leave: the day's totals.
{{ config(indexes=[{'columns': ['employee_id', 'workweek']}, {'columns': ['workday']}]) }}

with days as (select * from {{ ref('int_workdays') }} as days where {{ is_touched('days') }}),

extra as (
    select employee_id, workday, sum(seconds) as paid_seconds
    from {{ ref('int_extra_pay') }}
    group by employee_id, workday
),

outcomes as (
    select
        employee_id,
        workday,
        sum(late_seconds) as late_seconds,
        sum(early_leave_seconds) as early_leave_seconds
    from {{ ref('int_shift_outcomes') }}
    group by employee_id, workday
)

select
    days.employee_id,
    days.workweek,
    days.workday,
    days.policy,
    days.site_id,
    days.time_zone,
    days.first_in,
    days.last_out,
    days.gross_seconds,
    days.worked_seconds,
    (days.worked_seconds + coalesce(extra.paid_seconds, 0))::bigint as paid_seconds,
    days.unpaid_break_seconds,
    days.paid_break_seconds,
    days.auto_deducted_seconds,
    days.auto_added_seconds,
    days.scheduled_seconds,
    days.balance_seconds,
    coalesce(outcomes.late_seconds, 0)::bigint as late_seconds,
    coalesce(outcomes.early_leave_seconds, 0)::bigint as early_leave_seconds,
    days.is_open
from days
left join extra on days.employee_id = extra.employee_id and days.workday = extra.workday
left join outcomes on days.employee_id = outcomes.employee_id and days.workday = outcomes.workday
