-- fail_abandoned --
-- Close runs whose process died: called under the lock of computing, so no other process can be in one.
update ops.runs
set status = 'failed', finished_at = now(), error = 'the process that ran it ended without a word'
where status = 'running';

-- start --
-- Open a run: it reads what committed before every transaction that is still under way. The first run is a full one.
insert into ops.runs (previous_watermark, watermark, now_at, full_refresh, reason, status)
select
    coalesce(max(watermark), 0),
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    :now_at,
    :full_refresh or count(*) = 0,
    :reason,
    'running'
from ops.runs
where status = 'succeeded'
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
