-- The time between two consecutive used punches of a worked shift, raw and rounded: work, break (a gap between two
-- sessions is one), off, or uncertain where a punch is missing. Says of each break whether it is paid.

with shifts as (select * from {{ ref('int_worked_shifts') }}),

segments as (
    {{ punched_segments(
        'shifts',
        ['workweek', 'workday', 'site_id', 'time_zone', 'matched_shift_start', 'matched_shift_end'],
        break_parameters() + [
            'round_clock_in', 'round_clock_out', 'round_break_start', 'round_break_end', 'snap_in_before_seconds', 'snap_in_after_seconds',
            'snap_out_before_seconds', 'snap_out_after_seconds'
        ]
    ) }}
),

rounded as (
    select
        segments.*,
        {{ rounded_point('segments', 'segments', 'segments') }} as rounded_at,
        segments.kind in ('work', 'break') or segments.previous_kind in ('work', 'break') as ends_presence
    from segments
),

-- A rounded interval never becomes negative nor overlaps the one before: it begins no earlier than any before it ended.
ordered as (
    select
        *,
        greatest(
            rounded_at,
            max(rounded_at) filter (where ends_presence) over (partition by employee_id order by first_at, worked_shift_id, step)
        ) as rounded_start
    from rounded
),

typed as (
    select
        *,
        lead(rounded_start) over (partition by employee_id, first_at, worked_shift_id order by step) as rounded_end
    from ordered
),

treated as (
    select
        typed.*,
        coalesce({{ seconds_between('typed.rounded_start', 'typed.rounded_end') }}, 0) as rounded_seconds,
        {{ break_treatment('typed', 'typed') }} as treated_as
    from typed
    where typed.kind is not null
),

-- A sleep is unpaid up to the limit, less the sleeps before it in the same worked shift; from then on it is work.
limited as (
    select
        *,
        coalesce(treated_as = 'unpaid' and type_of_break = 'sleep' and sleep_max_excluded_seconds is not null, false) as is_limited
    from treated
),

slept as (
    select
        *,
        case
            when is_limited
                then {{ plus_seconds('at', 'least(seconds, greatest(sleep_max_excluded_seconds - coalesce(sum(seconds) filter (where is_limited) over before_it, 0), 0))') }}
        end as sleep_until,
        case
            when is_limited
                then {{ plus_seconds('rounded_start', 'least(rounded_seconds, greatest(sleep_max_excluded_seconds - coalesce(sum(rounded_seconds) filter (where is_limited) over before_it, 0), 0))') }}
        end as rounded_sleep_until
    from limited
    window before_it as (
        partition by employee_id, first_at, worked_shift_id order by step rows between unbounded preceding and 1 preceding
    )
)

select
    part.employee_id,
    part.workweek,
    part.workday,
    part.worked_shift_id,
    part.session_id,
    -- Both parts of a sleep have a place.
    2 * part.step + part.number as step,
    part.event_id as start_event_id,
    part.end_event_id,
    coalesce(part.event_id::text, part.worked_shift_id || '+') || case part.number when 1 then '/work' else '' end as segment_id,
    part.kind,
    part.type_of_break as break_type,
    part.is_gap,
    part.session_counts,
    part.taken_as = 'clock_in' or part.begins_session as begins_session,
    part.next_taken_as = 'clock_out' as ends_session,
    case part.number when 1 then part.sleep_until else part.at end as started_at,
    case part.number when 1 then part.ended_at else coalesce(part.sleep_until, part.ended_at) end as ended_at,
    part.ended_at as punched_end_at,
    case
        when part.number = 1 then {{ seconds_between('part.sleep_until', 'part.ended_at') }}
        when part.is_limited then {{ seconds_between('part.at', 'part.sleep_until') }}
        else part.seconds
    end as seconds,
    case part.number when 1 then part.rounded_sleep_until else part.rounded_start end as rounded_start,
    case part.number when 1 then part.rounded_end else coalesce(part.rounded_sleep_until, part.rounded_end, part.rounded_start) end as rounded_end,
    case part.number when 1 then 'work' else part.treated_as end as treated_as,
    part.number = 1 as is_rest_of_sleep,
    part.set_key,
    part.site_id,
    part.time_zone
from (
    select
        slept.*,
        generate_series(
            0, case when slept.sleep_until < slept.ended_at or slept.rounded_sleep_until < slept.rounded_end then 1 else 0 end
        ) as number
    from slept
) as part
