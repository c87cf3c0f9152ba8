"""Records for `punches.v1` and what became of them, for tests of the capture path."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import uuid_utils
from confluent_kafka import Message, Producer
from pymongo import MongoClient

from ingestion.sinks.archive.collections import Documents
from timecontrol.contracts.punch import TOPIC
from timecontrol.contracts.record import Producer as Right
from timecontrol.contracts.record import signed_headers
from timecontrol.kafka_client import client_config
from timecontrol.settings import KafkaUser, Settings
from timecontrol.warehouse.pools import connect

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)

Headers = list[tuple[str, bytes]]


def new_id() -> str:
    """A fresh event id, v7."""
    return str(uuid_utils.uuid7())


def event(employee_id: str, number: int = 0, **changes: object) -> dict[str, Any]:
    """A punch event as JSON holds it, `number` minutes after FIRST; a change to None takes a field out."""
    base = {
        "event_id": new_id(),
        "employee_id": employee_id,
        "kind": "clock_in",
        "occurred_at": (FIRST + timedelta(minutes=number)).isoformat(),
        "source": "terminal",
        "device_id": "T1",
        "site_id": "S1",
    }
    return {name: value for name, value in (base | changes).items() if value is not None}


def signed(settings: Settings, value: bytes, event_id: str, right: Right, **more: str) -> Headers:
    """Headers as our own producers write them."""
    key = settings.secrets.record_signing.get_secret_value().encode()
    return signed_headers(event_id, "test", value, right, key, **more)


def produce(
    settings: Settings,
    values: Iterable[bytes | None],
    *,
    key: str | None = "E1",
    headers: Headers | None = None,
    user: KafkaUser = "terminal",
    topic: str = TOPIC,
    partition: int = -1,
) -> list[tuple[int, int]]:
    """Produce values under one key, in order; returns (partition, offset) of each when all are acknowledged."""
    pairs = ((key, value) for value in values)
    return produce_pairs(settings, pairs, headers=headers, user=user, topic=topic, partition=partition)


def produce_pairs(
    settings: Settings,
    pairs: Iterable[tuple[str | None, bytes | None]],
    *,
    headers: Headers | None = None,
    user: KafkaUser = "terminal",
    topic: str = TOPIC,
    partition: int = -1,
) -> list[tuple[int, int]]:
    """Produce (key, value) pairs; returns (partition, offset) in the order of acknowledgement."""
    producer = Producer(client_config(settings, user) | {"enable.idempotence": True, "linger.ms": 5})
    places: list[tuple[int, int]] = []

    def delivered(error: object, message: Message) -> None:
        assert error is None, error
        partition, offset = message.partition(), message.offset()
        assert partition is not None
        assert offset is not None
        places.append((partition, offset))

    for key, value in pairs:
        while True:
            try:
                producer.produce(
                    topic, value, key, headers=list(headers or ()), partition=partition, on_delivery=delivered
                )
                break
            except BufferError:
                producer.poll(0.1)
        producer.poll(0)
    assert producer.flush(60) == 0
    return places


def as_value(body: dict[str, Any]) -> bytes:
    """The event's bytes."""
    return json.dumps(body).encode()


def query(settings: Settings, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Rows as the operator sees them."""
    with connect(settings, "operator") as connection:
        return connection.execute(statement.encode(), parameters).fetchall()


def as_owner(settings: Settings, statement: str, *parameters: object) -> None:
    """Run a statement as the owner of the tables: what nobody else may do."""
    with connect(settings, "owner") as connection:
        connection.execute(statement.encode(), parameters)


def captured(settings: Settings, employee_id: str) -> list[UUID]:
    """Events of an employee in `raw.punches`, in the order of their instants."""
    statement = "select event_id from raw.punches where employee_id = %s order by occurred_at, event_id"
    return [event_id for (event_id,) in query(settings, statement, employee_id)]


def refusal(settings: Settings, place: tuple[int, int]) -> tuple[Any, ...] | None:
    """(code, payload, record_key) of the quarantined record at this place of the topic as it is now."""
    rows = query(
        settings,
        "select code, payload, record_key from raw.quarantine where place = %s order by quarantine_id desc limit 1",
        f"{TOPIC}/{place[0]}/{place[1]}",
    )
    return rows[0] if rows else None


@contextmanager
def archive(settings: Settings) -> Iterator[Documents]:
    """The archive's database in MongoDB."""
    client: MongoClient[dict[str, Any]] = MongoClient(
        settings.mongo.host,
        settings.mongo.port,
        username="app",
        password=settings.secrets.mongo["app"].get_secret_value(),
        directConnection=True,
        tz_aware=True,
    )
    with client:
        yield client["timecontrol"]
