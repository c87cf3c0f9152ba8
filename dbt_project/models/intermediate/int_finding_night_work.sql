-- compliance.night_work: work inside a window of the local clock. A window that ends in a repeated hour runs to its second
-- pass.
with windows as (
    select
        set_key,
        {{ clock_to_seconds("night_work ->> 'from'") }} as starts_seconds,
        {{ clock_to_seconds("night_work ->> 'to'") }}
        + case
            when {{ clock_to_seconds("night_work ->> 'to'") }} <= {{ clock_to_seconds("night_work ->> 'from'") }} then 86400 else 0
        end as ends_seconds,
        {{ minutes_to_seconds("night_work ->> 'night_worker_from_minutes'") }} as from_seconds,
        {{ minutes_to_seconds("night_work ->> 'night_worker_over_minutes'") }} as over_seconds,
        {{ minutes_to_seconds("night_work ->> 'daily_max_minutes'") }} as limit_seconds
    from {{ ref('int_parameter_sets') }}
    where night_work is not null
),

work as (
    select work.*
    from {{ ref('int_compliance_work') }} as work
    where work.set_key in (select windows.set_key from windows) and {{ is_touched('work') }}
),

-- The nights that each piece of work may reach into: that which begins on its date, and the one before.
candidates as (
    select
        local_dates.*,
        local_dates.first_date + generate_series(0, local_dates.last_date - local_dates.first_date) as date
    from (
        select
            work.*,
            {{ local_time('work.from_at', 'work.time_zone') }}::date - 1 as first_date,
            {{ local_time('work.to_at', 'work.time_zone') }}::date as last_date
        from work
    ) as local_dates
),

-- Looked up once for all who work in a zone.
nights as (
    select
        dates.set_key,
        dates.time_zone,
        dates.date,
        {{ fn('local_instant') }}({{ plus_seconds('dates.date', 'windows.starts_seconds') }}, dates.time_zone) as from_at,
        {{ fn('last_local_instant') }}({{ plus_seconds('dates.date', 'windows.ends_seconds') }}, dates.time_zone) as to_at
    from (select distinct set_key, time_zone, date from candidates) as dates
    inner join windows on dates.set_key = windows.set_key
),

days as (
    select employee_id, workweek, workday, set_key, sum(seconds)::bigint as day_seconds, sum(inside_seconds)::bigint as inside_seconds
    from (
        select employee_id, workweek, workday, set_key, {{ seconds_between('from_at', 'to_at') }} as seconds, 0 as inside_seconds
        from work
        union all
        select
            candidates.employee_id,
            candidates.workweek,
            candidates.workday,
            candidates.set_key,
            0,
            {{ seconds_between('greatest(candidates.from_at, nights.from_at)', 'least(candidates.to_at, nights.to_at)') }}
        from candidates
        inner join nights
            on
                candidates.set_key = nights.set_key
                and candidates.time_zone = nights.time_zone
                and candidates.date = nights.date
                and candidates.from_at < nights.to_at
                and candidates.to_at > nights.from_at
    ) as parts
    group by employee_id, workweek, workday, set_key
),

answered as (
    select
        days.*,
        coalesce(windows.over_seconds, windows.from_seconds) as threshold_seconds,
        case
            when not coalesce(days.inside_seconds > windows.over_seconds, days.inside_seconds >= windows.from_seconds) then 'not_applicable'
            when days.day_seconds > windows.limit_seconds then 'violated'
            else 'satisfied'
        end as status
    from days
    inner join windows on days.set_key = windows.set_key
)

select
    employee_id,
    workweek,
    workday as date,
    'night_work' as rule,
    'compliance.night_work' as parameter,
    set_key,
    status,
    case when status = 'violated' then 'exceeded' end as reason,
    threshold_seconds as required_seconds,
    inside_seconds as actual_seconds,
    null as worked_shift_id,
    null::timestamptz as changes_at
from answered
