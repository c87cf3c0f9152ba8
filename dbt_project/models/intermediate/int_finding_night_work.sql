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

days as (
    select
        work.employee_id,
        work.workweek,
        work.workday,
        work.set_key,
        sum({{ seconds_between('work.from_at', 'work.to_at') }})::bigint as day_seconds,
        sum(inside.seconds)::bigint as inside_seconds
    from work
    inner join windows on work.set_key = windows.set_key
    cross join lateral (
        select coalesce(sum(greatest({{ seconds_between('nights.from_at', 'nights.to_at') }}, 0)), 0) as seconds
        from (
            select
                greatest(
                    work.from_at,
                    {{ fn('local_instant') }}({{ plus_seconds('dates.date', 'windows.starts_seconds') }}, work.time_zone)
                ) as from_at,
                least(
                    work.to_at,
                    {{ fn('last_local_instant') }}({{ plus_seconds('dates.date', 'windows.ends_seconds') }}, work.time_zone)
                ) as to_at
            from generate_series(
                {{ local_time('work.from_at', 'work.time_zone') }}::date - interval '1 day',
                {{ local_time('work.to_at', 'work.time_zone') }}::date,
                interval '1 day'
            ) as dates (date)
        ) as nights
    ) as inside
    group by work.employee_id, work.workweek, work.workday, work.set_key
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
