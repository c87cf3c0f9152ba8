-- The archive sink copies the quarantine, and reads nothing else of ours.
grant usage on schema raw to archive;
grant select on raw.quarantine to archive;
