"""What is known about the entries that were sent and may not leave the stream yet. Pure: no clock, no I/O.

An entry leaves when PostgreSQL has all of it. Kafka's acknowledgement is not enough: a broker that loses its disk loses
what it acknowledged, and then the entry is sent again. Sending again is harmless, the dedup key counts a repeat.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from timecontrol.kafka_topics import Incarnation

# Entries that are looked up or read again at once: 64 batches of 5,000 are one query of 320,000 ids, half a second.
ENTRIES_OF_A_SLICE = 64
# What of them may have to be read from Redis and compared: a body of refused bytes has 5 MB at most, an ordinary batch 1.5.
BYTES_OF_A_SLICE = 32_000_000

#: `waiting`: the sink has not come so far. `passed`: it has, so PostgreSQL must know every record. `lost`: Kafka does not
#: hold it any more, send it again.
Progress = Literal["waiting", "passed", "lost"]


@dataclass
class SentEntry:
    """An entry after it was handed to the producer.

    Attributes:
        event_ids: the events that should become rows; refused records have none.
        has_refused: whether it holds bytes that belong in quarantine.
        byte_count: size of its records.
        unacknowledged: records that the broker has not answered for yet; at first all.
        last_offsets: the highest acknowledged offset by partition.
        failed: the broker refused a record, or did not answer for it in time.
    """

    entry_id: str
    incarnation: Incarnation
    event_ids: tuple[UUID, ...]
    has_refused: bool
    byte_count: int
    unacknowledged: int
    last_offsets: dict[int, int] = field(default_factory=dict)
    failed: bool = False
    record_count: int = field(init=False)

    def __post_init__(self) -> None:
        self.record_count = self.unacknowledged

    def acknowledged(self, partition: int, offset: int) -> None:
        """The broker has one more record of this entry."""
        self.unacknowledged -= 1
        self.last_offsets[partition] = max(offset, self.last_offsets.get(partition, -1))

    def not_acknowledged(self) -> None:
        """The broker has given up on a record of this entry."""
        self.unacknowledged -= 1
        self.failed = True


class Ledger:
    """The entries that were sent and have not been seen in PostgreSQL, in the order of the stream."""

    def __init__(self) -> None:
        self._entries: dict[str, SentEntry] = {}
        self.record_count = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, entry_id: object) -> bool:
        return entry_id in self._entries

    def __iter__(self) -> Iterator[SentEntry]:
        return iter(tuple(self._entries.values()))

    def add(self, entry: SentEntry) -> None:
        """Remember an entry that is being sent; one that is sent again replaces what was known."""
        self.remove([entry.entry_id])
        self._entries[entry.entry_id] = entry
        self.record_count += entry.record_count

    def remove(self, entry_ids: Iterable[str]) -> None:
        """Forget entries that have left the stream."""
        for entry_id in entry_ids:
            found = self._entries.pop(entry_id, None)
            if found is not None:
                self.record_count -= found.record_count


def progress(entry: SentEntry, current: Incarnation, positions: Mapping[int, int], ends: Mapping[int, int]) -> Progress:
    """How far an entry has come.

    `positions` are the sink's next offsets, `ends` the log's, both by partition and of the `current` incarnation; a
    partition whose end is not known does not tell a loss.
    """
    if entry.unacknowledged:
        return "waiting"
    if entry.failed or entry.incarnation != current:
        return "lost"
    if all(positions.get(partition, 0) > offset for partition, offset in entry.last_offsets.items()):
        return "passed"
    if any(ends.get(partition, offset + 1) <= offset for partition, offset in entry.last_offsets.items()):
        return "lost"
    return "waiting"


def slices(entries: Iterable[SentEntry]) -> Iterator[list[SentEntry]]:
    """The entries in their order, in parts that can be handled at once; a part has one entry at least."""
    part: list[SentEntry] = []
    size = 0
    for entry in entries:
        if part and (len(part) == ENTRIES_OF_A_SLICE or size + entry.byte_count > BYTES_OF_A_SLICE):
            yield part
            part, size = [], 0
        part.append(entry)
        size += entry.byte_count
    if part:
        yield part
