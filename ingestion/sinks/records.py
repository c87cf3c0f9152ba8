"""What a sink reads: records of a Kafka topic, in runs of consecutive offsets."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from timecontrol.contracts.errors import Rejected


class PartitionId(NamedTuple):
    """A partition of one incarnation of a topic: a topic that is made anew under its old name has another id."""

    cluster_id: str
    topic_id: str
    topic: str
    partition: int


class Position(NamedTuple):
    """The next offset to read, and the leader epoch of the record before it; None before the first record."""

    offset: int
    leader_epoch: int | None = None


class Record(NamedTuple):
    """One record as the broker stores it; `appended_ms` is the broker's append time, milliseconds since 1970 UTC.

    `leader_epoch` counts who has led the partition when the record was written: a log that lost its end grows on under another.
    Headers that the client cannot hand over (a name that is not UTF-8) are left out, all of them, and are not `has_readable_headers`.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    appended_ms: int
    has_readable_headers: bool = True
    leader_epoch: int | None = None

    @property
    def appended_at(self) -> datetime:
        """The broker's append time, aware, in UTC."""
        return datetime.fromtimestamp(self.appended_ms / 1000, UTC)

    @property
    def place(self) -> str:
        """`topic/partition/offset`."""
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True, slots=True)
class Run:
    """The offsets `first_offset` … `last_offset` of one partition, and the records that the broker delivered for them.

    `first_offset` is the position that the run starts from: where the log has a gap (compaction, marks of a
    transaction), the first record lies behind it. A run has at least one record.
    """

    partition_id: PartitionId
    first_offset: int
    records: Sequence[Record]

    @property
    def last_offset(self) -> int:
        """The last offset that the run covers."""
        return self.records[-1].offset

    @property
    def leader_epoch(self) -> int | None:
        """The leader epoch of the last record."""
        return self.records[-1].leader_epoch

    @property
    def gap_count(self) -> int:
        """How many of the offsets had no record."""
        return self.last_offset - self.first_offset + 1 - len(self.records)


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that goes to quarantine, and why."""

    record: Record
    error: Rejected


class PositionMoved(Exception):
    """Another consumer has moved the position of a partition: nothing was written, read the position again."""


class PositionOutsideLog(Exception):
    """The log does not hold the position: records were lost. An alarm and a stop, never a reset."""


class LogReplaced(Exception):
    """The cluster or a topic is another one than at the start: what was in the old log and not yet read is lost."""
