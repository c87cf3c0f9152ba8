-- The run being made: at most one row has this status, a unique index holds that.
select
    run_id,
    previous_watermark,
    watermark,
    now_at
from {{ source('ops', 'runs') }}
where status = 'running'
