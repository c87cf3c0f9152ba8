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
        shifts.breaks,
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

paused as (
    select
        windowed.shift_id,
        range_agg(tstzrange((pause.value ->> 'start')::timestamptz, (pause.value ->> 'end')::timestamptz)) as unpaid_breaks
    from windowed
    cross join lateral jsonb_array_elements(case when jsonb_typeof(windowed.breaks) = 'array' then windowed.breaks else '[]' end) as pause
    where
        not coalesce((pause.value ->> 'paid')::boolean, false)
        and (pause.value ->> 'start')::timestamptz < (pause.value ->> 'end')::timestamptz
    group by windowed.shift_id
),

absences as (
    select
        windowed.shift_id,
        range_agg(
            case
                when leaves.first_day is null then tstzrange(leaves.starts_at, leaves.ends_at)
                else tstzrange(windowed.starts_at, windowed.ends_at)
            end
        ) as leave_time
    from windowed
    inner join {{ ref('int_leave') }} as leaves
        on
            windowed.employee_id = leaves.employee_id
            and (
                (leaves.first_day is null and leaves.starts_at < windowed.ends_at and leaves.ends_at > windowed.starts_at)
                or windowed.workday between leaves.first_day and leaves.last_day
            )
    group by windowed.shift_id
)

select
    windowed.shift_id,
    windowed.employee_id,
    windowed.workweek,
    windowed.workday,
    windowed.start_day,
    windowed.starts_at,
    windowed.ends_at,
    windowed.window_start,
    windowed.window_end,
    windowed.site_id,
    windowed.time_zone,
    windowed.set_key,
    windowed.policy,
    windowed.attribution,
    windowed.day_starts_seconds,
    windowed.now_at,
    coalesce(windowed.latest_end_before > windowed.starts_at, false) as overlaps_earlier,
    coalesce(paused.unpaid_breaks, '{}') as unpaid_breaks,
    tstzmultirange(tstzrange(windowed.starts_at, windowed.ends_at))
    - coalesce(paused.unpaid_breaks, '{}') - coalesce(absences.leave_time, '{}') as net,
    tstzmultirange(tstzrange(windowed.starts_at, windowed.ends_at)) <@ coalesce(absences.leave_time, '{}') as is_on_leave,
    exists (
        select from {{ ref('stg_holidays') }} as holidays
        where holidays.site_id = windowed.site_id and holidays.holiday = windowed.workday
    ) as is_holiday
from windowed
left join paused on windowed.shift_id = paused.shift_id
left join absences on windowed.shift_id = absences.shift_id
