-- How far each partition of hr.changes.v1 has come in the history of the legacy database, and what the image needs
-- to be kept per partition; and the news that the outbox has something to send.

create table raw.hr_streams (
    topic_partition integer primary key,
    snapshot_id uuid not null,
    snapshot_ended boolean not null,
    marks jsonb not null
);
comment on table raw.hr_streams is
'One row a partition: the snapshot it is in (UUIDv7: a smaller one is over) and the last change applied after it.';
comment on column raw.hr_streams.marks is
'{"<GTID domain>": [sequence, row number]}: what is not after it has been applied already.';
call ops.grant_insert('raw.hr_streams', 'ingest');
grant update on raw.hr_streams to ingest;
grant select on raw.hr_streams to operator, transform;

alter table raw.hr_image
add column topic_partition integer not null default 0,
add column punch_event_id uuid;
alter table raw.hr_image alter column topic_partition drop default;
comment on column raw.hr_image.topic_partition is 'Partition that carries the row: the end of a snapshot deletes per partition.';
comment on column raw.hr_image.punch_event_id is 'Of a legacy punch: the event that stands for it now, named by the next correction.';
grant insert (topic_partition, punch_event_id) on raw.hr_image to ingest;
create index hr_image_partition on raw.hr_image (topic_partition, snapshot_id);

create function core.announce_outbox() returns trigger
language plpgsql
as $$
begin
    notify outbox;
    return null;
end
$$;
comment on function core.announce_outbox() is 'Wakes the outbox relay when the transaction commits.';
create trigger announce after insert on core.outbox
for each statement execute function core.announce_outbox();
