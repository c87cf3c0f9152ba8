-- What a person must look at in the breaks of a worked shift, raw: too long or too short, too many or too few, the first
-- meal too late. What counts as work is no break. Paid breaks are work where work is counted.
with sets as (
    select
        set_key,
        long_after_minutes,
        short_below_minutes,
        meal_start_by_seconds,
        break_count
    from {{ ref('int_parameter_sets') }}
    where num_nonnulls(long_after_minutes, short_below_minutes, meal_start_by_seconds, break_count) > 0
),

segments as (
    select
        segments.employee_id,
        segments.worked_shift_id,
        segments.step,
        segments.start_event_id,
        segments.break_type,
        segments.started_at,
        segments.seconds,
        segments.set_key,
        coalesce(segments.treated_as in ('paid', 'unpaid'), false) as is_break,
        case when segments.treated_as = 'unpaid' then 0 else segments.seconds end as work_seconds
    from {{ ref('int_segments') }} as segments
    inner join sets on segments.set_key = sets.set_key
    where segments.kind in ('work', 'break')
),

measured as (
    select *, (sum(work_seconds) over (partition by worked_shift_id order by step) - work_seconds)::bigint as work_before
    from segments
),

breaks as (select * from measured where is_break),

of_length as (
    select breaks.worked_shift_id, found.kind, breaks.started_at as at, breaks.start_event_id as event_id
    from breaks
    inner join sets on breaks.set_key = sets.set_key
    cross join lateral (
        values
        ('long_break', breaks.seconds > {{ minutes_of_break_type('sets.long_after_minutes', 'breaks.break_type') }}),
        ('short_break', breaks.seconds < {{ minutes_of_break_type('sets.short_below_minutes', 'breaks.break_type') }})
    ) as found (kind, holds)
    where found.holds
),

worked as (
    select worked_shift_id, set_key, sum(work_seconds)::bigint as work_seconds
    from measured
    group by worked_shift_id, set_key
),

first_meals as (
    select distinct on (worked_shift_id) worked_shift_id, started_at, start_event_id, work_before
    from breaks
    where break_type = 'meal'
    order by worked_shift_id, step
),

of_meals as (
    select worked.worked_shift_id, 'late_meal' as kind, first_meals.started_at as at, first_meals.start_event_id as event_id
    from worked
    inner join sets on worked.set_key = sets.set_key
    left join first_meals on worked.worked_shift_id = first_meals.worked_shift_id
    where coalesce(first_meals.work_before, worked.work_seconds) > sets.meal_start_by_seconds
),

entries as (
    select
        sets.set_key,
        entry.value -> 'types' as types,
        {{ minutes_to_seconds("entry.value ->> 'after_worked_minutes'") }} as after_seconds,
        (entry.value ->> 'at_least')::integer as at_least,
        (entry.value ->> 'at_most')::integer as at_most
    from sets
    cross join lateral jsonb_array_elements(sets.break_count) as entry (value)
    where sets.break_count is not null
),

-- Of the entries for the same types that the work has passed, the last that gives a bound gives it.
bounds as (
    select
        worked.worked_shift_id,
        entries.types,
        (array_agg(entries.at_least order by entries.after_seconds desc) filter (where entries.at_least is not null))[1] as at_least,
        (array_agg(entries.at_most order by entries.after_seconds desc) filter (where entries.at_most is not null))[1] as at_most
    from worked
    inner join entries on worked.set_key = entries.set_key and worked.work_seconds > entries.after_seconds
    group by worked.worked_shift_id, entries.types
),

counted as (
    select
        bounds.worked_shift_id,
        bounds.types,
        bounds.at_least,
        bounds.at_most,
        count(breaks.step) as number,
        (array_agg(breaks.started_at order by breaks.step))[bounds.at_most + 1] as beyond_at,
        (array_agg(breaks.start_event_id order by breaks.step))[bounds.at_most + 1] as beyond_event_id
    from bounds
    left join breaks
        on bounds.worked_shift_id = breaks.worked_shift_id and (bounds.types is null or bounds.types ? breaks.break_type)
    group by bounds.worked_shift_id, bounds.types, bounds.at_least, bounds.at_most
),

-- However many entries ask for more or fewer, a worked shift has one of each.
of_counts as (
    select distinct worked_shift_id, 'too_few_breaks' as kind, null::timestamptz as at, null::uuid as event_id
    from counted
    where number < at_least
    union all
    (
        select distinct on (worked_shift_id) worked_shift_id, 'too_many_breaks', beyond_at, beyond_event_id
        from counted
        where number > at_most
        order by worked_shift_id, beyond_at
    )
),

of_all as (
    select * from of_length
    union all
    select * from of_meals
    union all
    select * from of_counts
)

select
    shifts.employee_id,
    shifts.start_day as workday,
    of_all.kind,
    coalesce(of_all.at, shifts.started_at) as at,
    of_all.event_id,
    case when of_all.at is null then 'in' end as punch
from of_all
inner join {{ ref('int_worked_shifts') }} as shifts on of_all.worked_shift_id = shifts.worked_shift_id
-- How many breaks there are is known when the employee has gone.
where of_all.kind not in ('too_few_breaks', 'too_many_breaks') or not shifts.is_still_in
