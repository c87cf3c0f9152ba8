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

-- lineage_gaps --
-- Pay lines whose lineage does not add up to their seconds.
select count(*) as gaps
from (
    select coalesce(line.pay_line_id, part.pay_line_id) as pay_line_id
    from marts.fct_pay_lines as line
    full join (
        select
            pay_line_id,
            sum(seconds) as seconds
        from marts.fct_pay_lineage
        group by pay_line_id
    ) as part on line.pay_line_id = part.pay_line_id
    where line.seconds is distinct from part.seconds
) as gap;
