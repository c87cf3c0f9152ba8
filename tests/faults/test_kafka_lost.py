"""Kafka loses its disk: what was accepted and not yet in PostgreSQL is sent again, by the buffer and by the outbox."""

import shutil
from uuid import UUID

import pytest
from redis import Redis

from ingestion.reconcile import log_checks
from tests.capture import as_value, captured, event, new_id, produce, query, signed
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.buffer import FIELD, STREAM, BufferedRecord, encode
from timecontrol.contracts.punch import TOPIC
from timecontrol.serving.buffer import client_options
from timecontrol.settings import Settings
from timecontrol.warehouse.outbox_store import add
from timecontrol.warehouse.pools import connect


@pytest.fixture
def settings(untouched_stack: RunningStack) -> Settings:
    return untouched_stack.require("sink_postgres", "flusher", "outbox_relay")


def test_what_kafka_acknowledged_and_lost_arrives_all_the_same(
    untouched_stack: RunningStack, settings: Settings
) -> None:
    stack = untouched_stack
    who = f"lost-{new_id()}"
    buffered, announced = event(who), event(who, 1, actor="test")
    value = as_value(announced)
    before = event(f"before-{who}")
    produce(settings, [as_value(before)])
    eventually(lambda: captured(settings, f"before-{who}"))
    stack.pause(["sink_postgres"])
    with Redis(**client_options(settings)) as redis:
        record = BufferedRecord(buffered["event_id"], who, "api", "api:test", as_value(buffered))
        redis.xadd(STREAM, {FIELD: encode([record])})
    with connect(settings, "core") as connection:
        add(connection, TOPIC, who, signed(settings, value, announced["event_id"], "core"), value)
    acknowledged = "select 1 from core.outbox where event_id = %s and topic_id is not null"
    eventually(lambda: query(settings, acknowledged, announced["event_id"]))

    stack.down(["kafka", "sink_postgres"])
    shutil.rmtree(settings.home / "kafka/data")
    stack.up(["kafka", "sink_postgres", "flusher", "outbox_relay"])
    expected = [UUID(buffered["event_id"]), UUID(announced["event_id"])]
    eventually(lambda: captured(settings, who) == expected, timeout=120)
    eventually(lambda: query(settings, "select count(*) from core.outbox") == [(0,)])
    alerts = (settings.home / "logs/alerts.jsonl").read_text()
    assert alerts.count("the topic punches.v1 was made anew") == 1
    [named] = [check for check in log_checks(settings, 30) if check.name == "topics that were made anew"]
    assert "punches.v1 (" in named.detail
