-- The run being made: at most one row has this status, a unique index holds that.
with last_run as (
    select coalesce(max(run_id), 0) as run_id from {{ source('ops', 'runs') }} where status = 'succeeded'
)

select
    this_run.run_id,
    last_run.run_id as previous_run_id,
    this_run.previous_watermark,
    this_run.watermark,
    this_run.now_at,
    exists (
        select from {{ source('ops', 'runs') }} as unfinished
        where unfinished.status = 'failed' and unfinished.run_id > last_run.run_id
    ) as follows_failure
from {{ source('ops', 'runs') }} as this_run
cross join last_run
where this_run.status = 'running'
