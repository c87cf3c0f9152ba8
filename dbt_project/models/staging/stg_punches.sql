-- Every punch event below the watermark. Time is counted in whole seconds: `at` is the second in which it was made.
select
    event_id,
    employee_id,
    kind,
    occurred_at,
    {{ whole_second('occurred_at') }} as at,
    received_at,
    source,
    device_id,
    site_id,
    cost_center,
    break_type,
    supersedes,
    voids,
    attributes,
    origin,
    topic_partition,
    topic_offset,
    xid
from {{ source('raw', 'punches') }}
where xid < (select watermark from {{ ref('stg_runs') }})
