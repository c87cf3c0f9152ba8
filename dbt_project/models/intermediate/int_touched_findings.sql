-- The cells of findings that this run replaces: every rule of the touched weeks, and one rule alone (`parameter`) in weeks
-- whose punches did not change but whose answer may: a window that reaches into a touched week, a run of days that goes on
-- after it, a rest that makes good an earlier one, and what time has decided. None of them reads punches again.
{{ config(post_hook=["create index on {{ this }} (employee_id, workweek)", "analyze {{ this }}"]) }}
{% if full_run() %}
select null::text as employee_id, null::date as workweek, null::text as parameter where false
{% else %}
with runs as (select * from {{ ref('stg_runs') }}),

cells as (select employee_id, workweek from {{ ref('int_touched_weeks') }}),

stretches as (
    select joined.employee_id, lower(joined.days) as from_day, upper(joined.days) - 1 as to_day
    from (
        select employee_id, unnest(range_agg(daterange(workweek, workweek + 7))) as days
        from cells
        group by employee_id
    ) as joined
),

-- Days of leave that leave a window move its end: by no more than these, and as many days of leave after the window again.
leave_days as (
    select employee_id, sum(last_day - first_day + 1) as days
    from {{ ref('stg_leave_versions') }}
    where first_day is not null and employee_id in (select cells.employee_id from cells)
    group by employee_id
),

-- How many days before and after a touched day findings of a rule may change. Of an average over windows that begin with
-- every week and end where they are planned to, only the windows that are over: the others are pending before and after,
-- unless days to come are touched, on whose zone their end depends.
reaches as (
    select
        employees.employee_id,
        rules.parameter,
        max(rules.days_before) as days_before,
        max(rules.days_after) as days_after,
        case when bool_and(rules.days_to_settle is not null) then min(rules.days_to_settle) end as days_to_settle,
        bool_or(rules.follow_each_other) as follow_each_other
    from {{ ref('int_employees') }} as employees
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    left join leave_days on employees.employee_id = leave_days.employee_id
    cross join lateral (
        select
            'compliance.daily_rest' as parameter,
            (sets.daily_rest ->> 'compensate_within_days')::integer + 1 as days_before,
            0 as days_after,
            null::integer as days_to_settle,
            false as follow_each_other
        union all
        select
            'compliance.weekly_rest', coalesce((sets.weekly_rest ->> 'per_days')::integer, 7),
            ceil(sets.max_shift_seconds / 86400.0)::integer, null, false
        where sets.weekly_rest is not null
        union all
        select 'compliance.consecutive_days', 0, 0, null, false
        where sets.consecutive_days is not null
        union all
        select
            averages.parameter,
            averages.window_days + case
                when averages.leave_excluded
                    then least(366, 7 * ceil(2.0 * coalesce(leave_days.days, 0) / averages.working_days_per_week) + 7)::integer
                else 0
            end,
            0,
            case when averages.rolling and not averages.leave_excluded then averages.window_days end,
            not averages.rolling
        from (
            select
                listed.parameter,
                7 * (listed.rule ->> 'weeks')::integer as window_days,
                coalesce((listed.rule ->> 'rolling')::boolean, true) as rolling,
                coalesce((listed.rule ->> 'leave_excluded')::boolean, false) as leave_excluded,
                coalesce((listed.rule ->> 'working_days_per_week')::integer, 7) as working_days_per_week
            from (
                values ('compliance.average_week', sets.average_week), ('compliance.average_day', sets.average_day)
            ) as listed (parameter, rule)
            where listed.rule is not null
        ) as averages
    ) as rules
    where rules.days_before is not null and employees.employee_id in (select cells.employee_id from cells)
    group by employees.employee_id, rules.parameter
),

windows as (
    select
        stretches.employee_id,
        reaches.parameter,
        -- The rest before the first worked shift that is touched began with the end of the one before it.
        least(stretches.from_day, shift_before.workday) - reaches.days_before as from_day,
        least(
            greatest(stretches.to_day, run_after.workday, days_after.workday) + reaches.days_after,
            case when stretches.to_day <= today.date + 6 then today.date + 1 - reaches.days_to_settle end
        ) as to_day
    from stretches
    inner join reaches on stretches.employee_id = reaches.employee_id
    cross join (select (now_at at time zone 'UTC')::date as date from runs) as today
    left join lateral (
        select old.workday
        from {{ existing('marts', 'fct_worked_shifts') }} as old
        where
            reaches.parameter = 'compliance.daily_rest'
            and old.employee_id = stretches.employee_id
            and old.started_at < {{ utc_instant('(stretches.from_day + 1)::text') }}
            and old.workday < stretches.from_day
        order by old.started_at desc
        limit 1
    ) as shift_before on true
    -- Where the run of worked days after the stretch ends.
    left join lateral (
        select old.workday
        from {{ existing('intermediate', 'int_compliance_days') }} as old
        where
            reaches.parameter = 'compliance.consecutive_days'
            and old.employee_id = stretches.employee_id
            and old.workday > stretches.to_day
            and not exists (
                select from {{ existing('intermediate', 'int_compliance_days') }} as following
                where following.employee_id = old.employee_id and following.workday = old.workday + 1
            )
        order by old.workday
        limit 1
    ) as run_after on true
    -- Windows that follow each other are counted from the first week with work: a new first week moves them all.
    left join lateral (
        select max(old.workday) as workday
        from {{ existing('intermediate', 'int_compliance_days') }} as old
        where reaches.follow_each_other and old.employee_id = stretches.employee_id
        having min(old.workday) >= stretches.from_day
    ) as days_after on true
)

select employee_id, workweek, null as parameter
from cells
union
select windows.employee_id, {{ week_start('dates.date::date', 'sets.week_starts_on') }}, windows.parameter
from windows
cross join lateral generate_series(windows.from_day::timestamp, windows.to_day::timestamp, interval '1 day') as dates (date)
inner join {{ ref('int_employees') }} as employees
    on windows.employee_id = employees.employee_id and dates.date >= employees.valid_from and dates.date < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
union
select old.employee_id, old.workweek, old.parameter
from windows
inner join {{ existing('marts', 'fct_findings') }} as old
    on
        windows.employee_id = old.employee_id
        and windows.parameter = old.parameter
        and old.workweek between windows.from_day - 6 and windows.to_day
        and old.date between windows.from_day and windows.to_day
union
select employee_id, workweek, parameter
from {{ existing('marts', 'fct_findings') }}
where changes_at <= (select now_at from runs)
{% endif %}
