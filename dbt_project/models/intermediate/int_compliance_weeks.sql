-- Workweeks with work, of the cells whose findings this run computes: their work as findings read it, the parameters of
-- their first day, and from when to when they last.
with weeks as (
    select
        days.employee_id,
        days.workweek,
        count(*) as worked_days,
        sum(days.raw_worked_seconds)::bigint as week_seconds,
        max(days.raw_worked_seconds) as longest_day_seconds
    from {{ ref('int_compliance_days') }} as days
    where days.raw_worked_seconds > 0 and {{ is_touched('days', 'int_touched_findings') }}
    group by days.employee_id, days.workweek
)

select
    weeks.*,
    employees.set_key,
    employees.now_at,
    {{ workday_begin('weeks.employee_id', 'weeks.workweek + 7') }} as ends_at
from weeks
inner join {{ ref('int_employees') }} as employees
    on weeks.employee_id = employees.employee_id and weeks.workweek >= employees.valid_from and weeks.workweek < employees.valid_to
