"""The legacy HR database: a snapshot, then its binary log, as records of `hr.changes.v1`."""
