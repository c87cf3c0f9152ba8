"""The outbox: records for Kafka, written in the transaction of the change that they announce."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

import psycopg
from psycopg.types.json import Jsonb

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES
from timecontrol.contracts.record import Headers
from timecontrol.settings import Settings
from timecontrol.warehouse.failures import transient_failures
from timecontrol.warehouse.locks import AdvisoryLock
from timecontrol.warehouse.pools import Connection, conninfo

#: Channel of NOTIFY, sent by a trigger when rows are committed (0005_hr_streams.sql).
CHANNEL = "outbox"


@dataclass(frozen=True)
class OutboxRecord:
    """One record to produce."""

    outbox_id: int
    topic: str
    record_key: str
    headers: Headers
    value: bytes


class NewRecord(NamedTuple):
    """A record to be produced."""

    topic: str
    record_key: str
    headers: Headers
    value: bytes


def add(connection: Connection, topic: str, key: str, headers: Headers, value: bytes) -> None:
    """Put a record into the outbox, in the caller's transaction. Raises Rejected for one that Kafka would not take."""
    add_all(connection, [NewRecord(topic, key, headers, value)])


def add_all(connection: Connection, records: Sequence[NewRecord]) -> None:
    """Put records into the outbox in this order, in the caller's transaction. Raises Rejected for one that is too large."""
    for record in records:
        if len(record.value) > MAX_RECORD_BYTES:
            reason = f"the record {record.record_key!r} has {len(record.value)} bytes, at most {MAX_RECORD_BYTES} are allowed"
            raise Rejected("too_large", reason)
    with connection.cursor() as cursor:
        cursor.executemany(
            "insert into core.outbox (topic, record_key, headers, value) values (%s, %s, %s, %s)",
            [
                (topic, key, Jsonb([[name, content.decode()] for name, content in headers]), value)
                for topic, key, headers, value in records
            ],
        )


@contextmanager
def relay_connection(settings: Settings) -> Iterator[Connection]:
    """The one connection that may read the outbox, listening on its channel; waits for the relay that holds it.

    Raises Transient when the primary does not answer. Closing it, or its loss, lets the next relay in.
    """
    with transient_failures(), psycopg.connect(conninfo(settings, "ingest"), autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(%s)", (AdvisoryLock.RELAY_OUTBOX,))
        connection.execute(f"listen {CHANNEL}".encode())
        yield connection


def oldest(connection: Connection, limit: int) -> Sequence[OutboxRecord]:
    """The records that have waited longest, in the order in which they were written."""
    rows = connection.execute(
        "select outbox_id, topic, record_key, headers, value from core.outbox order by outbox_id limit %s", (limit,)
    )
    return [
        OutboxRecord(outbox_id, topic, key, [(name, content.encode()) for name, content in headers], bytes(value))
        for outbox_id, topic, key, headers, value in rows
    ]


def remove(connection: Connection, records: Sequence[OutboxRecord]) -> None:
    """Take out records that Kafka has acknowledged."""
    connection.execute("delete from core.outbox where outbox_id = any(%s)", ([record.outbox_id for record in records],))


def wait_for_news(connection: Connection, seconds: float) -> None:
    """Return when a transaction has written to the outbox, or after this many seconds."""
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        pass
