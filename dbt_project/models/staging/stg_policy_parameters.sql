-- The newest version of each dated parameter; abolished values (JSON null) stay, for they end an older one.
with versions as (
    select distinct on (policy, parameter, valid_from) policy, parameter, valid_from, value, reference, removed
    from {{ source('policy', 'parameters') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by policy, parameter, valid_from, version_id desc
)

select policy, parameter, valid_from, value, reference
from versions
where not removed
