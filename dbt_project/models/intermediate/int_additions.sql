-- What breaks.auto_add gives back of the unpaid breaks of each worked shift, and the seconds after its end where more is
-- given than was punched. The largest entry counts; additive ones are one entry with the sum of their minutes.
with pieces as (
    select rounded.*
    from {{ ref('int_rounded_time') }} as rounded
    inner join {{ ref('int_parameter_sets') }} as sets on rounded.set_key = sets.set_key
    where rounded.kind <> 'cut' and sets.auto_add is not null
),

shifts as (
    select
        employee_id,
        workweek,
        workday,
        worked_shift_id,
        set_key,
        site_id,
        time_zone,
        coalesce(sum(seconds) filter (where kind <> 'unpaid_break'), 0) as worked_seconds,
        (array_agg(to_at order by place desc))[1] as ended_at
    from pieces
    group by employee_id, workweek, workday, worked_shift_id, set_key, site_id, time_zone
),

entries as (
    select
        sets.set_key,
        entry.entry_number,
        {{ minutes_to_seconds("entry.value ->> 'after_minutes'") }} as after_seconds,
        {{ minutes_to_seconds("entry.value ->> 'minutes'") }} as seconds,
        (entry.value ->> 'counts_punched')::boolean as counts_punched,
        entry.value -> 'types' as types,
        coalesce((entry.value ->> 'counts_as_work')::boolean, false) as counts_as_work,
        -- All additive entries are one pool, the last in order.
        case when (entry.value ->> 'additive')::boolean then 'infinity'::numeric else entry.entry_number end as pool
    from {{ ref('int_parameter_sets') }} as sets
    cross join lateral jsonb_array_elements(sets.auto_add) with ordinality as entry (value, entry_number)
    where sets.auto_add is not null
),

applying as (
    select shifts.worked_shift_id, entries.*
    from shifts
    inner join entries on shifts.set_key = entries.set_key and shifts.worked_seconds > entries.after_seconds
),

pools as (
    select
        worked_shift_id,
        pool,
        sum(seconds)::bigint as seconds,
        bool_and(counts_punched) as counts_punched,
        (array_agg(counts_as_work order by entry_number))[1] as counts_as_work
    from applying
    group by worked_shift_id, pool
),

-- The breaks that a pool is for, each with the break seconds before it.
breaks as (
    select
        matching.*,
        (sum(matching.seconds) over (partition by matching.worked_shift_id, matching.pool order by matching.place) - matching.seconds)::bigint as seconds_before
    from (
        select distinct
            applying.pool, pieces.worked_shift_id, pieces.place, pieces.segment_id, pieces.session_id, pieces.is_gap, pieces.from_at, pieces.seconds
        from applying
        inner join pieces
            on
                applying.worked_shift_id = pieces.worked_shift_id
                and pieces.kind = 'unpaid_break'
                and coalesce(applying.types ? pieces.break_type, true)
    ) as matching
),

given as (
    select
        pools.worked_shift_id,
        pools.pool,
        pools.counts_as_work,
        least(pools.seconds, coalesce(punched.seconds, 0)) as of_breaks,
        case when pools.counts_punched then 0 else greatest(pools.seconds - coalesce(punched.seconds, 0), 0) end as beyond
    from pools
    left join (select worked_shift_id, pool, sum(seconds)::bigint as seconds from breaks group by worked_shift_id, pool) as punched
        on pools.worked_shift_id = punched.worked_shift_id and pools.pool = punched.pool
),

largest as (
    select distinct on (worked_shift_id) *
    from given
    order by worked_shift_id, of_breaks + beyond desc, pool
),

added as (
    select
        breaks.worked_shift_id,
        largest.counts_as_work,
        breaks.place,
        breaks.segment_id,
        breaks.session_id,
        breaks.is_gap,
        breaks.from_at,
        {{ plus_seconds('breaks.from_at', 'least(breaks.seconds, largest.of_breaks - breaks.seconds_before)') }} as to_at
    from largest
    inner join breaks
        on largest.worked_shift_id = breaks.worked_shift_id and largest.pool = breaks.pool and breaks.seconds_before < largest.of_breaks
    union all
    select
        largest.worked_shift_id,
        largest.counts_as_work,
        null,
        null,
        null,
        true,
        shifts.ended_at,
        {{ plus_seconds('shifts.ended_at', 'largest.beyond') }}
    from largest
    inner join shifts on largest.worked_shift_id = shifts.worked_shift_id
    where largest.beyond > 0
)

select
    shifts.employee_id,
    shifts.workweek,
    shifts.workday,
    added.worked_shift_id,
    added.place,
    added.segment_id,
    added.session_id,
    added.is_gap,
    added.counts_as_work,
    'breaks.auto_add' as parameter,
    added.from_at,
    added.to_at,
    shifts.set_key,
    shifts.site_id,
    shifts.time_zone
from added
inner join shifts on added.worked_shift_id = shifts.worked_shift_id
