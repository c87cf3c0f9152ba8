-- The base pay lines of a day are its paid seconds: every worked second has exactly one base code.
with paid as (
    select days.employee_id, days.workday, days.paid_seconds
    from {{ ref('fct_workdays') }} as days
    where days.paid_seconds > 0 and {{ is_tested('days') }}
),

base as (
    select lines.employee_id, lines.workday, sum(lines.seconds) as seconds
    from {{ ref('fct_pay_lines') }} as lines
    where not lines.on_top and {{ is_tested('lines') }}
    group by lines.employee_id, lines.workday
)

select employee_id, workday, paid.paid_seconds, base.seconds
from paid
full outer join base using (employee_id, workday)
where paid.paid_seconds is distinct from base.seconds
