-- compliance.break_total: what the breaks of a worked shift last together, or the longest of them alone. The last tier
-- whose mark is passed counts. Of several worked shifts of a day the worst counts, of equal ones the earlier.
with spans as (select * from {{ ref('int_compliance_spans') }}),

shifts as (
    select
        spans.employee_id,
        spans.workweek,
        spans.workday,
        spans.worked_shift_id,
        spans.set_key,
        spans.shift_work_seconds,
        spans.shift_gross_seconds,
        spans.shift_from_at,
        sets.break_total,
        max(spans.to_at) filter (where not spans.is_unpaid_break and not spans.is_paid_break) as last_work_at
    from spans
    inner join {{ ref('int_parameter_sets') }} as sets on spans.set_key = sets.set_key
    where sets.break_total is not null and spans.shift_work_seconds > 0
    group by
        spans.employee_id, spans.workweek, spans.workday, spans.worked_shift_id, spans.set_key, spans.shift_work_seconds,
        spans.shift_gross_seconds, spans.shift_from_at, sets.break_total
),

breaks as (
    select
        shifts.worked_shift_id,
        spans.seconds,
        spans.seconds >= coalesce({{ minutes_to_seconds("shifts.break_total ->> 'min_block_minutes'") }}, 0) as is_long_enough
    from shifts
    inner join spans on shifts.worked_shift_id = spans.worked_shift_id
    where
        (spans.is_unpaid_break or (spans.is_paid_break and coalesce((shifts.break_total ->> 'counts_paid')::boolean, false)))
        and (spans.to_at <= shifts.last_work_at or coalesce((shifts.break_total ->> 'end_of_work_counts')::boolean, false))
),

taken as (
    select
        worked_shift_id,
        sum(seconds) filter (where is_long_enough)::bigint as total_seconds,
        max(seconds) filter (where is_long_enough) as longest_seconds
    from breaks
    group by worked_shift_id
),

owed as (
    select
        shifts.*,
        taken.worked_shift_id is not null as has_breaks,
        tier.number is not null as is_owed,
        {{ minutes_to_seconds("tier.value ->> 'min_total_minutes'") }} as minimum_seconds,
        coalesce(
            case when (shifts.break_total ->> 'uninterrupted')::boolean then taken.longest_seconds else taken.total_seconds end, 0
        ) as taken_seconds
    from shifts
    inner join {{ ref('int_longest_work') }} as longest on shifts.worked_shift_id = longest.worked_shift_id
    left join taken on shifts.worked_shift_id = taken.worked_shift_id
    cross join lateral (
        select case shifts.break_total ->> 'basis' when 'gross' then shifts.shift_gross_seconds else shifts.shift_work_seconds end as seconds
    ) as basis
    left join lateral (
        select tiers.value, tiers.number
        from jsonb_array_elements(shifts.break_total -> 'tiers') with ordinality as tiers (value, number)
        where
            basis.seconds > {{ minutes_to_seconds("tiers.value ->> 'work_over_minutes'") }}
            or basis.seconds >= {{ minutes_to_seconds("tiers.value ->> 'work_from_minutes'") }}
            or longest.longest_seconds > {{ minutes_to_seconds("tiers.value ->> 'continuous_over_minutes'") }}
        order by tiers.number desc
        limit 1
    ) as tier on true
),

answered as (
    select
        *,
        case
            when not is_owed then 'not_applicable'
            -- A tier without minutes asks for a break of any length.
            when taken_seconds >= coalesce(minimum_seconds, 1) then 'satisfied'
            else 'violated'
        end as status
    from owed
)

select distinct on (employee_id, workday)
    employee_id,
    workweek,
    workday as date,
    'break_total' as rule,
    'compliance.break_total' as parameter,
    set_key,
    status,
    case
        when status = 'violated' then case when has_breaks and minimum_seconds is not null then 'short' else 'missing' end
    end as reason,
    minimum_seconds as required_seconds,
    case when is_owed then taken_seconds end as actual_seconds,
    worked_shift_id,
    null::timestamptz as changes_at
from answered
order by employee_id, workday, {{ worst_first('status') }}, shift_from_at
