-- The run being made: at most one row has this status, a unique index holds that.
select
    this_run.run_id,
    this_run.previous_watermark,
    this_run.watermark,
    this_run.now_at,
    exists (
        select from {{ source('ops', 'runs') }} as unfinished
        where
            unfinished.status = 'failed'
            and unfinished.run_id > (select max(last_run.run_id) from {{ source('ops', 'runs') }} as last_run where last_run.status = 'succeeded')
    ) as follows_failure
from {{ source('ops', 'runs') }} as this_run
where this_run.status = 'running'
