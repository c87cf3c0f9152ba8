-- Each rule that a policy sets answers for each cell that it expects, and for no other. What is expected follows from the
-- parameters and from the days, weeks and windows with work, not from the models of the rules; a day has as many daily
-- rests as it has worked shifts with one before them, every other cell one answer.
with employees as (
    select
        employees.employee_id,
        employees.valid_from,
        employees.valid_to,
        sets.week_starts_on,
        sets.daily_max,
        sets.daily_rest,
        sets.night_work,
        sets.consecutive_days,
        sets.weekly_max,
        sets.weekly_rest,
        sets.day_of_rest,
        sets.average_week,
        sets.average_day
    from {{ ref('int_employees') }} as employees
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
),

days as not materialized (select * from {{ ref('int_compliance_days') }}),

-- Of the weeks of touched cells, found by their index; which rule of them is touched is asked of each below.
touched_days as (select * from days where {{ is_touched('days', 'int_touched_findings') }}),

shifts as not materialized (select * from {{ ref('fct_worked_shifts') }}),

of_shifts as (
    select worked.employee_id, worked.workweek, worked.workday as date, rules.rule, rules.parameter
    from (
        select distinct spans.employee_id, spans.workweek, spans.workday, spans.set_key
        from {{ ref('int_compliance_spans') }} as spans
        where spans.shift_work_seconds > 0 and {{ is_touched('spans') }}
    ) as worked
    inner join {{ ref('int_parameter_sets') }} as sets on worked.set_key = sets.set_key
    cross join lateral (
        select 'meal_period_' || numbers.number as rule, 'compliance.meal_periods' as parameter
        from generate_series(1, jsonb_array_length(sets.meal_periods)) as numbers (number)
        union all
        select listed.rule, listed.parameter
        from (
            values
            ('rest_periods', 'compliance.rest_periods', sets.rest_periods is not null),
            ('break_total', 'compliance.break_total', sets.break_total is not null),
            ('longest_work', 'compliance.longest_work_minutes', sets.longest_work_seconds is not null)
        ) as listed (rule, parameter, is_set)
        where listed.is_set
    ) as rules
),

of_days as (
    select days.employee_id, days.workweek, days.workday as date, rules.rule, 'compliance.' || rules.rule as parameter
    from touched_days as days
    inner join employees
        on days.employee_id = employees.employee_id and days.workday >= employees.valid_from and days.workday < employees.valid_to
    cross join lateral (
        values ('daily_max', employees.daily_max), ('night_work', employees.night_work), ('consecutive_days', employees.consecutive_days)
    ) as rules (rule, value)
    where rules.value is not null and {{ is_touched_finding('days', "'compliance.' || rules.rule") }}
),

of_weeks as (
    select days.employee_id, days.workweek, days.workweek as date, rules.rule, 'compliance.' || rules.rule as parameter
    from touched_days as days
    inner join employees
        on days.employee_id = employees.employee_id and days.workweek >= employees.valid_from and days.workweek < employees.valid_to
    cross join lateral (
        values
        ('weekly_max', employees.weekly_max),
        ('day_of_rest', employees.day_of_rest),
        ('average_week', case when coalesce((employees.average_week ->> 'rolling')::boolean, true) then employees.average_week end),
        ('average_day', case when coalesce((employees.average_day ->> 'rolling')::boolean, true) then employees.average_day end)
    ) as rules (rule, value)
    where rules.value is not null and {{ is_touched_finding('days', "'compliance.' || rules.rule") }}
    group by days.employee_id, days.workweek, rules.rule
),

-- Windows that follow each other from the first week with work: on which of them each day lies.
chained as (
    select distinct days.employee_id, rules.rule, begins.date, {{ week_start('begins.date', 'rules.week_starts_on') }} as workweek
    from (
        select employees.employee_id, employees.valid_from, employees.valid_to, employees.week_starts_on, listed.rule, listed.value
        from employees
        cross join lateral (
            values ('average_week', employees.average_week), ('average_day', employees.average_day)
        ) as listed (rule, value)
        where not (listed.value ->> 'rolling')::boolean
    ) as rules
    cross join lateral (
        select min(first_days.workweek) as first_week from days as first_days where first_days.employee_id = rules.employee_id
    ) as firsts
    inner join days on rules.employee_id = days.employee_id
    cross join lateral (
        select days.workday - (days.workday - firsts.first_week) % (7 * (rules.value ->> 'weeks')::integer) as date
    ) as begins
    where begins.date >= rules.valid_from and begins.date < rules.valid_to
),

-- The period of weekly rest: a day lies in the one that began on each of so many days before.
periods as (
    select distinct
        days.employee_id,
        begins.date,
        {{ week_start('begins.date', 'employees.week_starts_on') }} as workweek
    from days
    {%- if not full_run() %}
    inner join {{ ref('int_touched_findings') }} as cells
        on
            days.employee_id = cells.employee_id
            and days.workday between cells.workweek and cells.workweek + 19
            and coalesce(cells.parameter, 'compliance.weekly_rest') = 'compliance.weekly_rest'
    {%- endif %}
    inner join employees on days.employee_id = employees.employee_id and employees.weekly_rest is not null
    cross join lateral (
        select days.workday - offsets.days as date
        from generate_series(0, coalesce((employees.weekly_rest ->> 'per_days')::integer, 7) - 1) as offsets (days)
    ) as begins
    where
        begins.date >= employees.valid_from
        and begins.date < employees.valid_to
        and case
            when (employees.weekly_rest ->> 'rolling')::boolean then begins.date = days.workday
            when (employees.weekly_rest ->> 'per_days')::integer = 14
                then (begins.date - (employees.weekly_rest ->> 'anchor_date')::date) % 14 = 0
            else begins.date = {{ week_start('begins.date', 'employees.week_starts_on') }}
        end
),

of_windows as (
    select employee_id, workweek, date, rule, 'compliance.' || rule as parameter from chained
    union all
    select employee_id, workweek, date, 'weekly_rest', 'compliance.weekly_rest' from periods
),

of_rests as (
    select shifts.employee_id, shifts.workweek, shifts.workday as date, 'daily_rest' as rule, 'compliance.daily_rest' as parameter
    from shifts
    inner join employees
        on shifts.employee_id = employees.employee_id and shifts.workday >= employees.valid_from and shifts.workday < employees.valid_to
    where
        employees.daily_rest is not null
        and {{ is_touched_finding('shifts', "'compliance.daily_rest'") }}
        and (
            shifts.rest_before_seconds is not null
            or exists (
                select from shifts as earlier
                where earlier.employee_id = shifts.employee_id and earlier.started_at < shifts.started_at
            )
        )
),

expected as (
    select employee_id, date, rule, count(*) as answers
    from (
        select * from of_shifts
        union all
        select * from of_days
        union all
        select * from of_weeks
        union all
        select of_windows.* from of_windows where {{ is_touched_finding('of_windows', 'of_windows.parameter') }}
        union all
        select * from of_rests
    ) as cells
    group by employee_id, date, rule
),

found as (
    select findings.employee_id, findings.date, findings.rule, count(*) as answers
    from {{ ref('fct_findings') }} as findings
    where {{ is_touched('findings', 'int_touched_findings') }} and {{ is_touched_finding('findings', 'findings.parameter') }}
    group by findings.employee_id, findings.date, findings.rule
)

select employee_id, date, rule, expected.answers as expected, found.answers as found
from expected
full outer join found using (employee_id, date, rule)
where expected.answers is distinct from found.answers
