"""Changes of rows as records of `hr.changes.v1`: keys, partitions, values. Pure."""

import base64
import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from timecontrol.contracts.hr_change import HrChange, Op
from timecontrol.kafka_client import MAX_MESSAGE_BYTES

# Bytes of a row as JSON. The rest of a message is its key, at most 3,072 bytes at the source and twice in the record,
# the names of its table and place, and what Kafka adds.
MAX_ROW_BYTES = MAX_MESSAGE_BYTES - 100_000


class Place(NamedTuple):
    """Where in the history of the source a record belongs."""

    gtid: str
    row_number: int
    snapshot_id: UUID
    changed_at: datetime


class KafkaRecord(NamedTuple):
    """Key, value and partition of a record."""

    key: str
    value: bytes
    partition: int


def row_key(row: Mapping[str, Any], key_columns: Iterable[str]) -> str:
    """The values of the primary key as a JSON array text, its columns in the order of the table."""
    return msgspec.json.encode([row[name] for name in key_columns]).decode()


def partition_of(key: str, partitions: int) -> int:
    """The partition of a key: CRC-32, as Kafka's C client does by default."""
    return zlib.crc32(key.encode()) % partitions


def row_record(
    table: str, key: str, op: Op, row: Mapping[str, Any] | None, place: Place, partitions: int
) -> KafkaRecord:
    """The record of one row."""
    record_key = f"{table}:{key}"
    value = msgspec.json.encode(HrChange(table, key, op, None if row is None else dict(row), *place))
    if row is not None and len(value) > MAX_ROW_BYTES:
        value = msgspec.json.encode(HrChange(table, key, op, fitting(row), *place))
    return KafkaRecord(record_key, value, partition_of(record_key, partitions))


def fitting(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as one message can hold it: of too large a row the largest values are their size and SHA-256 instead.

    It follows from the row alone, so that a snapshot, the log and a comparison leave out the same.
    """
    found = dict(row)
    excess = len(msgspec.json.encode(found)) - MAX_ROW_BYTES
    if excess <= 0:
        return found
    sizes = {name: len(msgspec.json.encode(value)) for name, value in found.items()}
    for name in sorted(sizes, key=lambda name: (-sizes[name], name)):
        if excess <= 0:
            break
        found[name] = omitted(found[name])
        excess -= sizes[name] - len(msgspec.json.encode(found[name]))
    return found


def omitted(value: Any) -> dict[str, Any]:  # noqa: ANN401  any value that a column can have
    """What stands for a value that no message can hold."""
    if isinstance(value, dict):
        [encoded] = value.values()
        raw = base64.b64decode(encoded)
    else:
        raw = str(value).encode()
    return {"omitted_bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest()}


def marker_records(op: Op, table: str, place: Place, partitions: int) -> Sequence[KafkaRecord]:
    """The record of something that concerns every row, once for each partition."""
    value = msgspec.json.encode(HrChange(table, "", op, None, *place))
    return [KafkaRecord(f"{op}:{table or place.snapshot_id}", value, partition) for partition in range(partitions)]
