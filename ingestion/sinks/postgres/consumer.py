"""The Postgres store: one transaction for the rows, what was refused, the batch rows and the positions of a poll."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import structlog
from psycopg_pool import ConnectionPool

from ingestion.sinks.decode import named_headers
from ingestion.sinks.postgres.handler import Decoded, Handler
from ingestion.sinks.records import PartitionId, Position, PositionMoved, Refused, Run
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.record import verified_producer
from timecontrol.warehouse.failures import LIMITS
from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.positions import (
    Batch,
    finish_batches,
    has_former_position,
    read_position,
    reserve_batch_ids,
    start_position,
)
from timecontrol.warehouse.quarantine import QuarantineEntry, insert_entries
from timecontrol.warehouse.transactions import transaction

log = structlog.get_logger()

# What PostgreSQL raises for a value it cannot hold, whatever our own checks let through. Anything else is a fault of ours.
DATA_ERRORS = (psycopg.DataError, psycopg.errors.CheckViolation, *LIMITS)

FILE_ORIGIN = re.compile(rb"file:([0-9a-f]{64})#([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run, decoded: each of its records is in one of the two lists."""

    run: Run
    decoded: Sequence[Decoded[Any]]
    refused: Sequence[Refused]


class PostgresStore:
    """Writes runs of records through the handler of their topic; see `ingestion.sinks.loop.Store`."""

    def __init__(self, pool: ConnectionPool[Connection], handlers: Sequence[Handler[Any]], signing_key: bytes) -> None:
        self._pool = pool
        self._handlers: Mapping[str, Handler[Any]] = {handler.topic: handler for handler in handlers}
        self._signing_key = signing_key

    def position(self, partition_id: PartitionId) -> Position | None:
        """From where to read a partition, None if it was never read."""
        with transaction(self._pool) as connection:
            found = read_position(connection, partition_id.cluster_id, partition_id.topic_id, partition_id.partition)
        return None if found is None else Position(*found)

    def start(self, partition_id: PartitionId, offset: int) -> None:
        """Begin a partition that was never read."""
        with transaction(self._pool) as connection:
            start_position(connection, *partition_id, offset)

    def knows_former_life(self, partition_id: PartitionId) -> bool:
        """Whether this partition of another topic or cluster by the same name was read."""
        with transaction(self._pool) as connection:
            return has_former_position(connection, *partition_id)

    def apply(self, runs: Sequence[Run]) -> None:
        """Write the runs and move their positions; raises PositionMoved when another consumer has moved one."""
        self._apply([self._decode(run) for run in runs])

    def _decode(self, run: Run) -> Piece:
        handler = self._handlers[run.partition_id.topic]
        decoded: list[Decoded[Any]] = []
        refused: list[Refused] = []
        for record in run.records:
            try:
                decoded.append(Decoded(record, handler.decode(record)))
            except Rejected as error:
                refused.append(Refused(record, error))
        return Piece(run, decoded, refused)

    def _apply(self, pieces: Sequence[Piece]) -> None:
        try:
            with transaction(self._pool) as connection:
                self._write(connection, pieces)
        except DATA_ERRORS as error:
            halves = halved(pieces)
            if halves is None:
                self._apply([refused_by_database(pieces[0], error)])
                return
            for half in halves:
                self._apply(half)

    def _write(self, connection: Connection, pieces: Sequence[Piece]) -> None:
        batch_ids = dict(
            zip((piece.run.partition_id for piece in pieces), reserve_batch_ids(connection, len(pieces)), strict=True)
        )
        repeats: Counter[PartitionId] = Counter()
        refused = [(piece.run.partition_id, item) for piece in pieces for item in piece.refused]
        for topic, handler in self._handlers.items():
            ids = {
                piece.run.partition_id.partition: piece.run.partition_id
                for piece in pieces
                if piece.run.partition_id.topic == topic
            }
            decoded = [item for piece in pieces if piece.run.partition_id.topic == topic for item in piece.decoded]
            if not decoded:
                continue
            outcome = handler.write(connection, decoded, {number: batch_ids[each] for number, each in ids.items()})
            repeats.update(ids[record.partition] for record in outcome.repeats)
            refused += [(ids[item.record.partition], item) for item in outcome.refused]
        insert_entries(
            connection, (self._entry(partition_id, item, batch_ids[partition_id]) for partition_id, item in refused)
        )
        quarantined = Counter(partition_id for partition_id, _ in refused)
        batches = [batch_of(piece.run, batch_ids, repeats, quarantined) for piece in pieces]
        if not finish_batches(connection, batches):
            raise PositionMoved
        for partition_id, item in refused:
            log.warning("quarantined", place=item.record.place, code=item.error.code, topic_id=partition_id.topic_id)

    def _entry(self, partition_id: PartitionId, refused: Refused, batch_id: int) -> QuarantineEntry:
        record = refused.record
        payload = record.value or b""
        headers = named_headers(record)
        signed = verified_producer(headers.items(), payload, self._signing_key) is not None
        origin = FILE_ORIGIN.fullmatch(headers.get("ce_origin", b"")) if signed else None
        return QuarantineEntry(
            source=f"kafka:{partition_id.topic_id}",
            place=record.place,
            code=refused.error.code,
            reason=refused.error.reason,
            payload=payload,
            record_key=record.key,
            headers=record.headers,
            topic=record.topic,
            topic_partition=record.partition,
            topic_offset=record.offset,
            file_sha256=origin[1].decode() if origin else None,
            file_line=int(origin[2]) if origin else None,
            batch_id=batch_id,
        )


def batch_of(
    run: Run, batch_ids: Mapping[PartitionId, int], repeats: Counter[PartitionId], quarantined: Counter[PartitionId]
) -> Batch:
    """The batch row of a run."""
    partition_id = run.partition_id
    return Batch(
        batch_id=batch_ids[partition_id],
        cluster_id=partition_id.cluster_id,
        topic_id=partition_id.topic_id,
        topic=partition_id.topic,
        partition=partition_id.partition,
        first_offset=run.first_offset,
        last_offset=run.last_offset,
        row_count=len(run.records) - repeats[partition_id] - quarantined[partition_id],
        repeat_count=repeats[partition_id],
        quarantined_count=quarantined[partition_id],
        gap_count=run.gap_count,
        leader_epoch=run.leader_epoch,
    )


def halved(pieces: Sequence[Piece]) -> tuple[Sequence[Piece], Sequence[Piece]] | None:
    """The same records as two smaller batches, each partition still in order; None when there is one record alone."""
    if len(pieces) > 1:
        middle = len(pieces) // 2
        return pieces[:middle], pieces[middle:]
    piece = pieces[0]
    records = piece.run.records
    if len(records) == 1:
        return None
    boundary = records[len(records) // 2].offset
    first = replace(piece.run, records=[record for record in records if record.offset < boundary])
    second = Run(
        piece.run.partition_id, first.last_offset + 1, [record for record in records if record.offset >= boundary]
    )
    return [_part(piece, first)], [_part(piece, second)]


def _part(piece: Piece, run: Run) -> Piece:
    offsets = {record.offset for record in run.records}
    return Piece(
        run,
        [item for item in piece.decoded if item.record.offset in offsets],
        [item for item in piece.refused if item.record.offset in offsets],
    )


def refused_by_database(piece: Piece, error: psycopg.Error) -> Piece:
    """The piece of one record that PostgreSQL cannot hold, for quarantine; raises the error if it was refused before."""
    if not piece.decoded:
        raise error
    reason = f"PostgreSQL cannot hold it: {error.diag.message_primary or error}"
    return Piece(piece.run, (), [Refused(piece.run.records[0], Rejected("refused_by_database", reason))])
