-- run_finished_by --
-- The last run that had succeeded by an instant: what the system knew then.
select
    run_id,
    watermark,
    now_at,
    finished_at
from ops.runs
where status = 'succeeded' and finished_at <= :instant
order by finished_at desc, run_id desc
limit 1;

-- population --
-- Everybody who has hours: all that the marts know of, without badges that nobody holds.
select employee_id
from marts.dim_employees
where employee_id not like 'badge:%'
order by employee_id;

-- pay_lines --
-- The pay lines of the days asked for, in the columns of payroll.pay_lines; run with the schema of the run's marts as search path.
select
    line.employee_id,
    line.workday,
    line.pay_code,
    line.source,
    sum(line.seconds)::bigint as seconds,
    max(line.multiplier)::numeric(6, 3) as multiplier,
    bool_or(line.on_top) as on_top,
    coalesce(max(line.policy), 'none') as policy,
    max(line.cost_center) as cost_center,
    max(line.site_id) as site_id
from fct_pay_lines as line
where
    line.workday between :first_day and :last_day
    and (:employee::text is null or line.employee_id = :employee)
group by line.employee_id, line.workday, line.pay_code, line.source
order by line.employee_id collate "C", line.workday, line.pay_code collate "C", line.source collate "C";

-- findings --
-- How many findings of each rule and status each employee has on the days asked for; search path as above.
select
    finding.employee_id,
    employee.site_id,
    finding.rule,
    finding.status,
    count(*) as findings
from fct_findings as finding
left join dim_employees as employee on finding.employee_id = employee.employee_id
where finding.date between :first_day and :last_day
group by finding.employee_id, employee.site_id, finding.rule, finding.status
order by finding.employee_id collate "C", finding.rule, finding.status;
