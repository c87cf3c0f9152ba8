-- Present policies.
with versions as (
    select distinct on (policy) policy, title, removed
    from {{ source('policy', 'policies') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by policy, version_id desc
)

select policy, title
from versions
where not removed
