"""A change of the legacy HR database, as a record of `hr.changes.v1`.

Key `<table>:<row_key>`, so all changes of a row are in one partition, in their order. Three markers concern every row
and are written to every partition: `snapshot_begin`, `snapshot_end` and `truncate`.

Every record names the snapshot that its history began with. Ids of snapshots are UUIDv7: a greater one is later, and
what still arrives under a smaller one comes from a replicator that has been replaced, and is dropped.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

TOPIC = "hr.changes.v1"
#: Compacted: the last position of the replicator by snapshot id.
POSITIONS_TOPIC = "replicator.positions.v1"

Op = Literal["snapshot", "insert", "update", "delete", "snapshot_begin", "snapshot_end", "truncate"]
MARKERS: frozenset[Op] = frozenset({"snapshot_begin", "snapshot_end", "truncate"})


class HrChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One row that changed, or a marker.

    Attributes:
        table: name of the legacy table; empty for the markers of a snapshot.
        row_key: JSON array text of the primary key's values in the order of the table's columns; empty for markers.
        row: the row after the change by column name (encodings: docs/hr-image.md); None for deletes and markers.
        gtid: of the transaction, `domain-server-sequence` (MySQL: `uuid:number`); of a snapshot the position it shows.
        row_number: number of the record within its transaction, from 1; in a snapshot 0.
        changed_at: when the source committed it, to the second; in a snapshot when it began.
    """

    table: str
    row_key: str
    op: Op
    row: dict[str, Any] | None
    gtid: str
    row_number: int
    snapshot_id: UUID
    changed_at: datetime


class ReplicatorPosition(msgspec.Struct, frozen=True):
    """Up to where every change is acknowledged. `gtid` is None while the snapshot is not complete."""

    snapshot_id: UUID
    gtid: str | None
    written_at: datetime


def sequence(gtid: str) -> tuple[str, int]:
    """Domain of a GTID and its number there; numbers of one domain only grow. Raises ValueError for what is no GTID.

    MariaDB's `0-1-42` is ("0", 42), whichever server wrote it; MySQL's `3e11fa47-…:23` is ("3e11fa47-…", 23).
    """
    if ":" in gtid:
        source, _, number = gtid.rpartition(":")
        return source, int(number)
    domain, _, number = gtid.split("-")
    return domain, int(number)


def marks(position: str) -> dict[str, int]:
    """The last number of each domain in a position: MariaDB's `0-1-42,1-2-7`, MySQL's `uuid:1-42,uuid:1-7`.

    An empty position has none. Gaps inside a set of MySQL (a replica that commits out of order) are taken as filled.
    """
    found: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in position.split(","))):
        if ":" in part:
            source, *intervals = part.split(":")
            found[source] = max(int(interval.rpartition("-")[2]) for interval in intervals)
        else:
            domain, number = sequence(part)
            found[domain] = number
    return found


def same_row(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two rows hold the same values. JSON has one kind of number: 1e300 may come back as an integer of 301 digits."""
    return one == other or (
        one.keys() == other.keys() and all(_same_value(value, other[name]) for name, value in one.items())
    )


def _same_value(one: object, other: object) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        return isinstance(one, (int, float)) and isinstance(other, (int, float)) and float(one) == float(other)
    return one == other
