-- The time between two consecutive used punches of a worked shift, raw and rounded: work, break (a gap between two
-- sessions is one), off, or uncertain where a punch is missing. Says of each break whether it is paid.
{{ config(post_hook=["create index on {{ this }} (worked_shift_id)", "analyze {{ this }}"]) }}

with shifts as (select * from {{ ref('int_worked_shifts') }}),

sets as (select * from {{ ref('int_parameter_sets') }}),

segments as (
    {{ punched_segments('shifts', ['workweek', 'workday', 'site_id', 'time_zone', 'matched_shift_start', 'matched_shift_end']) }}
),

rounded as (
    select
        segments.*,
        {{ rounded_point('segments', 'segments', 'sets') }} as rounded_at,
        segments.kind in ('work', 'break') or lag(segments.kind) over following in ('work', 'break') as ends_presence
    from segments
    inner join sets on segments.set_key = sets.set_key
    window following as (partition by segments.employee_id, segments.first_at, segments.worked_shift_id order by segments.step)
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
    {{ break_treatment('typed', 'sets') }} as treated_as,
    typed.set_key,
    typed.site_id,
    typed.time_zone
from typed
inner join sets on typed.set_key = sets.set_key
where typed.kind is not null
