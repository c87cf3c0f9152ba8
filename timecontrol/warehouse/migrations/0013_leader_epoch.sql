-- A log that lost its end in a power failure and has grown past the position again holds other records before it.
alter table raw.positions add column leader_epoch integer;
comment on column raw.positions.leader_epoch is
'Of the record before next_offset, null where it is not known: by it the broker tells whether it still holds that record.';
grant update (leader_epoch) on raw.positions to ingest;
