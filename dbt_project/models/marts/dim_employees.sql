-- Every employee that anything is known of, as things stand at the run's now.
{{ config(touched_by='all', indexes=[{'columns': ['employee_id'], 'unique': true}]) }}

select distinct on (employee_id)
    employee_id,
    name,
    site_id,
    team,
    manager_id,
    time_zone,
    cost_center,
    email,
    policy,
    active,
    has_shifts,
    origin
from {{ ref('int_employees') }}
where starts_at <= now_at or starts_at = '-infinity'
order by employee_id, valid_from desc
