"""Changes of rows as records of `hr.changes.v1`: keys, partitions, values. Pure."""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from timecontrol.contracts.hr_change import HrChange, Op


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
    change = HrChange(table, key, op, None if row is None else dict(row), *place)
    return KafkaRecord(record_key, msgspec.json.encode(change), partition_of(record_key, partitions))


def marker_records(op: Op, table: str, place: Place, partitions: int) -> Sequence[KafkaRecord]:
    """The record of something that concerns every row, once for each partition."""
    value = msgspec.json.encode(HrChange(table, "", op, None, *place))
    return [KafkaRecord(f"{op}:{table or place.snapshot_id}", value, partition) for partition in range(partitions)]
