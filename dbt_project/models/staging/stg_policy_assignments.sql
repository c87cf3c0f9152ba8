-- Policy of an employee by dates, as assigned in the User Core.
with versions as (
    select distinct on (employee_id, valid_from) employee_id, valid_from, policy, deleted
    from {{ source('core', 'policy_assignments') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by employee_id, valid_from, version_id desc
)

select
    employee_id,
    valid_from,
    lead(valid_from, 1, 'infinity') over (partition by employee_id order by valid_from) as valid_to,
    policy
from versions
where not deleted
