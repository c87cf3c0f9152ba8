"""The archive sink: copies of refused payloads and of the audit log in MongoDB, for reading; nothing depends on them."""
