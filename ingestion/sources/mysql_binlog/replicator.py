"""The replicator: one at a time, a snapshot first, then the binary log, its position written after the acknowledgements.

Whatever happens, it begins again at its last position: what it then sends twice, the consumers know by GTID and row.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import UUID

import pymysql
import structlog
import uuid_utils.compat
from pymysqlreplication.row_event import TableMapEvent

from ingestion.kafka import AcknowledgedProducer
from ingestion.sources.mysql_binlog import positions
from ingestion.sources.mysql_binlog.catalog import read_catalog
from ingestion.sources.mysql_binlog.changes import KafkaRecord, Place
from ingestion.sources.mysql_binlog.connection import (
    MysqlConnection,
    fetch_value,
    mysql_connection,
    transient_when_gone,
)
from ingestion.sources.mysql_binlog.flavours import FLAVOURS, check_source
from ingestion.sources.mysql_binlog.snapshot import snapshot_records
from ingestion.sources.mysql_binlog.stream import ChangeStream, SnapshotNeeded, Transaction, open_reader
from timecontrol.clock import Clock
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.hr_change import TOPIC, ReplicatorPosition
from timecontrol.settings import Settings

log = structlog.get_logger()

# On the source: whoever holds it replicates, all others wait.
LOCK = "timecontrol.replicator"
LOCK_ATTEMPT_SECONDS = 5
# How often its session shows that it lives: well within SESSION_TIMEOUT_SECONDS, and seldom enough to cost nothing.
LOCK_CHECK_SECONDS = 1.0
# A change waits at most this long for others to share its message set.
LINGER_MS = 5
# What is read again after a kill: at most this much.
POSITION_SECONDS = 1.0
POSITION_RECORDS = 20_000
PAUSE_SECONDS = 2.0
ERROR_OF_THE_LOG = 1236
ERROR_TABLE_CHANGED = 1412
# What the servers say when the log does not hold the position: purged, or written by another history.
POSITION_LOST = ("purged", "not in the master's binlog", "Could not find GTID state", "missing transactions")


class Replicator:
    """Copies the legacy database to `hr.changes.v1` until `stop` is set."""

    def __init__(self, settings: Settings, clock: Clock, stop: threading.Event) -> None:
        self._settings = settings
        self._clock = clock
        self._stop = stop
        self._flavour = FLAVOURS[settings.mysql.flavour]
        self._lock_checked_at = float("-inf")

    def run(self) -> None:
        """Replicate; a server that is away is waited for. Other errors are raised: they need a person."""
        while not self._stop.is_set():
            try:
                with self._lock() as lock:
                    self._replicate(lock)
            except Transient as error:
                log.warning("replication_interrupted", reason=str(error))
                self._stop.wait(PAUSE_SECONDS)

    @contextmanager
    def _lock(self) -> Iterator[MysqlConnection]:
        """The session that holds the lock on the source; waits for it. A stop while waiting raises Transient."""
        with mysql_connection(self._settings) as connection, transient_when_gone():
            waiting = False
            while fetch_value(connection, "select get_lock(%s, %s)", (LOCK, LOCK_ATTEMPT_SECONDS)) != "1":
                if self._stop.is_set():
                    raise Transient("stopped while another replicator holds the lock")
                if not waiting:
                    log.info("waiting_for_lock", lock=LOCK)
                waiting = True
            yield connection

    def _check_lock(self, lock: MysqlConnection) -> None:
        """Show the server that this session lives. Raises Transient when the lock is not ours any more."""
        with transient_when_gone():
            if fetch_value(lock, "select is_used_lock(%s) = connection_id()", (LOCK,)) != "1":
                raise Transient("the lock on the source was lost")
        self._lock_checked_at = time.monotonic()

    def _keep_lock(self, lock: MysqlConnection) -> None:
        """Check the lock when it is time to: called so often that nothing which takes long outlasts its session."""
        if time.monotonic() - self._lock_checked_at > LOCK_CHECK_SECONDS:
            self._check_lock(lock)

    def _replicate(self, lock: MysqlConnection) -> None:
        check_source(lock, self._flavour)
        producer = AcknowledgedProducer(self._settings, "replicator", linger_ms=LINGER_MS)
        try:
            position = positions.load(self._settings)
            is_lost = False
            while not self._stop.is_set():
                if position is None or position.gtid is None or is_lost:
                    position, is_lost = self._snapshot(lock, producer, position), False
                try:
                    self._stream(lock, producer, position)
                except SnapshotNeeded as reason:
                    log.warning("snapshot_needed", reason=str(reason))
                    is_lost = True
        finally:
            producer.abandon()

    def _snapshot(
        self, lock: MysqlConnection, producer: AcknowledgedProducer, last: ReplicatorPosition | None
    ) -> ReplicatorPosition:
        """Take a snapshot under an id greater than the last one's; returns the position from which the stream goes on."""
        snapshot_id = next_snapshot_id(None if last is None else last.snapshot_id)
        began_at = self._clock.now()
        # From here on a restart must begin with a snapshot: consumers have been told to forget the position before.
        positions.save(producer, ReplicatorPosition(snapshot_id, None, began_at))
        partitions = producer.partition_count(TOPIC)
        database = self._settings.mysql.database
        count = 0
        with mysql_connection(self._settings) as connection, _altered_is_transient():
            gtid = self._flavour.begin_snapshot(connection)
            for records in snapshot_records(connection, database, Place(gtid, 0, snapshot_id, began_at), partitions):
                _send(producer, records)
                count += len(records)
                if self._stop.is_set():
                    raise Transient("stopped during a snapshot")
                self._keep_lock(lock)
        producer.flush()
        position = ReplicatorPosition(snapshot_id, gtid, self._clock.now())
        positions.save(producer, position)
        log.info("snapshot_taken", snapshot_id=str(snapshot_id), gtid=gtid, records=count)
        return position

    def _stream(self, lock: MysqlConnection, producer: AcknowledgedProducer, position: ReplicatorPosition) -> None:
        """Follow the log until a stop. Raises SnapshotNeeded, and Transient when a server is away."""
        partitions, database = producer.partition_count(TOPIC), self._settings.mysql.database
        stream = ChangeStream(database, position.snapshot_id, partitions, read_catalog(lock, database))
        progress = Progress(position.gtid or "", time.monotonic())
        log.info("streaming", gtid=progress.gtid, snapshot_id=str(position.snapshot_id))
        with (
            closing(open_reader(self._settings, self._flavour, progress.gtid)) as reader,
            _purged_needs_snapshot(),
            transient_when_gone(),
        ):
            while not self._stop.is_set():
                event = reader.fetchone()
                if event is None:
                    raise Transient("the source ended the binary log")
                if isinstance(event, TableMapEvent):
                    if not stream.knows(event):
                        stream.catalog = read_catalog(lock, database)
                    stream.see_table(event)
                records = list(stream.records(event))
                _send(producer, records)
                progress.records += len(records)
                # Here and not at boundaries alone: one transaction may take longer than an idle session lives.
                self._keep_lock(lock)
                boundary = stream.boundary(event)
                if boundary is not None:
                    self._reach(lock, producer, position.snapshot_id, progress, boundary)
        self._write_position(producer, position.snapshot_id, progress)

    def _reach(
        self,
        lock: MysqlConnection,
        producer: AcknowledgedProducer,
        snapshot_id: UUID,
        progress: "Progress",
        boundary: Transaction,
    ) -> None:
        """Note the end of a transaction, and write the position when it is time to."""
        if boundary.gtid is not None:
            progress.gtid = self._flavour.advance(progress.gtid, boundary.gtid)
            progress.moved = True
        if time.monotonic() - progress.written_at > POSITION_SECONDS or progress.records >= POSITION_RECORDS:
            self._check_lock(lock)
            self._write_position(producer, snapshot_id, progress)

    def _write_position(self, producer: AcknowledgedProducer, snapshot_id: UUID, progress: "Progress") -> None:
        """Flush first, then move."""
        if progress.moved:
            producer.flush()
            positions.save(producer, ReplicatorPosition(snapshot_id, progress.gtid, self._clock.now()))
        progress.written_at, progress.moved, progress.records = time.monotonic(), False, 0


def next_snapshot_id(last: UUID | None) -> UUID:
    """A new UUIDv7; greater than `last` also when the clock was set back, for consumers drop what a smaller one names."""
    fresh: UUID = uuid_utils.compat.uuid7()
    return fresh if last is None or fresh > last else UUID(int=last.int + 1)


@dataclass
class Progress:
    """How far the stream has come: `gtid` after the last whole transaction, and what happened since the position was written."""

    gtid: str
    written_at: float
    moved: bool = False
    records: int = 0


def _send(producer: AcknowledgedProducer, records: Sequence[KafkaRecord]) -> None:
    for record in records:
        producer.send(TOPIC, record.key, record.value, partition=record.partition)


@contextmanager
def _purged_needs_snapshot() -> Iterator[None]:
    """A log that does not hold our position any more asks for a snapshot; any other complaint about it is raised."""
    try:
        yield
    except pymysql.err.OperationalError as error:
        if error.args[0] == ERROR_OF_THE_LOG and any(words in str(error) for words in POSITION_LOST):
            raise SnapshotNeeded(f"the log does not hold the position: {error.args[1]}") from error
        raise


@contextmanager
def _altered_is_transient() -> Iterator[None]:
    """A table that was altered during a snapshot cannot be read in it: the next attempt sees the new one."""
    try:
        with transient_when_gone():
            yield
    except pymysql.err.MySQLError as error:
        if error.args and error.args[0] == ERROR_TABLE_CHANGED:
            raise Transient(f"a table was altered during the snapshot: {error}") from error
        raise
