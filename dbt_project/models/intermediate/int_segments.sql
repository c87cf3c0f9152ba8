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
),

treated as (
    select
        typed.*,
        coalesce({{ seconds_between('typed.rounded_start', 'typed.rounded_end') }}, 0) as rounded_seconds,
        {{ break_treatment('typed', 'sets') }} as treated_as,
        sets.sleep_max_excluded_seconds
    from typed
    inner join sets on typed.set_key = sets.set_key
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
    slept.employee_id,
    slept.workweek,
    slept.workday,
    slept.worked_shift_id,
    slept.session_id,
    -- Both parts of a sleep have a place.
    2 * slept.step + part.number as step,
    slept.event_id as start_event_id,
    slept.end_event_id,
    coalesce(slept.event_id::text, slept.worked_shift_id || '+') || case part.number when 1 then '/work' else '' end as segment_id,
    slept.kind,
    slept.type_of_break as break_type,
    slept.is_gap,
    slept.session_counts,
    slept.taken_as = 'clock_in' or slept.begins_session as begins_session,
    slept.next_taken_as = 'clock_out' as ends_session,
    case part.number when 1 then slept.sleep_until else slept.at end as started_at,
    case part.number when 1 then slept.ended_at else coalesce(slept.sleep_until, slept.ended_at) end as ended_at,
    slept.ended_at as punched_end_at,
    case
        when part.number = 1 then {{ seconds_between('slept.sleep_until', 'slept.ended_at') }}
        when slept.is_limited then {{ seconds_between('slept.at', 'slept.sleep_until') }}
        else slept.seconds
    end as seconds,
    case part.number when 1 then slept.rounded_sleep_until else slept.rounded_start end as rounded_start,
    case part.number when 1 then slept.rounded_end else coalesce(slept.rounded_sleep_until, slept.rounded_end, slept.rounded_start) end as rounded_end,
    case part.number when 1 then 'work' else slept.treated_as end as treated_as,
    part.number = 1 as is_rest_of_sleep,
    slept.set_key,
    slept.site_id,
    slept.time_zone
from slept
inner join (values (0), (1)) as part (number)
    on part.number = 0 or slept.sleep_until < slept.ended_at or slept.rounded_sleep_until < slept.rounded_end
