-- totals_of_period --
-- Hours of one pay period by pay code and site: what its export adds up to.
select
    line.pay_code,
    line.on_top,
    coalesce(site.name, line.site_id, 'No site') as site,
    sum(line.seconds)::bigint as seconds,
    count(distinct line.employee_id) as employees
from payroll.pay_lines as line
left join marts.dim_sites as site on line.site_id = site.site_id
where line.period = :period
group by line.pay_code, line.on_top, coalesce(site.name, line.site_id, 'No site')
order by line.on_top, line.pay_code, site;

-- last_runs --
-- The newest runs of the models.
select
    run_id,
    status,
    reason,
    full_refresh,
    touched_weeks,
    watermark,
    now_at,
    started_at,
    finished_at,
    error
from ops.runs
order by run_id desc
limit 20;

-- waiting_input --
-- Captured punches that no run has read yet, and when the oldest of them was committed (null: none waits).
select
    coalesce(sum(row_count), 0)::bigint as punches,
    min(committed_at) as oldest_at
from raw.batches
where
    row_count > 0
    and xid >= (select coalesce(max(watermark), 0) from ops.runs where status = 'succeeded');

-- captured --
-- What became of the records of the last day, over all partitions.
select
    coalesce(sum(row_count), 0)::bigint as punches,
    coalesce(sum(repeat_count), 0)::bigint as repeats,
    coalesce(sum(quarantined_count), 0)::bigint as quarantined
from raw.batches
where committed_at > clock_timestamp() - interval '24 hours';

-- quarantine_open --
-- Refused records that nobody has replayed or discarded yet, by reason code: how many, the newest, an example of the reason.
select
    entry.code,
    count(*) as records,
    max(entry.quarantined_at) as newest_at,
    min(entry.reason) as example
from raw.quarantine as entry
where not exists (
    select 1
    from raw.quarantine_resolutions as resolution
    where resolution.quarantine_id = entry.quarantine_id
)
group by entry.code
order by records desc
limit 50;
