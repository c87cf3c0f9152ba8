-- compliance.meal_periods. Period n is judged on the n-th unpaid break of at least its minutes, else on the longest unused
-- one (short), else it is missing; of several worked shifts of a day the worst counts, of equal ones the earlier.
{{ config(unlogged=true) }}

with spans as (select * from {{ ref('int_compliance_spans') }}),

sets as (
    select
        set_key,
        meal_periods,
        array(
            select {{ minutes_to_seconds("period.value ->> 'min_minutes'") }}
            from jsonb_array_elements(meal_periods) with ordinality as period (value, number)
            order by period.number
        ) as minimums
    from {{ ref('int_parameter_sets') }}
    where meal_periods is not null
),

breaks as (
    select
        employee_id,
        workweek,
        workday,
        worked_shift_id,
        set_key,
        shift_work_seconds,
        shift_from_at,
        coalesce(array_agg(seconds order by step) filter (where is_unpaid_break), '{}') as lengths,
        array_agg(work_before order by step) filter (where is_unpaid_break) as works_before
    from spans
    where shift_work_seconds > 0 and set_key in (select sets.set_key from sets)
    group by employee_id, workweek, workday, worked_shift_id, set_key, shift_work_seconds, shift_from_at
),

shifts as (
    select breaks.*, sets.meal_periods, {{ fn('judged_breaks') }}(breaks.lengths, sets.minimums) as judged_on
    from breaks
    inner join sets on breaks.set_key = sets.set_key
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
    inner join {{ ref('int_employees') }} as employees
        on
            shifts.employee_id = employees.employee_id
            and shifts.workday >= employees.valid_from
            and shifts.workday < employees.valid_to
    cross join lateral jsonb_array_elements(shifts.meal_periods) with ordinality as period (value, number)
),

judged as (
    select
        *,
        lengths[judged_on[number]] as break_seconds,
        works_before[judged_on[number]] as work_before,
        coalesce(lengths[judged_on[number]] >= minimum_seconds, false) as is_taken
    from periods
),

answered as (
    select
        *,
        case
            when shift_work_seconds <= required_over_seconds then 'not_applicable'
            when is_taken and work_before <= start_by_seconds then 'satisfied'
            when has_waiver and shift_work_seconds <= waivable_up_to_seconds and (was_previous_taken or not needs_previous_taken) then 'waived'
            else 'violated'
        end as status,
        case
            when shift_work_seconds <= required_over_seconds or (is_taken and work_before <= start_by_seconds) then null
            when is_taken then 'late'
            when break_seconds is not null then 'short'
            else 'missing'
        end as reason
    from (
        select *, lag(is_taken, 1, true) over (partition by worked_shift_id order by number) as was_previous_taken
        from judged
    ) as in_order
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
        else coalesce(break_seconds, 0)
    end as actual_seconds,
    worked_shift_id,
    null::timestamptz as changes_at
from answered
order by employee_id, workday, number, {{ worst_first('status') }}, shift_from_at
