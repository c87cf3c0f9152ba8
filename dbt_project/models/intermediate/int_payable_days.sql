-- Workdays with worked time and what the tiers of weeks and periods need to know of them.
{{ config(materialized='view', post_hook=[]) }}

select
    days.employee_id,
    days.workweek,
    days.workday,
    days.worked_seconds,
    days.balance_seconds,
    days.set_key,
    sets.against_schedule ->> 'pay_code' as against_schedule_pay_code
from {{ ref('int_workdays') }} as days
inner join {{ ref('int_parameter_sets') }} as sets on days.set_key = sets.set_key
where days.worked_seconds > 0
