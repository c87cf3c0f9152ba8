-- run_state --
-- What decides whether a run is due: the last one that succeeded, whether rows have arrived that it could not read and
-- the next one could, and whether payroll's tables hold what it computed.
with last_run as (
    select
        coalesce(max(run_id), 0) as run_id,
        coalesce(max(watermark), 0) as watermark,
        max(now_at) as now_at
    from ops.runs
    where status = 'succeeded'
),

readable as (
    select
        last_run.watermark as from_xid,
        pg_snapshot_xmin(pg_current_snapshot())::text::bigint as before_xid
    from last_run
)

select
    last_run.run_id,
    last_run.now_at,
    (
        exists(select 1 from raw.punches where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from raw.hr_versions where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.sites where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.employees where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.policy_assignments where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.badges where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.shifts where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.leave where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from core.holidays where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from policy.policies where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from policy.parameters where xid >= readable.from_xid and xid < readable.before_xid)
        or exists(select 1 from policy.pay_codes where xid >= readable.from_xid and xid < readable.before_xid)
    ) as has_news,
    coalesce((
        select takeover.run_id < last_run.run_id
        from ops.takeovers as takeover
        where takeover.taker = 'payroll'
    ), last_run.run_id > 0) as is_untaken
from last_run
cross join readable;
