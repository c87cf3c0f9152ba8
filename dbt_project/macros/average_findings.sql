{#
    Findings of `compliance.average_week` and `compliance.average_day`: work of a window of weeks, divided by its weeks or
    its working days. A window begins with each week that has work, or windows follow each other from the first such week.
    Days of leave leave the window, and as many working days after it are added. Pending until the window is over.

    Working days are the first days of the workweek, as many as the rule says, else every day; `average_day` then divides by
    the days with work.
#}
{% macro average_findings(rule) %}
with days as not materialized (select * from {{ ref('int_compliance_days') }}),

ruled_employees as (
    select employees.employee_id, bool_or(not (sets.{{ rule }} ->> 'rolling')::boolean) as follow_each_other
    from {{ ref('int_employees') }} as employees
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.{{ rule }} is not null
    group by employees.employee_id
),

first_weeks as (
    select employee_id, min(workweek) as first_week, max(workweek) as last_week
    from days
    where employee_id in (select ruled_employees.employee_id from ruled_employees where ruled_employees.follow_each_other)
    group by employee_id
),

-- Every date on which a window may begin.
dates as (
    {%- if full_run() %}
    select employee_id, workweek as first_day
    from days
    where employee_id in (select ruled_employees.employee_id from ruled_employees)
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
    select ruled.*, case when ruled.is_leave_excluded then away.days end as away_days, away.day_count as away_day_count
    from ruled
    left join first_weeks on ruled.employee_id = first_weeks.employee_id
    cross join lateral ({{ leave_days_of('ruled') }}) as away
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
        from unnest(windows.away_days * datemultirange(daterange(windows.first_day, windows.planned_end))) as absence (span)
        cross join lateral generate_series(lower(absence.span)::timestamp, upper(absence.span) - interval '1 day', interval '1 day') as dates (date)
        where {{ is_working_day('dates.date::date', 'windows') }}
    ) as lost on true
    left join lateral (
        select max(following.workday) as last_day
        from (
            select dates.date::date as workday
            from generate_series(
                windows.planned_end::timestamp,
                -- A week has a working day at least. Who is on leave for a year has no more days to add.
                windows.planned_end + least(7 * (lost.days + windows.away_day_count), 365)::integer * interval '1 day',
                interval '1 day'
            ) as dates (date)
            where {{ is_working_day('dates.date::date', 'windows') }} and not dates.date::date <@ windows.away_days
            order by dates.date
            limit lost.days
        ) as following
    ) as added on lost.days > 0
),

-- What was worked before each date on which a window that is over begins or was planned to end, from the first on: the work
-- of a window is a difference of two of these, and each day is read once for all of them.
marks as (
    select employee_id, first_day as date from ended where ends_at <= now_at
    union
    select employee_id, planned_end from ended where ends_at <= now_at
),

read_days as (
    select days.employee_id, days.workday, days.raw_worked_seconds, coalesce(days.workday <@ away.days, false) as is_leave
    from (select employee_id, min(date) as from_day, max(date) as to_day from marks group by employee_id) as spans
    cross join lateral ({{ leave_days_of('spans') }}) as away
    inner join days on spans.employee_id = days.employee_id and days.workday >= spans.from_day and days.workday < spans.to_day
),

sums as (
    select
        employee_id,
        date,
        is_mark,
        coalesce(sum(seconds) over so_far, 0) as seconds,
        coalesce(sum(seconds) filter (where not is_leave) over so_far, 0) as present_seconds,
        count(*) filter (where not is_mark) over so_far as days,
        count(*) filter (where not is_mark and not is_leave) over so_far as present_days
    from (
        select employee_id, workday as date, raw_worked_seconds as seconds, is_leave, false as is_mark from read_days
        union all
        select employee_id, date, 0, false, true from marks
    ) as in_time
    -- A mark comes before the day that begins there.
    window so_far as (partition by employee_id order by date, is_mark desc rows between unbounded preceding and current row)
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
    left join sums as at_begin
        on ended.employee_id = at_begin.employee_id and ended.first_day = at_begin.date and at_begin.is_mark and ended.ends_at <= ended.now_at
    left join sums as at_end
        on ended.employee_id = at_end.employee_id and ended.planned_end = at_end.date and at_end.is_mark and ended.ends_at <= ended.now_at
    -- The days that were added.
    left join lateral (
        select coalesce(sum(days.raw_worked_seconds), 0) as seconds, count(*) as days
        from days
        where
            days.employee_id = ended.employee_id
            and days.workday >= ended.planned_end
            and days.workday < ended.end_day
            and ended.end_day > ended.planned_end
            and ended.ends_at <= ended.now_at
            and {{ is_working_day('days.workday', 'ended') }}
            and not days.workday <@ ended.away_days
    ) as later on true
    cross join lateral (
        select
            case when ended.is_leave_excluded then at_end.present_seconds - at_begin.present_seconds else at_end.seconds - at_begin.seconds end
            + later.seconds as seconds,
            case when ended.is_leave_excluded then at_end.present_days - at_begin.present_days else at_end.days - at_begin.days end
            + later.days as days
    ) as work
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

{# The days on which an employee is on leave, and how many at most: one row, found by index for each row of a relation. #}
{% macro leave_days_of(relation) -%}
    select range_agg(daterange(leaves.first_day, leaves.last_day, '[]')) as days, sum(leaves.last_day - leaves.first_day + 1) as day_count
    from {{ ref('int_leave') }} as leaves
    where leaves.employee_id = {{ relation }}.employee_id and leaves.first_day <= leaves.last_day
{%- endmacro %}
