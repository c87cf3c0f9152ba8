-- The weeks that a run computes, of which the marts take those that it touches: tiers of a period count its worked seconds
-- from its first day, and a touched week may begin in the middle of a period, or of two.
{{ config(post_hook=["create unique index on {{ this }} (employee_id, workweek)", "analyze {{ this }}"]) }}
{% if full_run() %}
select null::text as employee_id, null::date as workweek where false
{% else %}
with touched as (select employee_id, workweek from {{ ref('int_touched_weeks') }}),

periods as (
    select distinct employees.employee_id, sets.period_tiers
    from {{ ref('int_employees') }} as employees
    inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
    where sets.period_tiers is not null
),

stretches as (
    select
        touched.employee_id,
        {{ period_start('touched.workweek', 'periods.period_tiers') }} as from_day,
        {{ period_start('(touched.workweek + 6)', 'periods.period_tiers') }} + {{ period_days('periods.period_tiers') }} - 1 as to_day
    from touched
    inner join periods on touched.employee_id = periods.employee_id
)

select employee_id, workweek from touched
union
select stretches.employee_id, {{ week_start('dates.date::date', 'sets.week_starts_on') }} as workweek
from stretches
cross join lateral generate_series(stretches.from_day::timestamp, stretches.to_day::timestamp, interval '1 day') as dates (date)
inner join {{ ref('int_employees') }} as employees
    on stretches.employee_id = employees.employee_id and dates.date >= employees.valid_from and dates.date < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
{% endif %}
