-- compliance.day_of_rest: one day of the workweek without work.
with days as (
    select employee_id, workweek, workday, raw_worked_seconds
    from {{ ref('int_compliance_days') }}
),

weeks as (
    select
        days.employee_id,
        days.workweek,
        count(*) filter (where days.raw_worked_seconds > 0) as worked_days,
        sum(days.raw_worked_seconds)::bigint as week_seconds,
        max(days.raw_worked_seconds) as longest_day_seconds
    from days
    group by days.employee_id, days.workweek
    having sum(days.raw_worked_seconds) > 0
),

ruled as (
    select
        weeks.*,
        employees.set_key,
        {{ minutes_to_seconds("sets.day_of_rest ->> 'exempt_if_week_up_to_minutes'") }} as exempt_week_seconds,
        {{ minutes_to_seconds("sets.day_of_rest ->> 'exempt_if_every_day_up_to_minutes'") }} as exempt_day_seconds
    from weeks
    inner join {{ ref('int_employees') }} as employees
        on weeks.employee_id = employees.employee_id and weeks.workweek >= employees.valid_from and weeks.workweek < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.day_of_rest is not null
)

select
    employee_id,
    workweek,
    workweek as date,
    'day_of_rest' as rule,
    'compliance.day_of_rest' as parameter,
    set_key,
    case
        when worked_days < 7 then 'satisfied'
        when week_seconds <= exempt_week_seconds or longest_day_seconds <= exempt_day_seconds then 'not_applicable'
        else 'violated'
    end as status,
    case
        when worked_days = 7
            and not coalesce(week_seconds <= exempt_week_seconds, false)
            and not coalesce(longest_day_seconds <= exempt_day_seconds, false) then 'missing'
    end as reason,
    null::bigint as required_seconds,
    null::bigint as actual_seconds,
    null as worked_shift_id
from ruled
