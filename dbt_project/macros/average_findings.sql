{#
    Findings of `compliance.average_week` and `compliance.average_day`: work of a window of weeks, divided by its weeks or
    its working days. A window begins with each week that has work, or windows follow each other from the first such week.
    Days of leave leave the window, and as many working days after it are added. Pending until the window is over.

    Working days are the first days of the workweek, as many as the rule says, else every day; `average_day` then divides by
    the days with work.
#}
{% macro average_findings(rule) %}
with days as not materialized (select * from {{ ref('int_compliance_days') }}),

leave_days as (
    select distinct leaves.employee_id, dates.date::date as leave_day
    from {{ ref('int_leave') }} as leaves
    cross join lateral generate_series(leaves.first_day::timestamp, leaves.last_day::timestamp, interval '1 day') as dates (date)
    where leaves.first_day is not null
),

first_weeks as (
    select employee_id, min(workweek) as first_week, max(workweek) as last_week
    from days
    where
        employee_id in (
            select employees.employee_id
            from {{ ref('int_employees') }} as employees
            inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
            where not (sets.{{ rule }} ->> 'rolling')::boolean
        )
    group by employee_id
),

-- Every date on which a window may begin.
dates as (
    {%- if full_run() %}
    select employee_id, workweek as first_day from days
    union
    select first_weeks.employee_id, weeks.date::date
    from first_weeks
    cross join lateral generate_series(first_weeks.first_week::timestamp, first_weeks.last_week::timestamp, interval '7 days') as weeks (date)
    {%- else %}
    select distinct employee_id, workweek as first_day
    from {{ ref('int_touched_findings') }}
    where coalesce(parameter, 'compliance.{{ rule }}') = 'compliance.{{ rule }}'
    {%- endif %}
),

ruled as (
    select
        dates.employee_id,
        dates.first_day,
        employees.set_key,
        employees.now_at,
        sets.week_starts_on,
        {{ week_start('dates.first_day', 'sets.week_starts_on') }} as workweek,
        {{ minutes_to_seconds("sets." ~ rule ~ " ->> 'minutes'") }} as limit_seconds,
        (sets.{{ rule }} ->> 'weeks')::integer as weeks,
        dates.first_day + 7 * (sets.{{ rule }} ->> 'weeks')::integer as planned_end,
        coalesce((sets.{{ rule }} ->> 'rolling')::boolean, true) as is_rolling,
        (sets.{{ rule }} ->> 'working_days_per_week')::integer as working_days_per_week,
        coalesce((sets.{{ rule }} ->> 'leave_excluded')::boolean, false) as is_leave_excluded
    from dates
    inner join {{ ref('int_employees') }} as employees
        on dates.employee_id = employees.employee_id and dates.first_day >= employees.valid_from and dates.first_day < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.{{ rule }} is not null
),

windows as (
    select ruled.*
    from ruled
    left join first_weeks on ruled.employee_id = first_weeks.employee_id
    where
        case
            when ruled.is_rolling
                then exists (select from days where days.employee_id = ruled.employee_id and days.workweek = ruled.first_day)
            else
                (ruled.first_day - first_weeks.first_week) % (7 * ruled.weeks) = 0
                and exists (
                    select from days
                    where
                        days.employee_id = ruled.employee_id
                        and days.workday >= ruled.first_day
                        and days.workday < ruled.planned_end
                )
        end
),

ended as (
    select
        windows.*,
        greatest(windows.planned_end, added.last_day + 1) as end_day,
        {{ workday_begin('windows.employee_id', 'greatest(windows.planned_end, added.last_day + 1)') }} as ends_at
    from windows
    left join lateral (
        select count(*) as days
        from leave_days
        where
            windows.is_leave_excluded
            and leave_days.employee_id = windows.employee_id
            and leave_days.leave_day >= windows.first_day
            and leave_days.leave_day < windows.planned_end
            and {{ is_working_day('leave_days.leave_day', 'windows') }}
    ) as lost on true
    left join lateral (
        select max(following.workday) as last_day
        from (
            select dates.date::date as workday
            -- Who is on leave for a year has no more days to add.
            from generate_series(windows.planned_end::timestamp, windows.planned_end + interval '365 days', interval '1 day') as dates (date)
            where
                {{ is_working_day('dates.date::date', 'windows') }}
                and not exists (
                    select from leave_days
                    where leave_days.employee_id = windows.employee_id and leave_days.leave_day = dates.date::date
                )
            order by dates.date
            limit lost.days
        ) as following
    ) as added on lost.days > 0
),

measured as (
    select
        ended.*,
        work.seconds,
        {% if rule == 'average_week' -%}
        ended.weeks as divisor
        {%- else -%}
        coalesce(ended.weeks * ended.working_days_per_week, greatest(work.days, 1)) as divisor
        {%- endif %}
    from ended
    left join lateral (
        select coalesce(sum(days.raw_worked_seconds), 0) as seconds, count(*) as days
        from days
        where
            days.employee_id = ended.employee_id
            and days.workday >= ended.first_day
            and days.workday < ended.end_day
            and (days.workday < ended.planned_end or {{ is_working_day('days.workday', 'ended') }})
            and not (
                ended.is_leave_excluded
                and exists (
                    select from leave_days
                    where leave_days.employee_id = days.employee_id and leave_days.leave_day = days.workday
                )
            )
    ) as work on ended.ends_at <= ended.now_at
),

answered as (
    select
        *,
        case
            when seconds is null then 'pending'
            when seconds > limit_seconds * divisor then 'violated'
            else 'satisfied'
        end as status
    from measured
)

select
    employee_id,
    workweek,
    first_day as date,
    '{{ rule }}' as rule,
    'compliance.{{ rule }}' as parameter,
    set_key,
    status,
    case when status = 'violated' then 'exceeded' end as reason,
    case when status <> 'pending' then limit_seconds end as required_seconds,
    seconds::numeric / divisor as actual_seconds,
    null as worked_shift_id,
    case when status = 'pending' then ends_at end as changes_at
from answered
{% endmacro %}

{# Whether a date is a working day of the rule of a window. #}
{% macro is_working_day(day, window) -%}
    coalesce({{ day }} - {{ week_start(day, window ~ '.week_starts_on') }} < {{ window }}.working_days_per_week, true)
{%- endmacro %}
