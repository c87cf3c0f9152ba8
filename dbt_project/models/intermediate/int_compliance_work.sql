-- Work as findings read it, each piece in its workday: a worked shift that the policy splits at the boundary is split here.
{{ config(materialized='view', post_hook=[]) }}

with work as (
    select
        segments.employee_id,
        segments.time_zone,
        segments.day_starts_seconds,
        segments.from_at,
        segments.to_at,
        {{ days_of_span('segments', 'segments') }}
    from {{ ref('int_compliance_segments') }} as segments
    where not segments.is_unpaid_break
),

daily as (select work.*, {{ each_day('work') }} as workday from work)

select
    daily.employee_id,
    {{ week_start('daily.workday', 'sets.week_starts_on') }} as workweek,
    daily.workday,
    sets.set_key,
    daily.time_zone,
    {{ begin_on_day('daily', 'workday') }} as from_at,
    {{ end_on_day('daily', 'workday') }} as to_at
from daily
inner join {{ ref('int_employees') }} as employees
    on
        daily.employee_id = employees.employee_id
        and daily.workday >= employees.valid_from
        and daily.workday < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
