-- last_run --
-- The last run that succeeded, the one before it, and the status of the last that was begun since: that one is running or
-- failed, and the marts are partly its own.
select
    last_run.run_id,
    last_run.watermark,
    last_run.now_at,
    last_run.full_refresh,
    (
        select max(earlier.run_id)
        from ops.runs as earlier
        where earlier.status = 'succeeded' and earlier.run_id < last_run.run_id
    ) as previous_run_id,
    (
        select later.status
        from ops.runs as later
        where later.run_id > last_run.run_id
        order by later.run_id desc
        limit 1
    ) as overtaken_by
from ops.runs as last_run
where last_run.status = 'succeeded'
order by last_run.run_id desc
limit 1;

-- hold_runs --
-- Let no run begin before this transaction ends: it would change the marts under the reader.
lock table ops.runs in share mode;

-- touched_weeks --
-- The employee-weeks that the last run computed anew.
select
    employee_id,
    workweek
from intermediate.int_touched_weeks;

-- taken_run --
-- The run whose results a follower holds.
select run_id
from ops.takeovers
where taker = :taker;

-- take_over --
-- Remember the run whose results a follower holds now.
insert into ops.takeovers (taker, run_id)
values (:taker, :run_id)
on conflict (taker) do update set run_id = excluded.run_id, taken_at = now();
