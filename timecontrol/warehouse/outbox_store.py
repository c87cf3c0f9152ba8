"""The outbox: records for Kafka, written in the transaction of the change that they announce.

A punch stays until the Postgres sink has it, so that one which Kafka loses is sent again; other records leave when Kafka
has acknowledged them.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES
from timecontrol.contracts.record import Headers
from timecontrol.settings import Settings
from timecontrol.warehouse.deadline import hang_up_after
from timecontrol.warehouse.failures import transient_failures
from timecontrol.warehouse.locks import AdvisoryLock
from timecontrol.warehouse.pools import Connection, conninfo
from timecontrol.warehouse.transactions import TRANSACTION_SECONDS

#: Channel of NOTIFY, sent by a trigger when rows are committed (0005_hr_streams.sql).
CHANNEL = "outbox"


@dataclass(frozen=True)
class OutboxRecord:
    """One record to produce; `event_id` is that of a punch."""

    outbox_id: int
    event_id: UUID | None
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


class Place(NamedTuple):
    """Where Kafka has acknowledged a record."""

    outbox_id: int
    partition: int
    offset: int


class Settled(NamedTuple):
    """How many records have left the outbox, and how many are to be sent again."""

    removed: int
    again: int


# Of the records that the sink has read past: those that PostgreSQL has leave, the others are to be sent again. Looked up
# one by one: a join of the two would be planned for a handful of rows and take minutes for a legacy import.
SETTLE = """
with passed as materialized (
    select
        outbox.outbox_id,
        exists (select 1 from raw.punch_ids where punch_ids.event_id = outbox.event_id)
        or exists (
            select 1 from raw.quarantine
            where
                quarantine.source = 'kafka:' || outbox.topic_id
                and quarantine.place = outbox.topic || '/' || outbox.topic_partition || '/' || outbox.topic_offset
                -- Another record lies there in a log that was cut and has grown again.
                and quarantine.payload = outbox.value
        ) as has_arrived
    from core.outbox
    inner join raw.positions on positions.topic_id = outbox.topic_id and positions.partition = outbox.topic_partition
    where outbox.topic_offset < positions.next_offset
    limit %s
),

removed as (
    delete from core.outbox using passed where outbox.outbox_id = passed.outbox_id and passed.has_arrived returning 1
),

again as (
    update core.outbox set topic_id = null, topic_partition = null, topic_offset = null
    from passed
    where outbox.outbox_id = passed.outbox_id and not passed.has_arrived
    returning 1
)

select (select count(*) from removed), (select count(*) from again)
"""

# Of another life of the topic, or behind the end of the log as it is now.
SEND_LOST_AGAIN = """
update core.outbox set topic_id = null, topic_partition = null, topic_offset = null
where
    topic_id <> %(topic_id)s
    or exists (
        select 1
        from unnest(%(partitions)s::integer[], %(ends)s::bigint[]) as log (partition, next_offset)
        where log.partition = outbox.topic_partition and log.next_offset <= outbox.topic_offset
    )
"""

NOTE_PLACES = """
update core.outbox
set topic_id = %s, topic_partition = place.partition, topic_offset = place.topic_offset
from unnest(%s::bigint[], %s::integer[], %s::bigint[]) as place (outbox_id, partition, topic_offset)
where outbox.outbox_id = place.outbox_id
"""


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

    Raises Transient when the primary does not answer, at its first statement or a later one. Closing it, or its loss, lets
    the next relay in.
    """
    with transient_failures(), psycopg.connect(conninfo(settings, "ingest"), autocommit=True) as connection:
        with _bounded(connection):
            connection.execute("select pg_advisory_lock(%s)", (AdvisoryLock.RELAY_OUTBOX,))
            connection.execute(f"listen {CHANNEL}".encode())
        yield connection


def _bounded(connection: Connection) -> AbstractContextManager[object]:
    """A bound for each statement, not for the connection: between them the relay waits for Kafka, in no transaction."""
    return hang_up_after(connection, TRANSACTION_SECONDS)


def to_send(connection: Connection, limit: int) -> Sequence[OutboxRecord]:
    """The records that have waited longest for Kafka, in the order in which they were written."""
    with _bounded(connection):
        rows = connection.execute(
            "select outbox_id, event_id, topic, record_key, headers, value from core.outbox where topic_id is null "
            "order by outbox_id limit %s",
            (limit,),
        )
    return [
        OutboxRecord(
            outbox_id, event_id, topic, key, [(name, content.encode()) for name, content in headers], bytes(value)
        )
        for outbox_id, event_id, topic, key, headers, value in rows
    ]


def note_places(connection: Connection, topic_id: str, places: Sequence[Place]) -> None:
    """Remember where records lie that stay until the sink has them; `topic_id` is the life of their topic."""
    columns = zip(*places, strict=True) if places else ((), (), ())
    with _bounded(connection):
        connection.execute(NOTE_PLACES, (topic_id, *map(list, columns)))


def settle(connection: Connection, limit: int) -> Settled:
    """Take out punches that PostgreSQL has, of at most `limit` that the sink has read past, and mark its gaps to be sent."""
    with _bounded(connection):
        found = connection.execute(SETTLE, (limit,)).fetchone()
    assert found is not None
    return Settled(*found)


def sent_partitions(connection: Connection) -> list[int]:
    """The partitions in which records lie that the sink has not been seen to have."""
    with _bounded(connection):
        rows = connection.execute("select distinct topic_partition from core.outbox where topic_id is not null")
    return [partition for (partition,) in rows]


def send_lost_again(connection: Connection, topic_id: str, ends: Mapping[int, int]) -> int:
    """Mark what Kafka does not hold any more to be sent: its topic is `topic_id` now, `ends` are its logs' next offsets."""
    values = {"topic_id": topic_id, "partitions": list(ends), "ends": list(ends.values())}
    with _bounded(connection):
        return connection.execute(SEND_LOST_AGAIN, values).rowcount


def remove(connection: Connection, records: Sequence[OutboxRecord]) -> None:
    """Take out records that are nobody's to wait for: Kafka has acknowledged them."""
    outbox_ids = [record.outbox_id for record in records]
    with _bounded(connection):
        connection.execute("delete from core.outbox where outbox_id = any(%s)", (outbox_ids,))


def wait_for_news(connection: Connection, seconds: float) -> None:
    """Return when a transaction has written to the outbox, or after this many seconds."""
    for _ in connection.notifies(timeout=seconds, stop_after=1):
        pass
