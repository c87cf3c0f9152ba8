"""The outbox relay on real servers: each committed record reaches Kafka, a killed relay loses and reorders nothing."""

import json
import random
from uuid import UUID

import pytest
import uuid_utils
from confluent_kafka import Consumer, TopicPartition

from tests.integration.legacy_database import kill
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES, TOPIC
from timecontrol.contracts.record import signed_headers
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings
from timecontrol.warehouse.outbox_store import add
from timecontrol.warehouse.pools import connect

CORE_CHANGES = "core.changes.v1"


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("postgres", "kafka", "outbox_relay")


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


def test_killed_at_random_nothing_is_lost_reordered_or_doubled(stack: RunningStack, settings: Settings) -> None:
    stack.require("sink_postgres")
    chance = random.Random(5)
    key = f"test:{uuid_utils.uuid7()}"
    employee = f"E-{uuid_utils.uuid7()}"
    signing = settings.secrets.record_signing.get_secret_value().encode()
    events: list[UUID] = []
    for number in range(300):
        event_id = UUID(str(uuid_utils.uuid7()))
        value = json.dumps(
            {
                "event_id": str(event_id),
                "employee_id": employee,
                "kind": "unknown",
                "occurred_at": "2026-01-05T08:00:00Z",
                "source": "test",
                "device_id": "test",
                "actor": "test",
            }
        ).encode()
        events.append(event_id)
        with connect(settings, "core") as connection:
            add(connection, TOPIC, employee, signed_headers(event_id, "test", value, "core", signing), value)
            add(connection, CORE_CHANGES, key, [], str(number).encode())
        if chance.random() < 0.015:
            kill(stack, "outbox_relay")
    eventually(lambda: waiting(settings) == 0, timeout=60)
    numbers = [int(value) for value in produced(settings, key)]
    # A repeat is sent again from a record that had been sent: the first time each appears is in order.
    assert list(dict.fromkeys(numbers)) == list(range(300))

    def captured() -> list[UUID]:
        with connect(settings, "operator") as connection:
            rows = connection.execute(
                "select event_id from raw.punches where employee_id = %s order by topic_offset", (employee,)
            )
            return [row[0] for row in rows]

    assert eventually(lambda: len(found := captured()) == 300 and found) == events
