-- Where the policy closes sessions without a clock_out: at the scheduled end, or where the work of the worked shift so far
-- (paid breaks are work, scheduled unpaid breaks are not) reaches the minutes to be worked that day and some more. Not
-- before the last punch, and not after the punch that began the next worked shift; `closes_at` may be yet to come.
with shifts as (
    select
        *,
        -- As if it never ended, to see when its work is enough.
        coalesce(cut_at, '9999-01-01') as closed_at
    from {{ ref('int_punched_shifts') }}
    where is_open and open_session <> 'exclude'
),

sets as (select * from {{ ref('int_parameter_sets') }}),

unlimited as (select * from shifts where open_session = 'close_after_worked'),

targets as (
    select
        unlimited.worked_shift_id,
        sets.close_after_seconds + coalesce(days.scheduled_seconds, 0) as target_seconds,
        coalesce(pauses.unpaid_breaks, '{}') as scheduled_breaks
    from unlimited
    inner join sets on unlimited.set_key = sets.set_key
    left join {{ ref('int_scheduled_days') }} as days on unlimited.employee_id = days.employee_id and unlimited.start_day = days.workday
    left join (
        select scheduled.employee_id, range_agg(pause.pause) as unpaid_breaks
        from {{ ref('int_scheduled_shifts') }} as scheduled
        cross join lateral unnest(scheduled.unpaid_breaks) as pause (pause)
        group by scheduled.employee_id
    ) as pauses on unlimited.employee_id = pauses.employee_id
),

segments as (
    {{ punched_segments('unlimited', ['last_at', 'last_session_id']) }}
),

-- What a break counts as depends on where the shift ends: a sleep on the length of the duty, a break that was not ended on
-- its own length. So each way to count is followed to where the work is enough, and stands if breaks count so there.
imagined as (
    select
        segments.worked_shift_id,
        segments.step,
        segments.at,
        segments.ended_at,
        segments.kind,
        segments.type_of_break,
        segments.counts_first_to_last,
        segments.seconds,
        segments.set_key,
        segments.last_at,
        segments.kind = 'break' and segments.end_event_id is null as is_unended,
        ways.is_long_duty,
        ways.is_long_sleep,
        case when ways.is_long_duty then sets.sleep_min_duty_seconds else 0 end as duty_seconds,
        sets.sleep_max_excluded_seconds,
        min(segments.at) filter (where segments.kind in ('work', 'break')) over (partition by segments.worked_shift_id) as duty_from
    from segments
    inner join sets on segments.set_key = sets.set_key
    cross join lateral (values (false, false), (true, false), (true, true)) as ways (is_long_duty, is_long_sleep)
    where sets.sleep_min_duty_seconds is not null or not ways.is_long_duty
),

treated as (
    select imagined.*, {{ break_treatment('imagined', 'sets') }} as treated_as
    from imagined
    inner join sets on imagined.set_key = sets.set_key
),

limited as (
    select
        *,
        coalesce(
            treated_as = 'unpaid' and type_of_break = 'sleep' and sleep_max_excluded_seconds is not null
            and (is_long_sleep or not is_unended),
            false
        ) as is_limited
    from treated
),

-- A break that was not ended is work as long as a break of its length is; a sleep is work from its limit on.
work as (
    select
        *,
        case
            when is_limited
                then {{ plus_seconds('at', 'greatest(sleep_max_excluded_seconds - coalesce(sum(seconds) filter (where is_limited) over before_it, 0), 0)') }}
            else at
        end as work_from
    from limited
    window before_it as (
        partition by worked_shift_id, is_long_duty, is_long_sleep
        order by step rows between unbounded preceding and 1 preceding
    )
),

pieces as (
    select
        work.*,
        targets.target_seconds,
        lower(piece.piece) as from_at,
        coalesce(sum({{ seconds_between('lower(piece.piece)', 'upper(piece.piece)') }}) over (
            partition by work.worked_shift_id, work.is_long_duty, work.is_long_sleep
            order by lower(piece.piece) rows between unbounded preceding and 1 preceding
        ), 0) as seconds_before,
        {{ seconds_between('lower(piece.piece)', 'upper(piece.piece)') }} as piece_seconds
    from work
    inner join targets on work.worked_shift_id = targets.worked_shift_id
    cross join lateral unnest(tstzmultirange(tstzrange(work.work_from, work.ended_at)) - targets.scheduled_breaks) as piece (piece)
    where
        work.kind in ('work', 'break')
        and (work.is_unended or work.is_limited or work.treated_as is distinct from 'unpaid')
        and work.work_from < work.ended_at
),

enough as (
    select *, {{ plus_seconds('from_at', '(target_seconds - seconds_before)') }} as closes_at
    from pieces
    where seconds_before < target_seconds and seconds_before + piece_seconds >= target_seconds
),

reached as (
    select
        worked_shift_id,
        is_unended,
        is_limited,
        is_long_duty,
        set_key,
        kind,
        type_of_break,
        counts_first_to_last,
        last_at,
        closes_at,
        {{ seconds_between('duty_from', 'closes_at') }} as duty_seconds,
        {{ seconds_between('at', 'closes_at') }} as seconds
    from enough
),

sessions as (
    select session_id, min(at) as in_at from segments where begins_session group by session_id
)

select worked_shift_id, matched_shift_end as closes_at
from shifts
where
    open_session = 'close_at_scheduled_end'
    and matched_shift_end > last_at
    and matched_shift_end <= closed_at
union all
select reached.worked_shift_id, min(reached.closes_at)
from reached
inner join unlimited on reached.worked_shift_id = unlimited.worked_shift_id
inner join sessions on unlimited.last_session_id = sessions.session_id
inner join sets on reached.set_key = sets.set_key
where
    reached.closes_at >= reached.last_at
    and reached.closes_at > sessions.in_at
    and (sets.sleep_min_duty_seconds is null or (reached.duty_seconds >= sets.sleep_min_duty_seconds) = reached.is_long_duty)
    and (not reached.is_unended or ({{ break_treatment('reached', 'sets') }} = 'unpaid') = reached.is_limited)
group by reached.worked_shift_id
