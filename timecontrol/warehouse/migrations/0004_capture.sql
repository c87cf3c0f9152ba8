-- What the sinks need beyond the inputs themselves.

alter table raw.batches add column gap_count integer not null default 0;
comment on column raw.batches.gap_count is
'Offsets within the batch that the broker has no record for: compacted away, or marks of a transaction.';
grant insert (gap_count) on raw.batches to ingest;
-- A batch's rows carry its id before its counts are known, so the id is drawn first.
grant usage on sequence raw.batches_batch_id_seq to ingest;

-- A topic that is made anew counts its offsets from 0 again: the source says which one it was.
comment on column raw.quarantine.source is 'kafka:<topic id>, or another way in that names its own places.';
comment on column raw.quarantine.headers is
'[[name, value]] in the record''s order; a value that is not text is {"base64": …}, an absent one null.';
