-- Scheduled shifts of the working set: the workday each belongs to, the window in which punches may match it, and the
-- time that is to be worked: its length less unpaid breaks and leave (`net`).
{{ config(post_hook=["create index on {{ this }} (employee_id, window_start)", "analyze {{ this }}"]) }}

with shifts as (select * from {{ ref('int_present_shifts') }} where is_sound),

placed as (
    select
        shifts.shift_id,
        shifts.employee_id,
        shifts.starts_at,
        shifts.ends_at,
        (
            select range_agg(tstzrange(pauses.starts_at, pauses.ends_at))
            from jsonb_array_elements(case when jsonb_typeof(shifts.breaks) = 'array' then shifts.breaks else '[]' end) as pause
            cross join lateral (
                select (pause.value ->> 'start')::timestamptz as starts_at, (pause.value ->> 'end')::timestamptz as ends_at
            ) as pauses
            where not coalesce((pause.value ->> 'paid')::boolean, false) and pauses.starts_at < pauses.ends_at
        ) as unpaid_breaks,
        coalesce(shifts.site_id, employees.site_id) as site_id,
        coalesce(sites.time_zone, employees.time_zone, 'UTC') as time_zone,
        employees.now_at,
        sets.attribution,
        sets.day_starts_seconds
    from shifts
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and shifts.starts_at >= employees.starts_at
            and shifts.starts_at < employees.ends_at
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    left join {{ ref('stg_sites') }} as sites on shifts.site_id = sites.site_id
),

dated as (
    select
        placed.*,
        {{ attributed_workday('attribution', 'starts_at', 'ends_at', 'tstzmultirange(tstzrange(starts_at, ends_at))', 'day_starts_seconds', 'time_zone') }} as workday,
        {{ fn('workday_of') }}(placed.starts_at, placed.day_starts_seconds, placed.time_zone) as start_day
    from placed
),

ruled as (
    select
        dated.*,
        employees.set_key,
        employees.policy,
        {{ week_start('dated.workday', 'sets.week_starts_on') }} as workweek,
        sets.trims_windows,
        dated.starts_at - sets.early_window_seconds * interval '1 second' as early_start,
        dated.ends_at + sets.late_window_seconds * interval '1 second' as late_end,
        lag(dated.ends_at) over by_start as previous_end,
        max(dated.ends_at) over (
            partition by dated.employee_id order by dated.starts_at, dated.ends_at, dated.shift_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from dated
    inner join {{ ref('int_employees') }} as employees
        on dated.employee_id = employees.employee_id and dated.workday >= employees.valid_from and dated.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    window by_start as (partition by dated.employee_id order by dated.starts_at, dated.ends_at, dated.shift_id)
),

trimmed as (
    select
        *,
        case
            when trims_windows and previous_end is not null then greatest(early_start, least(previous_end, starts_at))
            else early_start
        end as window_start
    from ruled
),

windowed as (
    select
        *,
        case
            when trims_windows
                then greatest(ends_at, least(late_end, lead(window_start) over (partition by employee_id order by starts_at, ends_at, shift_id)))
            else late_end
        end as window_end
    from trimmed
),

absences as (
    select
        employee_id,
        range_agg(daterange(first_day, last_day, '[]')) filter (where first_day <= last_day) as days,
        range_agg(tstzrange(starts_at, ends_at)) filter (where first_day is null) as hours
    from {{ ref('int_leave') }}
    group by employee_id
),

away as (
    select
        windowed.*,
        coalesce(absences.hours, '{}')
        + case when windowed.workday <@ absences.days then tstzmultirange(tstzrange(windowed.starts_at, windowed.ends_at)) else '{}' end
            as leave_time
    from windowed
    left join absences on windowed.employee_id = absences.employee_id
)

select
    away.shift_id,
    away.employee_id,
    away.workweek,
    away.workday,
    away.start_day,
    away.starts_at,
    away.ends_at,
    away.window_start,
    away.window_end,
    away.site_id,
    away.time_zone,
    away.set_key,
    away.policy,
    away.attribution,
    away.day_starts_seconds,
    away.now_at,
    coalesce(away.latest_end_before > away.starts_at, false) as overlaps_earlier,
    coalesce(away.unpaid_breaks, '{}') as unpaid_breaks,
    tstzmultirange(tstzrange(away.starts_at, away.ends_at))
    - coalesce(away.unpaid_breaks, '{}') - away.leave_time as net,
    tstzmultirange(tstzrange(away.starts_at, away.ends_at)) <@ away.leave_time as is_on_leave,
    exists (
        select from {{ ref('stg_holidays') }} as holidays
        where holidays.site_id = away.site_id and holidays.holiday = away.workday
    ) as is_holiday
from away
