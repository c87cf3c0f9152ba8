-- fail_abandoned --
-- Close runs whose process died: called under the lock of computing, so no other process can be in one.
update ops.runs
set status = 'failed', finished_at = now(), error = 'the process that ran it ended without a word'
where status = 'running';

-- start --
-- Open a run: it reads what committed before every transaction that is still under way. Everything is computed in the
-- first run, with other models than those of the last run that succeeded, and where a full run has failed since: that one
-- left some marts new and some old, and no list of what differs.
with last_run as (
    select
        coalesce(max(run_id), 0) as run_id,
        coalesce(max(watermark), 0) as watermark
    from ops.runs
    where status = 'succeeded'
)

insert into ops.runs (previous_watermark, watermark, now_at, full_refresh, reason, models_sha256, status)
select
    last_run.watermark,
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    :now_at,
    (
        :full_refresh
        or not exists(
            select 1 from ops.runs as base
            where base.run_id = last_run.run_id and base.models_sha256 = :models_sha256
        )
        or exists(
            select 1 from ops.runs as unfinished
            where unfinished.run_id > last_run.run_id and unfinished.full_refresh
        )
    ),
    :reason,
    :models_sha256,
    'running'
from last_run
returning run_id, watermark, full_refresh;

-- request --
-- Days that the run is to compute anew although no input changed.
insert into ops.run_requests (run_id, employee_id, from_day, to_day)
values (:run_id, :employee_id, :from_day, :to_day);

-- succeed --
-- All models and tests succeeded: from now on the run's watermark counts.
update ops.runs
set
    status = 'succeeded',
    finished_at = now(),
    touched_weeks = (select count(*) from intermediate.int_touched_weeks)
where run_id = :run_id
returning touched_weeks;

-- fail --
-- The run failed; its watermark does not count.
update ops.runs
set status = 'failed', finished_at = now(), error = :error
where run_id = :run_id;
