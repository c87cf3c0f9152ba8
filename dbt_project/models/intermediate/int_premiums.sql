-- Paid on top of base pay: work inside premium windows, and an hour (or whatever is set) for a day on which a meal or a
-- rest break was not given.
with inside as (
    select
        windows.*,
        greatest(windows.day_from, windows.after_worked_seconds) as counted_from,
        sum(greatest(windows.day_to - greatest(windows.day_from, windows.after_worked_seconds), 0)) over (
            partition by windows.employee_id, windows.workday, windows.entry_number, windows.window_date
        ) as seconds_in_window
    from {{ ref('int_window_work') }} as windows
    where windows.parameter = 'premium.windows'
),

violated as (
    select employee_id, workweek, date as workday, parameter
    from {{ ref('int_finding_meal_periods') }}
    where status = 'violated'
    union
    select employee_id, workweek, date, parameter
    from {{ ref('int_finding_rest_periods') }}
    where status = 'violated'
)

select
    employee_id,
    workweek,
    workday,
    pay_code,
    parameter,
    set_key,
    segment_id,
    from_at + (counted_from - day_from) * interval '1 second' as from_at,
    to_at,
    day_to - counted_from as seconds
from inside
where day_to > counted_from and seconds_in_window >= minimum_seconds
union all
select
    violated.employee_id,
    violated.workweek,
    violated.workday,
    case violated.parameter when 'compliance.meal_periods' then 'meal_premium' else 'rest_premium' end,
    case violated.parameter when 'compliance.meal_periods' then 'pay.meal_premium_minutes' else 'pay.rest_premium_minutes' end,
    days.set_key,
    null,
    null,
    null,
    case violated.parameter when 'compliance.meal_periods' then sets.meal_premium_seconds else sets.rest_premium_seconds end
from violated
inner join {{ ref('int_workdays') }} as days on violated.employee_id = days.employee_id and violated.workday = days.workday
inner join {{ ref('int_parameter_sets') }} as sets on days.set_key = sets.set_key
where case violated.parameter when 'compliance.meal_periods' then sets.meal_premium_seconds else sets.rest_premium_seconds end > 0
