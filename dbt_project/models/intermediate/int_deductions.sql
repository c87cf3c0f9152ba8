-- What is deducted from each worked shift: first scheduled breaks as far as work lies inside them, then what
-- breaks.auto_deduct takes. Work is counted in places: [0, n) are the n seconds that are left after scheduled breaks.

with recursive sets as (
    select * from {{ ref('int_parameter_sets') }} where auto_deduct is not null or breaks_from_schedule
),

pieces as (
    select rounded.*, sets.breaks_from_schedule, sets.auto_deduct is not null as deducts
    from {{ ref('int_rounded_time') }} as rounded
    inner join sets on rounded.set_key = sets.set_key
    where rounded.kind <> 'cut'
),

-- A planned break is found by the day on which it begins: that of the work inside it, or the day before.
planned as (
    select
        shifts.employee_id,
        pauses.pause,
        ({{ local_time('lower(pauses.pause)', "'UTC'") }})::date as day
    from {{ ref('int_scheduled_shifts') }} as shifts
    cross join lateral unnest(shifts.unpaid_breaks) as pauses (pause)
),

present as (
    select worked_shift_id, employee_id, min(from_at) as from_at, max(to_at) as to_at
    from pieces
    where breaks_from_schedule
    group by worked_shift_id, employee_id
),

scheduled as (
    select present.worked_shift_id, range_agg(planned.pause) as pauses
    from present
    cross join lateral generate_series(
        ({{ local_time('present.from_at', "'UTC'") }})::date - interval '1 day', ({{ local_time('present.to_at', "'UTC'") }})::date, interval '1 day'
    ) as days (day)
    inner join planned on present.employee_id = planned.employee_id and days.day::date = planned.day
    group by present.worked_shift_id
),

in_pauses as (
    select pieces.worked_shift_id, pieces.place, lower(cut.span) as from_at, upper(cut.span) as to_at
    from pieces
    inner join scheduled on pieces.worked_shift_id = scheduled.worked_shift_id
    cross join lateral unnest(tstzmultirange(tstzrange(pieces.from_at, pieces.to_at)) * scheduled.pauses) as cut (span)
    where pieces.kind <> 'unpaid_break'
),

remaining as (
    select
        pieces.worked_shift_id,
        pieces.place,
        lower(remains.span) as from_at,
        {{ seconds_between('lower(remains.span)', 'upper(remains.span)') }} as seconds
    from pieces
    left join scheduled on pieces.worked_shift_id = scheduled.worked_shift_id
    cross join lateral unnest(tstzmultirange(tstzrange(pieces.from_at, pieces.to_at)) - coalesce(scheduled.pauses, '{}')) as remains (span)
    where pieces.kind <> 'unpaid_break' and pieces.deducts
),

work as (
    select
        *,
        (sum(seconds) over so_far - seconds)::bigint as work_from,
        (sum(seconds) over so_far)::bigint as work_to
    from remaining
    window so_far as (partition by worked_shift_id order by place, from_at rows between unbounded preceding and current row)
),

shifts as (
    select
        pieces.worked_shift_id,
        pieces.set_key,
        sum(pieces.seconds)::bigint as gross_seconds,
        coalesce(sum(pieces.seconds) filter (where pieces.kind = 'unpaid_break'), 0)::bigint as punched_seconds,
        coalesce(min(worked.seconds), 0) as worked_seconds
    from pieces
    left join (select worked_shift_id, max(work_to) as seconds from work group by worked_shift_id) as worked
        on pieces.worked_shift_id = worked.worked_shift_id
    where pieces.deducts
    group by pieces.worked_shift_id, pieces.set_key
),

entries as (
    select
        sets.set_key,
        entry.entry_number,
        {{ minutes_to_seconds("coalesce(entry.value ->> 'after_minutes', entry.value ->> 'from_minutes')") }} as trigger_seconds,
        entry.value ->> 'after_minutes' is not null as applies_beyond,
        {{ minutes_to_seconds("entry.value ->> 'minutes'") }} as seconds,
        coalesce((entry.value ->> 'counts_punched')::boolean, true) as counts_punched,
        coalesce((entry.value ->> 'capped')::boolean, false) as is_capped,
        coalesce((entry.value ->> 'additive')::boolean, false) as is_additive,
        coalesce(entry.value ->> 'place', 'at_trigger') = 'end' as is_at_end,
        coalesce(entry.value ->> 'basis', 'worked') = 'gross' as is_of_gross
    from sets
    cross join lateral jsonb_array_elements(sets.auto_deduct) with ordinality as entry (value, entry_number)
),

applying as (
    select
        shifts.worked_shift_id,
        shifts.worked_seconds,
        entries.entry_number,
        entries.is_additive,
        entries.is_at_end,
        entries.is_of_gross,
        entries.trigger_seconds,
        least(
            greatest(entries.seconds - case when entries.counts_punched then shifts.punched_seconds else 0 end, 0),
            case when entries.is_capped then basis.seconds - entries.trigger_seconds end
        ) as seconds
    from shifts
    inner join entries on shifts.set_key = entries.set_key
    cross join lateral (
        select case when entries.is_of_gross then shifts.gross_seconds else shifts.worked_seconds end as seconds
    ) as basis
    where
        basis.seconds > entries.trigger_seconds
        or (basis.seconds = entries.trigger_seconds and not entries.applies_beyond)
),

-- The largest counts, additive ones besides, one after the other.
chosen as (
    select
        ranked.*,
        row_number() over (partition by ranked.worked_shift_id order by ranked.is_additive, ranked.entry_number) as turn
    from (
        select *, row_number() over (partition by worked_shift_id, is_additive order by seconds desc, entry_number) as size_rank
        from applying
        where seconds > 0
    ) as ranked
    where ranked.is_additive or ranked.size_rank = 1
),

-- How much work lies in the presence before a trigger that is a length of presence.
in_presence as (
    select
        chosen.worked_shift_id,
        chosen.turn,
        sum(least(shares.seconds, greatest(chosen.trigger_seconds - shares.gross_before, 0)))::bigint as worked_seconds
    from chosen
    inner join (
        select
            *,
            sum(seconds) over (partition by worked_shift_id order by place) - seconds as gross_before
        from pieces
    ) as shares
        on chosen.worked_shift_id = shares.worked_shift_id and shares.kind <> 'unpaid_break'
    where chosen.is_of_gross and not chosen.is_at_end
    group by chosen.worked_shift_id, chosen.turn
),

turns as (
    select
        chosen.worked_shift_id,
        chosen.turn,
        chosen.seconds,
        case
            when chosen.is_at_end then chosen.worked_seconds
            when chosen.is_of_gross then coalesce(in_presence.worked_seconds, 0)
            else chosen.trigger_seconds
        end as place
    from chosen
    left join in_presence on chosen.worked_shift_id = in_presence.worked_shift_id and chosen.turn = in_presence.turn
),

-- Each takes the work from its place on, or the last of it where less than that comes after; of what the ones before left.
cuts as (
    select
        shifts.worked_shift_id,
        0::bigint as turn,
        int8multirange(int8range(0, shifts.worked_seconds)) as left_over,
        '{}'::int8multirange as taken
    from shifts
    where shifts.worked_shift_id in (select turns.worked_shift_id from turns)
    union all
    select cuts.worked_shift_id, turns.turn, cuts.left_over - taking.taken, taking.taken
    from cuts
    inner join turns on cuts.worked_shift_id = turns.worked_shift_id and cuts.turn + 1 = turns.turn
    cross join lateral (
        select
            coalesce(range_agg(int8range(
                lower(spans.span) + greatest(spans.first - spans.passed, 0),
                lower(spans.span) + least(spans.first + turns.seconds - spans.passed, upper(spans.span) - lower(spans.span))
            )), '{}') as taken
        from (
            select
                left_span.span,
                (sum(upper(left_span.span) - lower(left_span.span)) over (order by left_span.span))::bigint
                - (upper(left_span.span) - lower(left_span.span)) as passed,
                greatest(0, least(turns.place, (sum(upper(left_span.span) - lower(left_span.span)) over ())::bigint - turns.seconds)) as first
            from unnest(cuts.left_over) as left_span (span)
        ) as spans
        where spans.passed < spans.first + turns.seconds and spans.passed + upper(spans.span) - lower(spans.span) > spans.first
    ) as taking
),

deducted as (
    select worked_shift_id, place, 'breaks.from_schedule' as parameter, from_at, to_at from in_pauses
    union all
    select
        work.worked_shift_id,
        work.place,
        'breaks.auto_deduct',
        {{ plus_seconds('work.from_at', '(greatest(work.work_from, lower(span.taken)) - work.work_from)') }},
        {{ plus_seconds('work.from_at', '(least(work.work_to, upper(span.taken)) - work.work_from)') }}
    from cuts
    cross join lateral unnest(cuts.taken) as span (taken)
    inner join work
        on cuts.worked_shift_id = work.worked_shift_id and work.work_from < upper(span.taken) and work.work_to > lower(span.taken)
)

select
    pieces.employee_id,
    pieces.workweek,
    pieces.workday,
    deducted.worked_shift_id,
    deducted.place,
    pieces.segment_id,
    pieces.session_id,
    pieces.is_gap,
    pieces.kind,
    deducted.parameter,
    deducted.from_at,
    deducted.to_at,
    pieces.set_key,
    pieces.site_id,
    pieces.time_zone
from deducted
inner join pieces on deducted.worked_shift_id = pieces.worked_shift_id and deducted.place = pieces.place
