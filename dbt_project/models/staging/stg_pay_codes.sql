-- Present pay codes with their multipliers.
with versions as (
    select distinct on (pay_code) pay_code, title, multiplier, on_top, removed
    from {{ source('policy', 'pay_codes') }}
    where xid < (select watermark from {{ ref('stg_runs') }})
    order by pay_code, version_id desc
)

select pay_code, title, multiplier, on_top
from versions
where not removed
