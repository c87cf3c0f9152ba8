-- uncomputed_age --
-- Age (seconds) of the oldest punch that no successful run has read; 0 when all are computed.
select coalesce(extract(epoch from clock_timestamp() - min(batch.committed_at)), 0)::double precision as age_seconds
from raw.batches as batch
where
    batch.row_count > 0
    and batch.xid >= (select coalesce(max(run.watermark), 0) from ops.runs as run where run.status = 'succeeded');

-- quarantine_share --
-- Of all records that were read in the last 24 hours, how many were refused.
select
    coalesce(sum(quarantined_count), 0)::bigint as quarantined,
    coalesce(sum(row_count + repeat_count + quarantined_count), 0)::bigint as records
from raw.batches
where committed_at > now() - interval '24 hours';

-- oldest_writer --
-- Age (seconds) of the oldest transaction that writes: no watermark passes it.
select coalesce(extract(epoch from clock_timestamp() - min(xact_start)), 0)::double precision as age_seconds
from pg_stat_activity
where backend_xid is not null;

-- settled_run --
-- The last run, where it succeeded; null while one is under way, after one that failed and before the first.
select (array_agg(case when status = 'succeeded' then run_id end order by run_id desc))[1] as run_id
from ops.runs;

-- lineage_gaps --
-- Pay lines of the weeks that the last run computed whose lineage does not add up to their seconds: asked every few
-- minutes, so not of all; the nightly check of the models looks at all, and a full run tests what it makes.
with lines as (
    select
        line.pay_line_id,
        line.seconds
    from marts.fct_pay_lines as line
    inner join intermediate.int_touched_weeks as touched
        on line.employee_id = touched.employee_id and line.workweek = touched.workweek
),

parts as (
    select
        part.pay_line_id,
        sum(part.seconds) as seconds
    from marts.fct_pay_lineage as part
    inner join intermediate.int_touched_weeks as touched
        on part.employee_id = touched.employee_id and part.workweek = touched.workweek
    where part.pay_line_id is not null
    group by part.pay_line_id
)

select count(*) as gaps
from lines
full join parts on lines.pay_line_id = parts.pay_line_id
where lines.seconds is distinct from parts.seconds;
