-- scope_of_touched --
-- The days to compare: the weeks that the last run touched. They overlap where a week has come to begin on another day.
create temporary table payroll_scope on commit drop as
select
    employee_id,
    workweek as first_day,
    workweek + 6 as last_day
from intermediate.int_touched_weeks;

-- scope_of_all --
-- The days to compare: all.
create temporary table payroll_scope on commit drop as
select
    employee_id,
    '-infinity'::date as first_day,
    'infinity'::date as last_day
from marts.fct_pay_lines
union
select
    employee_id,
    '-infinity'::date as first_day,
    'infinity'::date as last_day
from payroll.pay_lines;

-- fresh_lines --
-- The pay lines of the scope as the marts have them now, in the columns of payroll.pay_lines.
create temporary table payroll_fresh on commit drop as
select
    line.employee_id,
    line.workday,
    line.pay_code,
    line.source,
    to_char(line.workday, 'YYYY-MM') as period,
    sum(line.seconds)::bigint as seconds,
    max(line.multiplier)::numeric(6, 3) as multiplier,
    bool_or(line.on_top) as on_top,
    coalesce(max(line.policy), 'none') as policy,
    max(line.cost_center) as cost_center,
    max(line.site_id) as site_id
from marts.fct_pay_lines as line
where exists (
    select 1
    from payroll_scope as scope
    where
        line.employee_id = scope.employee_id
        and line.workday between scope.first_day and scope.last_day
)
group by line.employee_id, line.workday, line.pay_code, line.source;

-- delete_changed --
-- Remove the lines of the scope that are gone or differ; answers their periods.
delete from payroll.pay_lines as line
using payroll_scope as scope
where
    line.employee_id = scope.employee_id
    and line.workday between scope.first_day and scope.last_day
    and not exists (
        select 1
        from payroll_fresh as fresh
        where
            fresh.employee_id = line.employee_id
            and fresh.workday = line.workday
            and fresh.pay_code = line.pay_code
            and fresh.source = line.source
            and (fresh.seconds, fresh.multiplier, fresh.on_top, fresh.policy)
            = (line.seconds, line.multiplier, line.on_top, line.policy)
            and (fresh.cost_center, fresh.site_id) is not distinct from (line.cost_center, line.site_id)
    )
returning line.period;

-- insert_periods --
-- Make the calendar months that the lines lie in.
insert into ledger.pay_periods (period, starts_on, ends_on)
select distinct
    period,
    date_trunc('month', workday)::date as starts_on,
    (date_trunc('month', workday) + interval '1 month - 1 day')::date as ends_on
from payroll_fresh
on conflict (period) do nothing;

-- insert_changed --
-- Write the lines that are new or were removed because they differ; answers their periods.
insert into payroll.pay_lines (
    employee_id, workday, pay_code, source, period, seconds, multiplier, on_top, policy, cost_center, site_id
)
select
    employee_id,
    workday,
    pay_code,
    source,
    period,
    seconds,
    multiplier,
    on_top,
    policy,
    cost_center,
    site_id
from payroll_fresh
on conflict (employee_id, workday, pay_code, source) do nothing
returning period;

-- delete_employees --
-- Remove the people who have no pay line any more.
delete from payroll.employees as employee
where not exists (
    select 1
    from payroll.pay_lines as line
    where line.employee_id = employee.employee_id
);

-- upsert_employees --
-- Write the people with pay lines who are new or whose name, site or cost center changed.
insert into payroll.employees (employee_id, name, site_id, cost_center)
select
    employee.employee_id,
    coalesce(employee.name, employee.employee_id) as name,
    employee.site_id,
    employee.cost_center
from marts.dim_employees as employee
where exists (
    select 1
    from payroll.pay_lines as line
    where line.employee_id = employee.employee_id
)
on conflict (employee_id) do update
set name = excluded.name, site_id = excluded.site_id, cost_center = excluded.cost_center
where
    (employees.name, employees.site_id, employees.cost_center)
    is distinct from (excluded.name, excluded.site_id, excluded.cost_center);

-- lines_of_period --
-- The lines of a period in the order of an export.
select
    employee_id,
    workday,
    pay_code,
    source,
    seconds,
    multiplier,
    on_top,
    policy,
    cost_center,
    site_id
from payroll.pay_lines
where period = :period
order by employee_id collate "C", workday, pay_code collate "C", source collate "C";

-- upsert_manifest --
-- Say what a period holds since this run.
insert into payroll.manifests (period, watermark, row_count, seconds, employee_count, sha256, computed_at)
values (:period, :watermark, :rows, :seconds, :employees, :sha256, :now_at)
on conflict (period) do update
set
    watermark = excluded.watermark,
    row_count = excluded.row_count,
    seconds = excluded.seconds,
    employee_count = excluded.employee_count,
    sha256 = excluded.sha256,
    computed_at = excluded.computed_at;
