-- Work as findings read it, each piece in its workday: a worked shift that the policy splits at the boundary is split here.
{{ config(materialized='view', post_hook=[]) }}

with work as (select * from {{ ref('int_compliance_segments') }} where not is_unpaid_break),

split as (
    select
        work.employee_id,
        work.time_zone,
        days.day::date as workday,
        greatest(work.from_at, {{ fn('workday_start') }}(days.day::date, work.day_starts_seconds, work.time_zone)) as from_at,
        least(work.to_at, {{ fn('workday_start') }}(days.day::date + 1, work.day_starts_seconds, work.time_zone)) as to_at
    from work
    cross join lateral generate_series(
        {{ fn('workday_of') }}(work.from_at, work.day_starts_seconds, work.time_zone)::timestamp,
        {{ fn('workday_of') }}(work.to_at - interval '1 second', work.day_starts_seconds, work.time_zone)::timestamp,
        interval '1 day'
    ) as days (day)
    where work.attribution = 'split_at_boundary'
)

select employee_id, workweek, workday, set_key, time_zone, from_at, to_at
from work
where attribution <> 'split_at_boundary'
union all
select
    split.employee_id,
    {{ week_start('split.workday', 'sets.week_starts_on') }},
    split.workday,
    sets.set_key,
    split.time_zone,
    split.from_at,
    split.to_at
from split
inner join {{ ref('int_employees') }} as employees
    on
        split.employee_id = employees.employee_id
        and split.workday >= employees.valid_from
        and split.workday < employees.valid_to
inner join {{ ref('int_parameter_sets') }} as sets on employees.set_key = sets.set_key
