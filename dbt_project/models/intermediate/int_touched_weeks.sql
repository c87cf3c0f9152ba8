-- The cells that this run replaces: the workweeks of the touched days, as they are now and as the marts have them (a
-- policy may have moved the start of the week), and the cell of the next worked shift, whose rest before it may change.
-- After a run that failed also what that one touched: marts that it has replaced no longer tell of it. Logged, since this
-- run's followers (payroll, the cache) and the next run need it after a crash, too.
{{ config(unlogged=false, post_hook=["create unique index on {{ this }} (employee_id, workweek)", "analyze {{ this }}"]) }}
{% if full_run() %}
select null::text as employee_id, null::date as workweek where false
{% else %}
with weeks as (
    select distinct days.employee_id, {{ week_start('dates.date::date', 'sets.week_starts_on') }} as workweek
    from {{ ref('int_touched_days') }} as days
    cross join lateral generate_series(days.from_day::timestamp, days.to_day::timestamp, interval '1 day') as dates (date)
    inner join {{ ref('int_employees') }} as employees
        on days.employee_id = employees.employee_id and dates.date >= employees.valid_from and dates.date < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    union
    select old.employee_id, old.workweek
    from {{ ref('int_touched_days') }} as days
    inner join {{ existing('marts', 'fct_workdays') }} as old
        on days.employee_id = old.employee_id and old.workday between days.from_day and days.to_day
    union
    select old.employee_id, old.workweek
    from {{ ref('int_touched_days') }} as days
    inner join {{ existing('marts', 'fct_punches') }} as old
        on
            days.employee_id = old.employee_id
            and old.workweek between days.from_day - 7 and days.to_day
            and old.workday between days.from_day and days.to_day
)

select employee_id, workweek from weeks
union
select weeks.employee_id, next_shift.workweek
from weeks
cross join lateral (
    select old.workweek
    from {{ existing('marts', 'fct_worked_shifts') }} as old
    where old.employee_id = weeks.employee_id and old.started_at >= {{ utc_instant('(weeks.workweek + 6)::text') }} and old.workweek > weeks.workweek
    order by old.started_at
    limit 1
) as next_shift
union
select unfinished.employee_id, unfinished.workweek
from {{ existing('intermediate', 'int_touched_weeks') }} as unfinished
where (select runs.follows_failure from {{ ref('stg_runs') }} as runs)
{% endif %}
