"""What was refused, as the archive keeps it: the bytes under their SHA-256, and an entry that says where and why. Pure."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson import Binary

from ingestion.sinks.records import Refused
from timecontrol.warehouse.quarantine import Committed, header_to_json, printable


@dataclass(frozen=True, slots=True)
class RefusedCopy:
    """One entry; `name` is the same whoever finds it, `topic` is None for a line of a device file."""

    name: str
    place: str
    topic: str | None
    code: str
    reason: str
    payload: bytes
    headers: list[list[object]]
    record_key: bytes | None
    appended_at: datetime

    @property
    def payload_id(self) -> str:
        """Name of the bytes."""
        return hashlib.sha256(self.payload).hexdigest()

    def payload_document(self) -> dict[str, Any]:
        """The bytes."""
        return {"payload": Binary(self.payload), "byte_count": len(self.payload), "first_place": self.place}

    def document(self) -> dict[str, Any]:
        """The entry without its bytes."""
        return {
            "place": self.place,
            "topic": self.topic,
            "code": printable(self.code),
            "reason": printable(self.reason),
            "payload_sha256": self.payload_id,
            "headers": self.headers,
            "appended_at": self.appended_at,
            "record_key": None if self.record_key is None else Binary(self.record_key),
        }


def from_record(topic_id: str, refused: Refused) -> RefusedCopy:
    """The copy of a record that no decoder accepts."""
    record = refused.record
    return RefusedCopy(
        name=record_name(topic_id, record.partition, record.offset),
        place=record.place,
        topic=record.topic,
        code=refused.error.code,
        reason=refused.error.reason,
        payload=record.value or b"",
        headers=[[printable(name), header_to_json(value)] for name, value in record.headers],
        record_key=record.key,
        appended_at=record.appended_at,
    )


def from_row(row: Committed) -> RefusedCopy:
    """The copy of a row of `raw.quarantine`."""
    if row.topic_partition is None or row.topic_offset is None:
        name = f"{row.source}/{row.place}"
    else:
        name = record_name(row.source.removeprefix("kafka:"), row.topic_partition, row.topic_offset)
    return RefusedCopy(
        name=name,
        place=row.place,
        topic=row.topic,
        code=row.code,
        reason=row.reason,
        payload=row.payload,
        headers=row.headers or [],
        record_key=row.record_key,
        appended_at=row.quarantined_at,
    )


def record_name(topic_id: str, partition: int, offset: int) -> str:
    """Name of a record, unique for all incarnations of its topic."""
    return f"{topic_id}/{partition}/{offset}"
