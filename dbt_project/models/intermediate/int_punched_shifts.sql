-- Worked shifts as they were punched: where each begins, its last punch, the workday of its start, the scheduled shift it
-- matches, and the punch that left an open one behind. Parameters are those at its first punch.

with used as (
    select * from {{ ref('int_punches') }} where taken_as is not null
),

shifts as (
    select
        worked_shift_id,
        employee_id,
        min(at) as first_at,
        coalesce(min(at) filter (where begins_session), min(at)) as started_at,
        max(at) as last_at,
        min(set_key) filter (where begins_shift) as set_key,
        min(time_zone) filter (where begins_shift) as time_zone,
        min(site_id) filter (where begins_shift) as site_id,
        bool_or(taken_as <> 'clock_out') filter (where ends_shift) as is_open,
        max(session_id) filter (where ends_shift) as last_session_id,
        max(step) as last_step,
        count(*) filter (where begins_session) as session_count,
        max(at) filter (where taken_as = 'clock_out') as last_out_at
    from used
    group by worked_shift_id, employee_id
),

reaching as (
    select
        shifts.*,
        sets.attribution,
        sets.open_session,
        sets.max_shift_seconds,
        employees.now_at,
        {{ fn('workday_of') }}(shifts.started_at, sets.day_starts_seconds, shifts.time_zone) as start_day,
        case
            when shifts.is_open
                then greatest(
                    shifts.last_at,
                    least(employees.now_at, {{ plus_seconds('shifts.first_at', 'sets.max_shift_seconds') }})
                )
            else shifts.last_at
        end as reaches_to
    from shifts
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and shifts.started_at >= employees.starts_at
            and shifts.started_at < employees.ends_at
)

select
    reaching.*,
    scheduled.shift_id as matched_shift_id,
    scheduled.starts_at as matched_shift_start,
    scheduled.ends_at as matched_shift_end,
    -- An open session that a later punch has left behind: nearly always within days.
    case when reaching.is_open then coalesce({{ next_punch_after('reaching', 8) }}, {{ next_punch_after('reaching') }}) end as cut_at
from reaching
left join lateral (
    select
        candidates.shift_id,
        candidates.starts_at,
        candidates.ends_at,
        least(candidates.window_end, reaching.reaches_to) - greatest(candidates.window_start, reaching.started_at) as overlap
    from {{ ref('int_scheduled_shifts') }} as candidates
    where
        candidates.employee_id = reaching.employee_id
        and candidates.window_start <= reaching.reaches_to
        -- Found by the index: none earlier can reach so far.
        and candidates.window_start >= reaching.started_at - (
            select max(longest.window_end - longest.window_start) from {{ ref('int_scheduled_shifts') }} as longest
        )
        and candidates.window_end >= reaching.started_at
        and (
            (candidates.window_start < reaching.reaches_to and candidates.window_end > reaching.started_at and reaching.reaches_to > reaching.started_at)
            or (candidates.window_start <= reaching.started_at and candidates.window_end >= reaching.started_at)
        )
    order by overlap desc, candidates.starts_at, candidates.shift_id
    limit 1
) as scheduled on true
