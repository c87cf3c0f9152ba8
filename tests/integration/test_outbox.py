"""The outbox relay on real servers: each committed record reaches Kafka, a killed relay loses and reorders nothing."""

import json
import random
from collections.abc import Callable
from uuid import UUID

import pytest
import uuid_utils
from confluent_kafka import Consumer, TopicPartition

from tests.capture import as_owner, query
from tests.integration.legacy_database import kill
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.contracts.punch import MAX_RECORD_BYTES, TOPIC
from timecontrol.contracts.record import signed_headers
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings
from timecontrol.warehouse import outbox_store
from timecontrol.warehouse.outbox_store import (
    OutboxRecord,
    Place,
    add,
    note_places,
    relay_connection,
    remove,
    send_lost_again,
    sent_partitions,
    settle,
    to_send,
)
from timecontrol.warehouse.pools import Connection, connect

CORE_CHANGES = "core.changes.v1"


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("postgres", "kafka", "outbox_relay", "sink_postgres")


def waiting(settings: Settings) -> int:
    """How many records the outbox holds."""
    with connect(settings, "operator") as connection:
        found = connection.execute("select count(*) from core.outbox").fetchone()
    return int(found[0]) if found else -1


def produced(settings: Settings, key: str) -> list[bytes]:
    """All values under a key in `core.changes.v1`, in their order."""
    config = client_config(settings, "operator") | {"group.id": "tests", "enable.auto.commit": False}
    consumer = Consumer(config)
    try:
        partitions = consumer.list_topics(CORE_CHANGES, timeout=10).topics[CORE_CHANGES].partitions
        ends = {}
        for number in partitions:
            low, high = consumer.get_watermark_offsets(TopicPartition(CORE_CHANGES, number), timeout=10)
            if high > low:
                ends[number] = high
        consumer.assign([TopicPartition(CORE_CHANGES, number, 0) for number in ends])
        values: list[bytes] = []
        while ends:
            message = consumer.poll(10)
            assert message is not None
            assert message.error() is None
            partition, offset, value = message.partition(), message.offset(), message.value()
            assert partition is not None
            assert offset is not None
            if message.key() == key.encode() and value is not None:
                values.append(value)
            if offset + 1 >= ends.get(partition, 0):
                ends.pop(partition, None)
        return values
    finally:
        consumer.close()


def test_committed_records_go_out_rolled_back_ones_do_not(settings: Settings) -> None:
    key = f"test:{uuid_utils.uuid7()}"
    with connect(settings, "core") as connection:
        add(connection, CORE_CHANGES, key, [("kind", b"test")], b'{"n": 1}')
    with connect(settings, "core") as connection:
        add(connection, CORE_CHANGES, key, [], b'{"n": 2}')
        connection.rollback()
    with connect(settings, "core") as connection:
        add(connection, CORE_CHANGES, key, [], b'{"n": 3}')
    eventually(lambda: waiting(settings) == 0)
    assert produced(settings, key) == [b'{"n": 1}', b'{"n": 3}']


def test_a_record_that_kafka_would_not_take_never_enters(settings: Settings) -> None:
    with connect(settings, "core") as connection, pytest.raises(Rejected, match="at most"):
        add(connection, CORE_CHANGES, "k", [], b"x" * (MAX_RECORD_BYTES + 1))


def punch(settings: Settings, employee: str) -> UUID:
    """Put a punch into the outbox; returns its event id."""
    event_id = UUID(str(uuid_utils.uuid7()))
    body = {
        "event_id": str(event_id),
        "employee_id": employee,
        "kind": "unknown",
        "source": "test",
        "device_id": "test",
    }
    value = json.dumps(body | {"occurred_at": "2026-01-05T08:00:00Z", "actor": "test"}).encode()
    signing = settings.secrets.record_signing.get_secret_value().encode()
    with connect(settings, "core") as connection:
        add(connection, TOPIC, employee, signed_headers(event_id, "test", value, "core", signing), value)
    return event_id


def captured(settings: Settings, employee: str) -> list[UUID]:
    statement = "select event_id from raw.punches where employee_id = %s order by topic_offset"
    return [event_id for (event_id,) in query(settings, statement, employee)]


def places(settings: Settings, event_id: UUID) -> list[tuple[str | None, int | None]]:
    """Where a punch of the outbox lies in Kafka."""
    return query(settings, "select topic_id, topic_offset from core.outbox where event_id = %s", event_id)


def test_a_punch_stays_until_the_sink_has_it_and_is_sent_again_when_kafka_lost_it(
    stack: RunningStack, settings: Settings
) -> None:
    employee = f"E-{uuid_utils.uuid7()}"
    stack.pause(["sink_postgres"])
    try:
        event_id = punch(settings, employee)
        [(topic_id, offset)] = eventually(lambda: (found := places(settings, event_id)) and found[0][0] and found)
        assert offset is not None
        # What Kafka acknowledged lies behind the end of its log, then in a life of the topic that is no more.
        as_owner(settings, "update core.outbox set topic_offset = topic_offset + 5 where event_id = %s", event_id)
        eventually(lambda: places(settings, event_id) == [(topic_id, offset + 1)])
        as_owner(settings, "update core.outbox set topic_id = 'gone' where event_id = %s", event_id)
        eventually(lambda: places(settings, event_id) == [(topic_id, offset + 2)])
    finally:
        stack.resume(["sink_postgres"])
    eventually(lambda: waiting(settings) == 0)
    assert captured(settings, employee) == [event_id]


def test_a_punch_that_the_sink_read_past_and_has_not_is_sent_again(settings: Settings) -> None:
    """As after a log that was cut and has grown again: other records lie where ours did."""
    employee = f"E-{uuid_utils.uuid7()}"
    event_id = uuid_utils.uuid7()
    [(topic_id, partition)] = query(
        settings, "select topic_id, partition from raw.positions where topic = 'punches.v1' and next_offset > 0 limit 1"
    )
    value = json.dumps({"event_id": str(event_id)}).encode()
    headers = json.dumps([["ce_id", str(event_id)]])
    as_owner(
        settings,
        "insert into core.outbox (topic, record_key, headers, value, topic_id, topic_partition, topic_offset) "
        "values ('punches.v1', %s, %s, %s, %s, %s, 0)",
        *(employee, headers, value, topic_id, partition),
    )
    # No punch, so that the quarantine at its new place is what lets it go.
    eventually(
        lambda: query(settings, "select code from raw.quarantine where payload = %s", value) == [("missing_field",)]
    )
    eventually(lambda: waiting(settings) == 0)


def test_killed_at_random_nothing_is_lost_reordered_or_doubled(stack: RunningStack, settings: Settings) -> None:
    chance = random.Random(5)
    key = f"test:{uuid_utils.uuid7()}"
    employee = f"E-{uuid_utils.uuid7()}"
    events: list[UUID] = []
    for number in range(300):
        events.append(punch(settings, employee))
        with connect(settings, "core") as connection:
            add(connection, CORE_CHANGES, key, [], str(number).encode())
        if chance.random() < 0.015:
            kill(stack, "outbox_relay")
    eventually(lambda: waiting(settings) == 0, timeout=60)
    numbers = [int(value) for value in produced(settings, key)]
    # A repeat is sent again from a record that had been sent: the first time each appears is in order.
    assert list(dict.fromkeys(numbers)) == list(range(300))
    assert captured(settings, employee) == events


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox_store, "TRANSACTION_SECONDS", 0.3)


RECORD = OutboxRecord(1, None, CORE_CHANGES, "k", [], b"")


@pytest.mark.parametrize(
    "statement",
    [
        lambda connection: to_send(connection, 1),
        lambda connection: note_places(connection, "life", [Place(1, 0, 0)]),
        lambda connection: settle(connection, 1),
        sent_partitions,
        lambda connection: send_lost_again(connection, "life", {}),
        lambda connection: remove(connection, [RECORD]),
    ],
)
@pytest.mark.usefixtures("impatient")
def test_a_primary_that_does_not_answer_is_hung_up_on(
    settings: Settings, statement: Callable[[Connection], object]
) -> None:
    """Here because the table is locked; a primary that is frozen or cut off answers as little, and TCP waits for it."""
    with connect(settings, "owner") as holder:
        holder.execute("lock table core.outbox in access exclusive mode")
        with pytest.raises(Transient), connect(settings, "ingest") as connection:
            statement(connection)
        holder.rollback()


@pytest.mark.usefixtures("impatient")
def test_a_relay_that_waits_for_another_does_not_wait_without_end(settings: Settings) -> None:
    with pytest.raises(Transient), relay_connection(settings):
        pytest.fail("the relay of the stack holds the outbox")
