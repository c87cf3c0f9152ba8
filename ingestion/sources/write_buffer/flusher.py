"""The flusher's steps: send what is new, see what PostgreSQL has committed, send again what Kafka has lost."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

import structlog
from psycopg_pool import ConnectionPool

from ingestion.sources.write_buffer.broker import Broker
from ingestion.sources.write_buffer.entries import StreamEntry, records_of
from ingestion.sources.write_buffer.ledger import Ledger, SentEntry, progress, slices
from ingestion.sources.write_buffer.stream import Stream, accepted_at
from ingestion.topic_log import TopicLog
from timecontrol.kafka_topics import Incarnation
from timecontrol.warehouse.evidence import committed_ids, quarantined_hashes
from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.positions import read_positions
from timecontrol.warehouse.transactions import transaction

log = structlog.get_logger()

# Bounds our memory while the sink is away: the rest waits in the stream.
MAX_UNSETTLED_RECORDS = 100_000
# The clocks of the Write Redis and PostgreSQL may differ by this much when we look for bytes quarantined since.
CLOCK_SLACK = timedelta(hours=1)
# A primary that is frozen must not keep new punches from Kafka; a look takes half a second at most.
LOOK_SECONDS = 5


class Flusher:
    """One pass after another over the stream; every step may be cut short anywhere and is taken again."""

    def __init__(self, stream: Stream, broker: Broker, topic_log: TopicLog, pool: ConnectionPool[Connection]) -> None:
        self._stream = stream
        self._broker = broker
        self._topic_log = topic_log
        self._pool = pool
        self.ledger = Ledger()

    def send_new(self, incarnation: Incarnation, wait_ms: int) -> None:
        """Send what has come in; waits for the first entry, or for acknowledgements when enough is under way."""
        if self.ledger.record_count < MAX_UNSETTLED_RECORDS:
            new = [entry for entry in self._stream.read(wait_ms) if entry.entry_id not in self.ledger]
            self._send(new, incarnation)
        self._broker.serve()

    def settle(self, incarnation: Incarnation, *, look_for_losses: bool) -> bool:
        """Take out what PostgreSQL has, send again what Kafka has lost; True if there is more to look at at once.

        `look_for_losses` asks the broker whether its log still reaches as far as it acknowledged. Raises Transient when
        PostgreSQL does not answer.
        """
        self._broker.serve()
        if not len(self.ledger):
            return False
        partitions = {partition for entry in self.ledger for partition in entry.last_offsets}
        ends = self._topic_log.ends(partitions) if look_for_losses and partitions else {}
        with transaction(self._pool, LOOK_SECONDS) as connection:
            positions = read_positions(connection, *incarnation)
        found = {entry.entry_id: progress(entry, incarnation, positions, ends) for entry in self.ledger}
        passed = [entry for entry in self.ledger if found[entry.entry_id] == "passed"]
        looked_at = next(slices(passed), [])
        missing = self._missing(looked_at)
        lost = [entry for entry in self.ledger if found[entry.entry_id] == "lost"]
        settled = [entry.entry_id for entry in looked_at if entry not in missing]
        self._stream.take_out(settled)
        self.ledger.remove(settled)
        if lost or missing:
            log.warning("send_again", not_in_kafka=len(lost), not_in_postgres=len(missing))
            for part in slices([*lost, *missing]):
                self._send(self._stream.again([entry.entry_id for entry in part]), incarnation)
        return len(passed) > len(looked_at)

    def _send(self, entries: Iterable[StreamEntry], incarnation: Incarnation) -> None:
        for entry in entries:
            records = records_of(entry)
            sent = SentEntry(
                entry_id=entry.entry_id,
                incarnation=incarnation,
                event_ids=tuple(UUID(record.event_id) for record in records if record.refused is None),
                has_refused=any(record.refused is not None for record in records),
                byte_count=sum(len(record.value) for record in records),
                unacknowledged=len(records),
            )
            self.ledger.add(sent)
            self._broker.send(records, partial(_delivered, sent))

    def _missing(self, passed: Sequence[SentEntry]) -> list[SentEntry]:
        """Entries of which PostgreSQL lacks something although the sink has read past them.

        Redis is read between two transactions, so that none stands open while another server is waited for.
        """
        with transaction(self._pool, LOOK_SECONDS) as connection:
            known = committed_ids(connection, [event_id for entry in passed for event_id in entry.event_ids])
        doubtful = [entry for entry in passed if entry.has_refused or not known.issuperset(entry.event_ids)]
        if not doubtful:
            return []
        wanted: dict[str, set[bytes]] = {}
        for read in self._stream.again([entry.entry_id for entry in doubtful]):
            wanted[read.entry_id] = {
                sha256(record.value).digest()
                for record in records_of(read)
                if record.refused is not None or UUID(record.event_id) not in known
            }
        since = min(accepted_at(entry_id) for entry_id in wanted) - CLOCK_SLACK
        with transaction(self._pool, LOOK_SECONDS) as connection:
            kept = quarantined_hashes(connection, set().union(*wanted.values()), since)
        return [entry for entry in doubtful if not wanted[entry.entry_id] <= kept]


def _delivered(entry: SentEntry, place: tuple[int, int] | None) -> None:
    if place is None:
        entry.not_acknowledged()
    else:
        entry.acknowledged(*place)
