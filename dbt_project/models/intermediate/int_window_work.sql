-- Worked time inside the windows of overtime.windows and premium.windows, on the local clock and by the holidays of the
-- site of the work. A window begins on a local date; one that ends in a repeated hour runs to its second pass.
with sets as (select * from {{ ref('int_parameter_sets') }}),

windows as (
    select
        lists.set_key,
        lists.parameter,
        entry.entry_number,
        entry.value ->> 'pay_code' as pay_code,
        {{ clock_to_seconds("entry.value ->> 'from'") }} as starts_seconds,
        {{ clock_to_seconds("entry.value ->> 'to'") }}
        + case
            when {{ clock_to_seconds("entry.value ->> 'to'") }} <= {{ clock_to_seconds("entry.value ->> 'from'") }} then 86400 else 0
        end as ends_seconds,
        entry.value -> 'days' as days,
        (entry.value ->> 'holidays')::boolean as on_holidays,
        coalesce((entry.value ->> 'outside_schedule')::boolean, false) as is_outside_schedule,
        coalesce({{ minutes_to_seconds("entry.value ->> 'minimum_minutes'") }}, 0) as minimum_seconds,
        coalesce({{ minutes_to_seconds("entry.value ->> 'after_worked_minutes'") }}, 0) as after_worked_seconds
    from (
        select set_key, 'overtime.windows' as parameter, overtime_windows as entries from sets
        union all
        select set_key, 'premium.windows', premium_windows from sets
    ) as lists
    cross join lateral jsonb_array_elements(lists.entries) with ordinality as entry (value, entry_number)
    where lists.entries is not null
),

pieces as (
    select employee_id, workweek, workday, set_key, segment_id, source, site_id, time_zone, from_at, to_at, day_from
    from {{ ref('int_pieces') }}
    where is_worked and set_key in (select windows.set_key from windows)
),

occurrences as (
    select
        pieces.*,
        windows.parameter,
        windows.entry_number,
        windows.pay_code,
        windows.minimum_seconds,
        windows.after_worked_seconds,
        windows.is_outside_schedule,
        dates.date::date as window_date,
        greatest(
            pieces.from_at,
            {{ fn('local_instant') }}({{ plus_seconds('dates.date', 'windows.starts_seconds') }}, pieces.time_zone)
        ) as inside_from,
        least(
            pieces.to_at,
            {{ fn('last_local_instant') }}({{ plus_seconds('dates.date', 'windows.ends_seconds') }}, pieces.time_zone)
        ) as inside_to
    from pieces
    inner join windows on pieces.set_key = windows.set_key
    cross join lateral generate_series(
        {{ local_time('pieces.from_at', 'pieces.time_zone') }}::date - interval '1 day',
        {{ local_time('pieces.to_at', 'pieces.time_zone') }}::date,
        interval '1 day'
    ) as dates (date)
    cross join lateral (
        select
            windows.days ? (array['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'])[extract(isodow from dates.date)::int]
                as is_named,
            windows.on_holidays is not null and exists (
                select from {{ ref('stg_holidays') }} as holidays
                where holidays.site_id = pieces.site_id and holidays.holiday = dates.date::date
            ) as is_holiday
    ) as day
    -- Where the window asks for holidays and names no days, it begins on holidays alone.
    where case when day.is_holiday then windows.on_holidays else coalesce(day.is_named, windows.on_holidays is not true) end
),

planned as (
    select employee_id, range_agg(tstzrange(starts_at, ends_at)) as planned_time
    from {{ ref('int_scheduled_shifts') }}
    where
        employee_id in (
            select employees.employee_id
            from {{ ref('int_employees') }} as employees
            where employees.set_key in (select windows.set_key from windows where windows.is_outside_schedule)
        )
    group by employee_id
),

spans as (
    select occurrences.*, lower(span.span) as span_from, upper(span.span) as span_to
    from occurrences
    left join planned on occurrences.employee_id = planned.employee_id
    cross join lateral unnest(
        tstzmultirange(tstzrange(occurrences.inside_from, occurrences.inside_to))
        - case when occurrences.is_outside_schedule then coalesce(planned.planned_time, '{}') else '{}' end
    ) as span (span)
    where occurrences.inside_from < occurrences.inside_to
)

select
    employee_id,
    workweek,
    workday,
    set_key,
    parameter,
    entry_number,
    pay_code,
    window_date,
    minimum_seconds,
    after_worked_seconds,
    segment_id,
    source,
    span_from as from_at,
    span_to as to_at,
    day_from + {{ seconds_between('from_at', 'span_from') }} as day_from,
    day_from + {{ seconds_between('from_at', 'span_to') }} as day_to
from spans
