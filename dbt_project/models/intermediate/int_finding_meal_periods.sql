-- compliance.meal_periods. Period n is judged on the n-th unpaid break of at least its minutes, else on the longest unused
-- one (short), else it is missing; of several worked shifts of a day the worst counts, of equal ones the earlier.
{{ config(unlogged=true) }}

with spans as not materialized (select * from {{ ref('int_compliance_spans') }}),

shifts as (
    select distinct employee_id, workweek, workday, worked_shift_id, set_key, shift_work_seconds, shift_from_at
    from spans
    where shift_work_seconds > 0
),

periods as (
    select
        shifts.*,
        period.number,
        {{ minutes_to_seconds("period.value ->> 'required_if_work_over_minutes'") }} as required_over_seconds,
        {{ minutes_to_seconds("period.value ->> 'start_by_work_minutes'") }} as start_by_seconds,
        {{ minutes_to_seconds("period.value ->> 'min_minutes'") }} as minimum_seconds,
        {{ minutes_to_seconds("period.value ->> 'waivable_up_to_work_minutes'") }} as waivable_up_to_seconds,
        coalesce((period.value ->> 'waivable_only_if_previous_taken')::boolean, false) as needs_previous_taken,
        {{ is_true("employees.facts ->> (array['meal_waiver_first', 'meal_waiver_second', 'meal_waiver_third'])[period.number]") }} as has_waiver
    from shifts
    inner join {{ ref('int_parameter_sets') }} as sets on shifts.set_key = sets.set_key
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and shifts.workday >= employees.valid_from
            and shifts.workday < employees.valid_to
    cross join lateral jsonb_array_elements(sets.meal_periods) with ordinality as period (value, number)
    where sets.meal_periods is not null
),

judged as (
    select
        periods.*,
        long_enough.count_of as taken_count,
        the_break.seconds as break_seconds,
        the_break.work_before,
        shorter.seconds as short_seconds
    from periods
    cross join lateral (
        select count(*) as count_of
        from spans
        where spans.worked_shift_id = periods.worked_shift_id and spans.is_unpaid_break and spans.seconds >= periods.minimum_seconds
    ) as long_enough
    left join lateral (
        select spans.seconds, spans.work_before
        from spans
        where spans.worked_shift_id = periods.worked_shift_id and spans.is_unpaid_break and spans.seconds >= periods.minimum_seconds
        order by spans.step
        limit 1 offset periods.number - 1
    ) as the_break on true
    left join lateral (
        select spans.seconds
        from spans
        where spans.worked_shift_id = periods.worked_shift_id and spans.is_unpaid_break and spans.seconds < periods.minimum_seconds
        order by spans.seconds desc, spans.step
        limit 1 offset greatest(periods.number - long_enough.count_of - 1, 0)
    ) as shorter on long_enough.count_of < periods.number
),

answered as (
    select
        *,
        case
            when shift_work_seconds <= required_over_seconds then 'not_applicable'
            when work_before <= start_by_seconds then 'satisfied'
            when has_waiver and shift_work_seconds <= waivable_up_to_seconds and (not needs_previous_taken or taken_count >= number - 1)
                then 'waived'
            else 'violated'
        end as status,
        case
            when shift_work_seconds <= required_over_seconds or work_before <= start_by_seconds then null
            when work_before > start_by_seconds then 'late'
            when short_seconds is not null then 'short'
            else 'missing'
        end as reason
    from judged
)

select distinct on (employee_id, workday, number)
    employee_id,
    workweek,
    workday as date,
    'meal_period_' || number as rule,
    'compliance.meal_periods' as parameter,
    set_key,
    status,
    reason,
    case when status = 'not_applicable' then null when reason = 'late' then start_by_seconds else minimum_seconds end as required_seconds,
    case
        when status = 'not_applicable' then null
        when reason = 'late' then work_before
        else coalesce(break_seconds, short_seconds, 0)
    end as actual_seconds,
    worked_shift_id,
    null::timestamptz as changes_at
from answered
order by employee_id, workday, number, {{ worst_first('status') }}, shift_from_at
