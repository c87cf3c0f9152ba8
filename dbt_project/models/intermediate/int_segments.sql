-- The time between two consecutive used punches of a worked shift, raw and rounded: work, break (a gap between two
-- sessions is one), off, or uncertain where a punch is missing. Says of each break whether it is paid.
{{ config(post_hook=["create index on {{ this }} (worked_shift_id)", "analyze {{ this }}"]) }}

with shifts as (select * from {{ ref('int_worked_shifts') }}),

punches as (select * from {{ ref('int_punches') }} where taken_as is not null),

points as (
    select worked_shift_id, step, at, taken_as, event_id, session_id, begins_session, break_type, counts
    from punches
    union all
    -- The clock_out that the policy supplies where a session stays open.
    select worked_shift_id, last_step + 1, closed_at, 'clock_out', null, last_session_id, false, null, true
    from shifts
    where closed_at is not null
),

ruled as (
    select
        points.*,
        shifts.employee_id,
        shifts.workweek,
        shifts.workday,
        shifts.set_key,
        shifts.site_id,
        shifts.time_zone,
        sets.counts_first_to_last,
        -- What counts of a shift: sessions with both ends.
        points.counts
        and (points.session_id is null or not (shifts.is_open and shifts.closed_at is null and points.session_id = shifts.last_session_id))
            as session_counts,
        coalesce(shifts.closed_at, shifts.last_out_at) as last_out_at,
        min(points.at) filter (where points.begins_session) over shift_points as first_in_at,
        {{ rounded_point('points', 'shifts', 'sets') }} as rounded_at
    from points
    inner join shifts on points.worked_shift_id = shifts.worked_shift_id
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    window shift_points as (partition by points.worked_shift_id)
),

-- A rounded interval never becomes negative nor overlaps the one before: later points are not earlier than earlier ones.
ordered as (
    select
        *,
        max(rounded_at) over (partition by worked_shift_id order by step) as rounded_start,
        min(at) filter (where begins_session and session_counts) over whole_shift as first_counted_in_at,
        max(at) filter (where taken_as = 'clock_out' and session_id is not null and session_counts) over whole_shift as last_counted_out_at
    from ruled
    window whole_shift as (partition by worked_shift_id)
),

spans as (
    select
        *,
        lead(at) over following as ended_at,
        lead(rounded_start) over following as rounded_end,
        lead(taken_as) over following as next_taken_as,
        lead(event_id) over following as end_event_id
    from ordered
    window following as (partition by worked_shift_id order by step)
),

kinds as (
    select
        *,
        case
            when counts_first_to_last and at >= first_in_at and ended_at <= last_out_at
                then case when taken_as = 'break_start' and session_counts then 'break' else 'work' end
            when taken_as = 'clock_out' and next_taken_as = 'clock_out' then 'uncertain'
            when taken_as = 'clock_out'
                then case when at >= first_counted_in_at and ended_at <= last_counted_out_at then 'break' else 'off' end
            when not session_counts then 'uncertain'
            when taken_as = 'break_start' then 'break'
            else 'work'
        end as kind,
        taken_as = 'clock_out' as is_gap
    from spans
    where not (taken_as = 'clock_out' and ended_at is null)
),

typed as (
    select
        kinds.*,
        case when kinds.kind = 'break' then coalesce(case when not kinds.is_gap then kinds.break_type end, 'meal') end as type_of_break,
        coalesce({{ seconds_between('kinds.at', 'kinds.ended_at') }}, 0) as seconds,
        sum({{ seconds_between('kinds.at', 'kinds.ended_at') }})
            filter (where kinds.kind in ('work', 'break')) over (partition by kinds.worked_shift_id) as duty_seconds
    from kinds
)

select
    typed.employee_id,
    typed.workweek,
    typed.workday,
    typed.worked_shift_id,
    typed.session_id,
    typed.step,
    typed.event_id as start_event_id,
    typed.end_event_id,
    coalesce(typed.event_id::text, typed.worked_shift_id || '+') as segment_id,
    typed.kind,
    typed.type_of_break as break_type,
    typed.is_gap,
    typed.session_counts,
    typed.taken_as = 'clock_in' or typed.begins_session as begins_session,
    typed.next_taken_as = 'clock_out' as ends_session,
    typed.at as started_at,
    typed.ended_at,
    typed.seconds,
    typed.rounded_start,
    coalesce(typed.rounded_end, typed.rounded_start) as rounded_end,
    case
        when typed.kind <> 'break' then null
        when typed.counts_first_to_last then 'work'
        when typed.seconds < sets.minimum_counted_seconds then 'work'
        when typed.type_of_break = 'sleep' and sets.sleep_min_duty_seconds is not null
            then case
                when typed.duty_seconds >= sets.sleep_min_duty_seconds and typed.seconds >= sets.sleep_min_seconds then 'unpaid'
                else 'work'
            end
        when typed.type_of_break = 'rest' and sets.rest_paid_up_to_seconds is not null
            then case when typed.seconds <= sets.rest_paid_up_to_seconds then 'paid' else 'unpaid' end
        when typed.type_of_break = 'meal' and sets.meal_unpaid_from_seconds is not null
            then case when typed.seconds >= sets.meal_unpaid_from_seconds then 'unpaid' else 'paid' end
        when sets.paid_types ? typed.type_of_break then 'paid'
        else 'unpaid'
    end as treated_as,
    typed.set_key,
    typed.site_id,
    typed.time_zone
from typed
inner join {{ ref('int_parameter_sets') }} as sets on typed.set_key = sets.set_key
