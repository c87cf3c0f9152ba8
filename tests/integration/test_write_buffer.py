"""From the Write Redis to PostgreSQL: nothing leaves before it is committed, nothing is lost by a kill."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import uuid_utils
from redis import Redis

from ingestion.reconcile import ENTRIES_AT_ONCE, buffered_ids
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.buffer import FIELD, STREAM, BufferedRecord, encode
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES, Punch, to_json
from timecontrol.core.clocking import refused_records
from timecontrol.serving.buffer import buffer_status, client_options
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

NEEDED = ("write_redis", "sink_postgres", "flusher")


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    with Redis(**client_options(settings)) as client:
        yield client


def punch(employee_id: str, number: int, event_id: UUID | None = None) -> Punch:
    return Punch.model_validate(
        {
            "event_id": event_id or UUID(str(uuid_utils.uuid7())),
            "employee_id": employee_id,
            "kind": "unknown",
            "occurred_at": datetime(2026, 3, 2, 8, tzinfo=UTC) + timedelta(minutes=number),
            "received_at": datetime(2026, 3, 2, 9, tzinfo=UTC),
            "source": "api",
            "device_id": "T1",
        }
    )


def record(event: Punch) -> BufferedRecord:
    return BufferedRecord(str(event.event_id), event.employee_id, event.source, "api:test", to_json(event))


def add(redis: Redis, *records: BufferedRecord) -> None:
    redis.xadd(STREAM, {FIELD: encode(records)})


def captured(settings: Settings, employee_id: str) -> list[UUID]:
    with connect(settings, "operator") as connection:
        rows = connection.execute(
            "select event_id from raw.punches where employee_id = %s order by occurred_at", (employee_id,)
        )
        return [event_id for (event_id,) in rows]


def is_empty(settings: Settings) -> bool:
    return buffer_status(settings).entries == 0


def new_employee() -> str:
    return f"buffer-{uuid_utils.uuid7()}"


def test_accepted_punches_become_rows_and_leave_the_stream(settings: Settings, redis: Redis) -> None:
    employee = new_employee()
    events = [punch(employee, number) for number in range(20)]
    add(redis, record(events[0]))
    add(redis, *(record(event) for event in events[1:]))
    eventually(lambda: is_empty(settings))
    assert captured(settings, employee) == [event.event_id for event in events]
    with connect(settings, "operator") as connection:
        row = connection.execute(
            "select origin, received_at from raw.punches where event_id = %s", (events[0].event_id,)
        ).fetchone()
    assert row == ("api:test", datetime(2026, 3, 2, 9, tzinfo=UTC))


def test_refused_bytes_and_damaged_entries_reach_the_quarantine(settings: Settings, redis: Redis) -> None:
    raw = b'{"broken": ' + str(uuid_utils.uuid7()).encode()
    add(redis, *refused_records(raw, Rejected("malformed_json", "cut off"), "api", "api:test"))
    damaged = b"\xc1" + str(uuid_utils.uuid7()).encode()
    redis.xadd(STREAM, {FIELD: damaged})
    eventually(lambda: is_empty(settings))
    with connect(settings, "operator") as connection:
        rows = connection.execute(
            "select code, payload from raw.quarantine where payload = any(%s) order by code", ([raw, damaged],)
        ).fetchall()
    assert rows == [("malformed_json", raw), ("unreadable_entry", damaged)]


def test_what_no_door_writes_stops_nothing_and_is_kept(settings: Settings, redis: Redis) -> None:
    """A record that no sink takes, an id that is none, an entry without our field: the punch after them arrives."""
    mark = str(uuid_utils.uuid7()).encode()
    large, unnamed = mark + b"0" * (3 * MAX_RECORD_BYTES), b'{"event_id": "none", "mark": "' + mark + b'"}'
    add(redis, BufferedRecord(mark.decode(), "E1", "api", "api:test", large))
    add(redis, BufferedRecord("none", "E1", "api", "api:test", unnamed))
    redis.xadd(STREAM, {b"other": mark})
    employee = new_employee()
    add(redis, record(punch(employee, 0)))
    eventually(lambda: is_empty(settings))
    assert len(captured(settings, employee)) == 1
    with connect(settings, "operator") as connection:
        rows = connection.execute(
            "select code, length(payload), reason from raw.quarantine where position(%s in payload) > 0 order by code",
            (mark,),
        ).fetchall()
        pieces = connection.execute(
            "select sum(length(payload)) from raw.quarantine where reason like %s", (f"%has {len(large)} bytes%",)
        ).fetchone()
    assert [(code, length) for code, length, _ in rows[:2]] == [
        ("too_large", MAX_RECORD_BYTES),
        ("unreadable_entry", len(unnamed)),
    ]
    assert len(rows) == 3
    assert pieces is not None
    assert pieces[0] >= len(large)


def test_another_content_under_a_known_id_leaves_the_stream_as_quarantine(settings: Settings, redis: Redis) -> None:
    employee = new_employee()
    first = punch(employee, 0)
    other = punch(employee, 1, event_id=first.event_id)
    add(redis, record(first))
    add(redis, record(other))
    eventually(lambda: is_empty(settings))
    assert captured(settings, employee) == [first.event_id]
    with connect(settings, "operator") as connection:
        count = connection.execute(
            "select count(*) from raw.quarantine where payload = %s", (to_json(other),)
        ).fetchone()
    assert count == (1,)


def test_entries_wait_for_the_sink_and_survive_kills(stack: RunningStack, settings: Settings, redis: Redis) -> None:
    employee = new_employee()
    events = [punch(employee, number) for number in range(200)]
    stack.pause(["sink_postgres"])
    try:
        for event in events[:100]:
            add(redis, record(event))
        eventually(lambda: all(entry["pending"] == 100 for entry in redis.xinfo_groups(STREAM)))
        assert buffer_status(settings).entries == 100
        stack.kill(["flusher"])
        stack.kill(["write_redis"])
        stack.up(["write_redis"])
        for event in events[100:]:
            add(redis, record(event))
        assert buffer_status(settings).entries == 200
    finally:
        stack.resume(["sink_postgres"])
    stack.up(["flusher"])
    eventually(lambda: is_empty(settings), timeout=60)
    assert captured(settings, employee) == [event.event_id for event in events]


def test_reconciliation_reads_what_waits_a_few_entries_at_a_time(
    stack: RunningStack, settings: Settings, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it is needed most hundreds of megabytes wait, and Redis answers nobody else while it makes one answer of them."""
    employee = new_employee()
    events = [punch(employee, number) for number in range(20)]
    stack.pause(["sink_postgres"])
    answers: list[int] = []
    xrange = Redis.xrange

    def counted(self: Redis, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401  whatever redis takes
        found = xrange(self, *arguments, **options)
        answers.append(len(found))
        return found

    monkeypatch.setattr(Redis, "xrange", counted)
    try:
        for event in events:
            add(redis, record(event))
        add(redis, *refused_records(b"{", Rejected("malformed_json", "cut off"), "api", "api:test"))
        assert buffered_ids(settings) == {event.event_id for event in events}
    finally:
        stack.resume(["sink_postgres"])
    assert sum(answers) == 21
    assert max(answers) == ENTRIES_AT_ONCE
    eventually(lambda: is_empty(settings), timeout=60)


def test_entries_wait_while_kafka_is_down(stack: RunningStack, settings: Settings, redis: Redis) -> None:
    employee = new_employee()
    events = [punch(employee, number) for number in range(10)]
    stack.down(["kafka"])
    try:
        for event in events:
            add(redis, record(event))
        status = buffer_status(settings)
        assert status.entries == 10
        assert status.oldest_age_seconds is not None
    finally:
        stack.up(["kafka"])
    eventually(lambda: is_empty(settings), timeout=90)
    assert captured(settings, employee) == [event.event_id for event in events]
