-- as_of --
-- How old the data of this server are (seconds since the heartbeat it has seen last; null before the first) and which
-- run computed its marts (nulls before the first); overtaken: a later one is under way or has failed.
select
    (
        select extract(epoch from clock_timestamp() - beat_at)::double precision
        from ops.heartbeat
        where name = 'primary'
    ) as age_seconds,
    run.run_id,
    run.watermark,
    run.now_at,
    exists(
        select 1
        from ops.runs as later
        where later.run_id > run.run_id
    ) as is_overtaken
from (values (1)) as one (row_number)
left join lateral (
    select run_id, watermark, now_at
    from ops.runs
    where status = 'succeeded'
    order by run_id desc
    limit 1
) as run on true;

-- has_replayed --
-- Whether this replica has replayed the primary's log up to a position.
select coalesce(pg_last_wal_replay_lsn() >= cast(:position as pg_lsn), false);

-- write_position --
-- The end of the primary's log: what was committed before lies before it.
select pg_current_wal_insert_lsn()::text;
