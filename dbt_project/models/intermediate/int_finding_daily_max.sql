-- compliance.daily_max: work of a workday.
with days as (
    select
        days.employee_id,
        days.workweek,
        days.workday,
        days.raw_worked_seconds,
        sets.set_key,
        {{ minutes_to_seconds("sets.daily_max ->> 'minutes'") }} as limit_seconds,
        {{ minutes_to_seconds("sets.daily_max ->> 'note_over_minutes'") }} as note_over_seconds
    from {{ ref('int_compliance_days') }} as days
    inner join {{ ref('int_employees') }} as employees
        on days.employee_id = employees.employee_id and days.workday >= employees.valid_from and days.workday < employees.valid_to
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.daily_max is not null and days.raw_worked_seconds > 0 and {{ is_touched('days') }}
)

select
    employee_id,
    workweek,
    workday as date,
    'daily_max' as rule,
    'compliance.daily_max' as parameter,
    set_key,
    case when raw_worked_seconds > limit_seconds then 'violated' else 'satisfied' end as status,
    case
        when raw_worked_seconds > limit_seconds then 'exceeded'
        when raw_worked_seconds > note_over_seconds then 'noted'
    end as reason,
    limit_seconds as required_seconds,
    raw_worked_seconds as actual_seconds,
    null as worked_shift_id,
    null::timestamptz as changes_at
from days
