-- Employees of the User Core: the newest version of each (employee, valid_from) that was not withdrawn.
with versions as (
    select distinct on (employee_id, valid_from)
        employee_id, valid_from, name, email, site_id, team, manager_id, time_zone, cost_center, active, facts, deleted
    from {{ source('core', 'employees') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by employee_id, valid_from, version_id desc
)

select
    employee_id,
    valid_from,
    lead(valid_from, 1, 'infinity') over (partition by employee_id order by valid_from) as valid_to,
    name,
    email,
    site_id,
    team,
    manager_id,
    {{ fn('known_zone') }}(time_zone) as time_zone,
    cost_center,
    active,
    facts
from versions
where not deleted
