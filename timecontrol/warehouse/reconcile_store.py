"""What `timecontrol reconcile` asks PostgreSQL about offsets, files and quarantined records."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from psycopg.rows import class_row

from timecontrol.warehouse.pools import Connection


@dataclass(frozen=True)
class ImportedFile:
    """A file as `raw.files` has it, with what decoding it again needs."""

    file_sha256: str
    file_name: str
    site_id: str
    device_id: str
    time_zone: str
    mapping: dict[str, Any] | None
    punch_count: int
    quarantined_count: int
    imported_at: datetime


class ReadOffsets(NamedTuple):
    """What was read of a partition: the offsets `first` … `next` - 1; both are 0 for one that was never read."""

    first: int
    next: int


# A topic's id names one life of it, on whichever cluster.
READ_OFFSETS = """
select coalesce(min(batches.first_offset), positions.next_offset), positions.next_offset
from raw.positions left join raw.batches using (cluster_id, topic_id, partition)
where positions.topic_id = %s and positions.partition = %s
group by positions.next_offset
"""

FORMER_LIVES = """
select topic, topic_id, sum(next_offset)::bigint
from raw.positions
where topic_id <> all(%s)
group by topic, topic_id
order by topic, max(moved_at)
"""

FILES = """
select file_sha256, file_name, site_id, device_id, time_zone, mapping, punch_count, quarantined_count, imported_at
from raw.files order by imported_at
"""

LINES = "select file_line from raw.quarantine where file_sha256 = %s and file_line is not null"

# The header is what a refused record is known by: its value may not even be JSON.
EVENT_IDS = r"""
select distinct header.value ->> 1
from raw.quarantine, jsonb_array_elements(headers) as header (value)
where
    header.value ->> 0 = 'ce_id'
    and header.value ->> 1 ~ '^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$'
"""


def read_offsets(connection: Connection, topic_id: str, partition: int) -> ReadOffsets:
    """Which offsets of a partition the batches cover."""
    found = connection.execute(READ_OFFSETS, (topic_id, partition)).fetchone()
    return ReadOffsets(*found) if found else ReadOffsets(0, 0)


def former_lives(connection: Connection, topic_ids: Sequence[str]) -> Sequence[tuple[str, str, int]]:
    """(topic, topic id, offsets read) of topics that were read and are none of these any more."""
    return connection.execute(FORMER_LIVES, (list(topic_ids),)).fetchall()


def imported_files(connection: Connection) -> Sequence[ImportedFile]:
    """All imported files, the oldest first."""
    with connection.cursor(row_factory=class_row(ImportedFile)) as cursor:
        return cursor.execute(FILES).fetchall()


def quarantined_lines(connection: Connection, file_sha256: str) -> set[int]:
    """The lines of a file that are in quarantine."""
    return {line for (line,) in connection.execute(LINES, (file_sha256,))}


def quarantined_event_ids(connection: Connection) -> set[UUID]:
    """The events that a quarantined record of Kafka was sent as."""
    return {UUID(event_id) for (event_id,) in connection.execute(EVENT_IDS)}
