"""The archive's collections in MongoDB: each with a validator, and an index for each query."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import CollectionInvalid

Documents = Database[dict[str, Any]]

QUARANTINE = "quarantine"
PAYLOADS = "punch_payloads"
AUDIT_LOG = "audit_log"
POSITIONS = "archive_positions"

TEXT = {"bsonType": "string"}
INSTANT = {"bsonType": "date"}
WHOLE = {"bsonType": ["int", "long"]}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    properties = {"_id": {}, **required, **(optional or {})}
    return {"bsonType": "object", "required": list(required), "properties": properties, "additionalProperties": False}


VALIDATORS: Mapping[str, dict[str, Any]] = {
    # `_id` is `<topic id>/<partition>/<offset>`, so that a record read twice, or found by the archive and by the Postgres
    # sink, is one document; of a line of a device file, which has no topic, `<source>/<place>`. `appended_at` of what only
    # PostgreSQL's quarantine has is when it came there.
    QUARANTINE: _object(
        {
            "place": TEXT,
            "topic": {"bsonType": ["string", "null"]},
            "code": TEXT,
            "reason": TEXT,
            "payload_sha256": TEXT,
            "headers": {"bsonType": "array"},
            "appended_at": INSTANT,
        },
        {"record_key": {"bsonType": ["binData", "null"]}},
    ),
    # `_id` is the SHA-256 of the bytes: a terminal that repeats a broken record fills one document.
    PAYLOADS: _object({"payload": {"bsonType": "binData"}, "byte_count": WHOLE, "first_place": TEXT}),
    # `_id` is the id of the administrative act.
    AUDIT_LOG: _object(
        {"actor": TEXT, "at": INSTANT, "act": TEXT, "subject": TEXT, "detail": {"bsonType": "object"}, "place": TEXT}
    ),
    # `_id` is `<cluster id>/<topic id>/<partition>`; in raw.quarantine, which is no topic, rows stand by transactions.
    POSITIONS: _object(
        {"topic": TEXT, "next_offset": WHOLE}, {"leader_epoch": {"bsonType": ["int", "long", "null"]}, "xid": WHOLE}
    ),
}

INDEXES: Mapping[str, Sequence[IndexModel]] = {
    QUARANTINE: [
        IndexModel([("appended_at", DESCENDING)]),
        IndexModel([("code", ASCENDING), ("appended_at", DESCENDING)]),
        IndexModel([("payload_sha256", ASCENDING)]),
    ],
    AUDIT_LOG: [
        IndexModel([("at", DESCENDING)]),
        IndexModel([("actor", ASCENDING), ("at", DESCENDING)]),
        IndexModel([("subject", ASCENDING), ("at", DESCENDING)]),
    ],
}


def ensure_collections(database: Documents) -> None:
    """Make what is missing and bring validators and indexes to this version; idempotent."""
    for name, schema in VALIDATORS.items():
        validator = {"$jsonSchema": schema}
        try:
            database.create_collection(name, validator=validator)
        except CollectionInvalid:
            database.command("collMod", name, validator=validator)
        if name in INDEXES:
            database[name].create_indexes(list(INDEXES[name]))
