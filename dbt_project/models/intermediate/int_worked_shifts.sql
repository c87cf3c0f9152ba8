-- Worked shifts: where each begins and ends, its zone and workday, the scheduled shift it matches, and where an open
-- session is closed by the policy.
{{ config(post_hook=["create index on {{ this }} (worked_shift_id)", "create index on {{ this }} (employee_id, workweek)", "analyze {{ this }}"]) }}

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
        min(set_key) filter (where begins_shift) as first_set_key,
        min(time_zone) filter (where begins_shift) as time_zone,
        min(site_id) filter (where begins_shift) as site_id,
        (array_agg(taken_as order by step desc))[1] <> 'clock_out' as is_open,
        (array_agg(session_id order by step desc))[1] as last_session_id,
        max(step) as last_step,
        count(*) filter (where begins_session) as session_count,
        max(at) filter (where taken_as = 'clock_out') as last_out_at
    from used
    group by worked_shift_id, employee_id
),

reaching as (
    select
        shifts.*,
        sets.attribution as first_attribution,
        sets.day_starts_seconds,
        employees.now_at,
        case
            when shifts.is_open
                then greatest(
                    shifts.last_at,
                    least(employees.now_at, {{ plus_seconds('shifts.first_at', 'sets.max_shift_seconds') }})
                )
            else shifts.last_at
        end as reaches_to
    from shifts
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.first_set_key = sets.set_key
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and shifts.started_at >= employees.starts_at
            and shifts.started_at < employees.ends_at
),

dated as (
    select
        reaching.*,
        {{ attributed_workday('first_attribution', 'started_at', 'last_at', 'day_starts_seconds', 'time_zone') }} as workday
    from reaching
),

ruled as (
    select
        dated.*,
        employees.set_key,
        employees.policy,
        employees.cost_center,
        employees.site_id as home_site_id,
        sets.attribution,
        sets.open_session,
        sets.close_after_seconds,
        sets.max_shift_seconds,
        {{ week_start('dated.workday', 'sets.week_starts_on') }} as workweek
    from dated
    inner join {{ ref('int_employees') }} as employees
        on dated.employee_id = employees.employee_id and dated.workday >= employees.valid_from and dated.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
),

matched as (
    select
        ruled.*,
        scheduled.shift_id as matched_shift_id,
        scheduled.starts_at as matched_shift_start,
        scheduled.ends_at as matched_shift_end
    from ruled
    left join lateral (
        select
            candidates.shift_id,
            candidates.starts_at,
            candidates.ends_at,
            least(candidates.window_end, ruled.reaches_to) - greatest(candidates.window_start, ruled.started_at) as overlap
        from {{ ref('int_scheduled_shifts') }} as candidates
        where
            candidates.employee_id = ruled.employee_id
            and candidates.window_start <= ruled.reaches_to
            and candidates.window_end >= ruled.started_at
            and (
                (candidates.window_start < ruled.reaches_to and candidates.window_end > ruled.started_at and ruled.reaches_to > ruled.started_at)
                or (candidates.window_start <= ruled.started_at and candidates.window_end >= ruled.started_at)
            )
        order by overlap desc, candidates.starts_at, candidates.shift_id
        limit 1
    ) as scheduled on true
),

-- Work so far of shifts that stay open where the policy closes them over the expected minutes: the instant at which
-- work outside scheduled unpaid breaks reaches them.
open_work as (
    select
        matched.worked_shift_id,
        matched.employee_id,
        matched.close_after_seconds + coalesce((
            select sum({{ range_seconds('planned.net') }})
            from {{ ref('int_scheduled_shifts') }} as planned
            where planned.employee_id = matched.employee_id and planned.workday = matched.workday
        ), 0) as target_seconds,
        range_agg(
            tstzrange(used.at, coalesce(following.at, '9999-01-01'))
        ) filter (where used.counts and used.taken_as in ('clock_in', 'break_end')) - coalesce((
            select range_agg(pauses.pause)
            from {{ ref('int_scheduled_shifts') }} as planned
            cross join lateral unnest(planned.unpaid_breaks) as pauses (pause)
            where planned.employee_id = matched.employee_id
        ), '{}') as work_time
    from matched
    inner join used on matched.worked_shift_id = used.worked_shift_id
    left join lateral (
        select later.at from used as later
        where later.worked_shift_id = used.worked_shift_id and later.step > used.step
        order by later.step
        limit 1
    ) as following on true
    where matched.is_open and matched.open_session = 'close_after_worked'
    group by matched.worked_shift_id, matched.employee_id, matched.workday, matched.close_after_seconds
),

reached as (
    select worked_shift_id, {{ plus_seconds('min(piece_start)', 'min(target_seconds - seconds_before)') }} as closed_at
    from (
        select
            open_work.worked_shift_id,
            open_work.target_seconds,
            lower(pieces.piece) as piece_start,
            upper(pieces.piece) as piece_end,
            coalesce(sum({{ seconds_between('lower(pieces.piece)', 'upper(pieces.piece)') }}) over (
                partition by open_work.worked_shift_id order by lower(pieces.piece) rows between unbounded preceding and 1 preceding
            ), 0) as seconds_before
        from open_work
        cross join lateral unnest(open_work.work_time) as pieces (piece)
    ) as pieces
    where
        seconds_before < target_seconds
        and seconds_before + {{ seconds_between('piece_start', 'piece_end') }} >= target_seconds
    group by worked_shift_id
),

closed as (
    select
        matched.*,
        case
            when matched.is_open and matched.open_session = 'close_at_scheduled_end' and matched.matched_shift_end > matched.last_at
                then matched.matched_shift_end
            when matched.is_open and matched.open_session = 'close_after_worked' and reached.closed_at > matched.last_at
                then reached.closed_at
        end as would_close_at
    from matched
    left join reached on matched.worked_shift_id = reached.worked_shift_id
)

select
    closed.worked_shift_id,
    closed.employee_id,
    closed.workweek,
    closed.workday,
    closed.first_at,
    closed.started_at,
    closed.last_at,
    closed.reaches_to,
    closed.last_step,
    closed.is_open,
    closed.last_session_id,
    closed.session_count,
    closed.last_out_at,
    case when closed.would_close_at <= closed.now_at then closed.would_close_at end as closed_at,
    case
        when not closed.is_open then closed.last_at
        when closed.would_close_at <= closed.now_at then closed.would_close_at
    end as ended_at,
    closed.matched_shift_id,
    closed.matched_shift_start,
    closed.matched_shift_end,
    coalesce(closed.site_id, closed.home_site_id) as site_id,
    closed.time_zone,
    closed.set_key,
    closed.policy,
    closed.cost_center,
    closed.attribution,
    closed.day_starts_seconds,
    closed.max_shift_seconds,
    closed.now_at,
    coalesce(later.is_cut, false) as is_cut,
    closed.is_open and later.is_cut is null and not coalesce(closed.would_close_at <= closed.now_at, false)
    and closed.now_at <= {{ plus_seconds('closed.first_at', 'closed.max_shift_seconds') }} as is_still_in
from closed
-- An open session that a later punch has left behind.
left join lateral (
    select true as is_cut
    from {{ ref('int_known_punches') }} as punches
    where
        closed.is_open
        and punches.employee_id = closed.employee_id
        and punches.occurred_at >= {{ plus_seconds('closed.last_at', '1') }}
        and punches.voids is null
        and {{ fn('is_in_force') }}(punches.event_id, 0)
        and {{ epoch('punches.at') }} - {{ epoch('closed.first_at') }} > closed.max_shift_seconds
    order by punches.occurred_at
    limit 1
) as later on true
