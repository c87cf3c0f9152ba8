"""What the Postgres sink asks of the code for one topic: a pure `decode` and a `write` inside the sink's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, Protocol, TypeVar

from ingestion.sinks.records import Record, Refused
from timecontrol.warehouse.pools import Connection

Content = TypeVar("Content")


class Decoded(NamedTuple, Generic[Content]):
    """A record and what it says."""

    record: Record
    content: Content


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the decoded records of one batch; each that is named in neither list was written."""

    repeats: Sequence[Record] = field(default=())
    refused: Sequence[Refused] = field(default=())


class Handler(Protocol[Content]):
    """The code for one topic.

    The sink decodes a poll's records first, without a transaction. Then one transaction holds `write`, the quarantined
    records, the batch rows and the positions of all partitions. `write` neither commits nor rolls back. If PostgreSQL
    refuses the data (DataError, a check constraint) the sink rolls back, halves the batch until the record is alone,
    and quarantines that; so `write` may see the same records again.
    """

    topic: str

    def decode(self, record: Record) -> Content:
        """Pure: what the record says. Raises Rejected, which quarantines the record."""
        ...

    def write(
        self, connection: Connection, decoded: Sequence[Decoded[Content]], batch_ids: Mapping[int, int]
    ) -> Outcome:
        """Write the records, in the order of their offsets within each partition; `batch_ids` are by partition."""
        ...
