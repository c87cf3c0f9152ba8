-- The time of worked shifts whose policy rounds their totals, deducts from them or adds to them: work and breaks with the
-- total of each session rounded, then that of the unpaid breaks. What a total adds or cuts are its last seconds.

with presence as (
    select
        segments.employee_id,
        segments.workweek,
        segments.workday,
        segments.worked_shift_id,
        segments.segment_id,
        segments.session_id,
        segments.step,
        segments.is_gap,
        segments.break_type,
        {{ kind_of_piece('segments') }} as kind,
        segments.rounded_start as from_at,
        segments.rounded_end as to_at,
        segments.set_key,
        segments.site_id,
        segments.time_zone,
        sets.round_session_total,
        sets.round_break_total
    from {{ ref('int_segments') }} as segments
    inner join {{ ref('int_parameter_sets') }} as sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break') and sets.adjusts_shifts
),

sessions as (
    select
        worked_shift_id,
        session_id,
        max(step) as last_step,
        max(to_at) as ended_at,
        {{ plus_seconds('min(from_at)', fn('round_duration') ~ '(' ~ seconds_between('min(from_at)', 'max(to_at)') ~ ', round_session_total)') }}
            as counted_to
    from presence
    where not is_gap and round_session_total is not null
    group by worked_shift_id, session_id, round_session_total
),

in_sessions as (
    select presence.*, sessions.last_step, sessions.ended_at, sessions.counted_to
    from presence
    left join sessions
        on presence.worked_shift_id = sessions.worked_shift_id and presence.session_id = sessions.session_id and not presence.is_gap
),

counted as (
    select *, null as parameter, from_at as counted_from, least(to_at, counted_to) as counted_until
    from in_sessions
    where from_at < least(to_at, counted_to)
    union all
    select *, 'rounding.session_total', ended_at, counted_to
    from in_sessions
    where step = last_step and ended_at < counted_to
),

placed as (
    select
        employee_id, workweek, workday, worked_shift_id, segment_id, session_id, is_gap, break_type, set_key, site_id, time_zone, parameter,
        case when parameter is null then kind else 'work' end as kind,
        counted_from as from_at,
        counted_until as to_at,
        {{ seconds_between('counted_from', 'counted_until') }} as seconds,
        row_number() over (partition by worked_shift_id order by step, parameter nulls first) as place
    from counted
),

break_totals as (
    select
        placed.worked_shift_id,
        {{ fn('round_duration') }}(sum(placed.seconds)::bigint, sets.round_break_total) - sum(placed.seconds)::bigint as added_seconds
    from placed
    inner join {{ ref('int_parameter_sets') }} as sets on placed.set_key = sets.set_key
    where placed.kind = 'unpaid_break' and sets.round_break_total is not null
    group by placed.worked_shift_id, sets.round_break_total
),

-- How many seconds each break can take of the work right after it, or give to it.
movable as (
    select
        placed.*,
        coalesce(break_totals.added_seconds, 0) as added_seconds,
        case
            when placed.kind <> 'unpaid_break' then 0
            when break_totals.added_seconds < 0 then placed.seconds
            when lead(placed.kind) over in_time = 'work' and lead(placed.from_at) over in_time = placed.to_at
                then lead(placed.seconds) over in_time
            else 0
        end as movable_seconds
    from placed
    left join break_totals on placed.worked_shift_id = break_totals.worked_shift_id
    window in_time as (partition by placed.worked_shift_id order by placed.place)
),

-- The last breaks take or give first.
moved as (
    select
        *,
        least(movable_seconds, greatest(abs(added_seconds) - coalesce(sum(movable_seconds) over later_ones, 0), 0)) as moved_seconds
    from movable
    window later_ones as (partition by worked_shift_id order by place desc rows between unbounded preceding and 1 preceding)
),

changed as (
    select
        *,
        case when added_seconds > 0 then coalesce(lag(moved_seconds) over (partition by worked_shift_id order by place), 0) else 0 end as taken_seconds
    from moved
),

pieces as (
    select
        changed.*,
        changed.parameter as decided_by,
        changed.kind as counted_kind,
        {{ plus_seconds('changed.from_at', 'changed.taken_seconds') }} as counted_from,
        case when changed.added_seconds < 0 then {{ plus_seconds('changed.to_at', '-changed.moved_seconds') }} else changed.to_at end as counted_until
    from changed
    union all
    select
        changed.*,
        'rounding.break_total',
        case when changed.added_seconds < 0 then 'work' else 'unpaid_break' end,
        case when changed.added_seconds < 0 then {{ plus_seconds('changed.to_at', '-changed.moved_seconds') }} else changed.to_at end,
        case when changed.added_seconds < 0 then changed.to_at else {{ plus_seconds('changed.to_at', 'changed.moved_seconds') }} end
    from changed
    where changed.moved_seconds > 0
),

cut as (
    select *, greatest(from_at, counted_to) as cut_from
    from in_sessions
    where counted_to < to_at and from_at < to_at and kind <> 'unpaid_break'
)

select
    employee_id, workweek, workday, worked_shift_id, segment_id, session_id, is_gap, break_type, set_key, site_id, time_zone,
    row_number() over (partition by worked_shift_id order by place, counted_from, counted_until) as place,
    counted_kind as kind,
    case when decided_by is null then 'segment' else 'rounding' end as source,
    decided_by as parameter,
    counted_from as from_at,
    counted_until as to_at,
    {{ seconds_between('counted_from', 'counted_until') }} as seconds
from pieces
where counted_from < counted_until
union all
select
    employee_id, workweek, workday, worked_shift_id, segment_id, session_id, is_gap, break_type, set_key, site_id, time_zone,
    null, 'cut', 'rounding', 'rounding.session_total', cut_from, to_at, {{ seconds_between('cut_from', 'to_at') }}
from cut
