-- The flusher asks whether refused bytes have been quarantined since it had them: by their hash, for bytes may be large.
create index quarantine_payload on raw.quarantine (sha256(payload), quarantined_at);
