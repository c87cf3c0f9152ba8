-- A file that is imported again with more words in its mapping is the same file, read further.
grant update (mapping, punch_count, quarantined_count) on raw.files to ingest;
