"""Rows as records: whatever a column holds, the record is one that Kafka takes."""

import base64
import hashlib
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from ingestion.sources.mysql_binlog.changes import MAX_ROW_BYTES, Place, fitting, row_record
from ingestion.sources.mysql_binlog.replicator import next_snapshot_id
from timecontrol.contracts.hr_change import HrChange
from timecontrol.kafka_client import MAX_MESSAGE_BYTES

PLACE = Place("0-1-42", 1, UUID(int=1), datetime(2026, 1, 5, tzinfo=UTC))


def test_a_row_that_fits_is_written_as_it_is() -> None:
    row = {"id": 1, "photo": {"base64": base64.b64encode(b"x" * 1_000_000).decode()}}
    assert fitting(row) == row
    assert msgspec.json.decode(row_record("t", "[1]", "insert", row, PLACE, 3).value, type=HrChange).row == row


def test_of_a_row_that_no_message_holds_the_largest_values_are_size_and_hash() -> None:
    """6 MB of bytes have 8 MB in base64."""
    photo, letter = b"\0" * 6_000_000, "ä" * 1_000_000
    row = {"id": 1, "photo": {"base64": base64.b64encode(photo).decode()}, "letter": letter, "name": "Ann"}
    record = row_record("t", "[1]", "insert", row, PLACE, 3)
    assert len(record.value) < MAX_MESSAGE_BYTES
    found = msgspec.json.decode(record.value, type=HrChange).row
    assert found == fitting(row)
    assert found == {
        "id": 1,
        "photo": {"omitted_bytes": 6_000_000, "sha256": hashlib.sha256(photo).hexdigest()},
        "letter": letter,
        "name": "Ann",
    }


def test_as_many_values_are_left_out_as_must_be() -> None:
    text = "x" * (MAX_ROW_BYTES // 2)
    found = fitting({"b": text, "a": text, "c": text})
    assert found == {"b": found["a"], "a": found["a"], "c": text}
    assert found["a"] == {"omitted_bytes": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()}


def test_ids_of_snapshots_grow_also_when_the_clock_is_set_back() -> None:
    first = next_snapshot_id(None)
    assert first.version == 7
    assert next_snapshot_id(first) > first
    ahead = UUID("ffffffff-ffff-7000-8000-000000000000")
    assert next_snapshot_id(ahead) == UUID("ffffffff-ffff-7000-8000-000000000001")
