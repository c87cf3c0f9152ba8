"""The Postgres sink on real servers: each record is a row, a counted repeat or quarantined, and none stops it."""

import json
from datetime import UTC, datetime
from uuid import UUID

import pytest
from confluent_kafka import Consumer, TopicPartition

from tests.capture import as_owner, as_value, captured, event, new_id, produce, query, refusal, signed
from tests.raw_producer import produce_with_header
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.punch import MAX_RECORD_BYTES, former_content_hash, parse
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings
from timecontrol.stack.measures import group_lags


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("sink_postgres")


def employee() -> str:
    return f"sink-{new_id()}"


def test_a_punch_becomes_a_row_with_the_place_it_came_from(settings: Settings) -> None:
    who = employee()
    body = event(
        who, break_type="meal", kind="break_start", reason="Pause à 12 h", attributes={"geo": [1.5, 2], "ü": None}
    )
    [(partition, offset)] = produce(settings, [as_value(body)], key=who)
    eventually(lambda: captured(settings, who) == [UUID(body["event_id"])])
    [row] = query(
        settings,
        "select kind, occurred_at, received_at, source, device_id, site_id, break_type, reason, attributes, origin, "
        "topic_partition, topic_offset from raw.punches where employee_id = %s",
        who,
    )
    assert row[0] == "break_start"
    assert row[1] == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert abs((datetime.now(UTC) - row[2]).total_seconds()) < 60
    assert row[3:] == (
        "terminal",
        "T1",
        "S1",
        "meal",
        "Pause à 12 h",
        {"geo": [1.5, 2], "ü": None},
        None,
        partition,
        offset,
    )


def test_received_at_counts_only_in_a_signed_record(settings: Settings) -> None:
    who = employee()
    claimed = "2026-03-02T08:00:05+00:00"
    unsigned, gateway = event(who, received_at=claimed), event(who, 1, received_at=claimed)
    produce(settings, [as_value(unsigned)], key=who)
    value = as_value(gateway)
    headers = signed(settings, value, gateway["event_id"], "gateway", origin="api:token-1")
    produce(settings, [value], key=who, headers=headers, user="gateway")
    eventually(lambda: len(captured(settings, who)) == 2)
    rows = query(
        settings, "select received_at, origin from raw.punches where employee_id = %s order by occurred_at", who
    )
    assert rows[0][0].date() == datetime.now(UTC).date()
    assert rows[0][1] is None
    assert rows[1] == (datetime(2026, 3, 2, 8, 0, 5, tzinfo=UTC), "api:token-1")


def test_a_repeat_is_counted_and_other_content_is_refused(settings: Settings) -> None:
    who = employee()
    body = event(who)
    same = body | {"occurred_at": "2026-03-02T09:00:00+01:00", "received_at": "2026-03-02T10:00:00Z", "reason": None}
    other = body | {"kind": "clock_out"}
    places = produce(settings, [as_value(each) for each in (body, body, same, other)], key=who)
    # Once more in another poll, when the key is in the table and not in the batch.
    eventually(lambda: refusal(settings, places[3]) is not None)
    later = produce(settings, [as_value(each) for each in (same, other)], key=who)
    eventually(lambda: refusal(settings, later[1]) is not None)
    assert captured(settings, who) == [UUID(body["event_id"])]
    assert refusal(settings, places[3]) == ("content_conflict", as_value(other), who.encode())
    assert refusal(settings, later[1]) == ("content_conflict", as_value(other), who.encode())
    counts = query(
        settings,
        "select sum(row_count), sum(repeat_count), sum(quarantined_count), sum(gap_count) from raw.batches "
        "where partition = %s and last_offset between %s and %s",
        places[0][0],
        places[0][1],
        later[1][1],
    )
    assert counts == [(1, 3, 2, 0)]


def test_a_persons_punch_repeats_one_that_was_captured_with_its_instant_in_the_hash(settings: Settings) -> None:
    who = employee()
    body = event(who, source="web_clock", device_id="web-clock")
    values = [as_value(each) for each in (body, body | {"kind": "clock_out"})]
    headers = [signed(settings, value, body["event_id"], "gateway", origin="api:t") for value in values]
    produce(settings, values[:1], key=who, headers=headers[0], user="gateway")
    eventually(lambda: captured(settings, who) == [UUID(body["event_id"])])
    former = former_content_hash(parse(values[0]))
    as_owner(settings, "update raw.punch_ids set content_hash = %s where event_id = %s", former, UUID(body["event_id"]))
    [again] = produce(settings, values[:1], key=who, headers=headers[0], user="gateway")
    [other] = produce(settings, values[1:], key=who, headers=headers[1], user="gateway")
    eventually(lambda: code(settings, other) == "content_conflict")
    assert refusal(settings, again) is None
    assert captured(settings, who) == [UUID(body["event_id"])]


def code(settings: Settings, place: tuple[int, int]) -> str | None:
    """Why the record at this place was refused; None while it was not."""
    found = refusal(settings, place)
    return None if found is None else str(found[0])


def poison(kind: str, who: str) -> bytes | None:
    """A record that must be refused, by what is wrong with it."""
    body = event(who)
    deep = json.dumps(event(who, attributes={})).replace("{}", '{"a":' + "[" * 5000 + "]" * 5000 + "}").encode()
    number = b'{"a": 1e999}'
    records: dict[str, bytes | None] = {
        "tombstone": None,
        "empty": b"",
        "not JSON": b'{"event_id": "cut of',
        "not UTF-8": b"\xff\xfe not UTF-8 \x00",
        "an array": b"[]",
        "deep": deep,
        "unknown kind": as_value(body | {"kind": "lunch"}),
        "unknown field": as_value(body | {"colour\x00": "green"}),
        "a field name of 800 kB": as_value(body | {"f" * 800_000: 1}),
        "far future": as_value(body | {"occurred_at": "2087-01-01T08:00:00Z"}),
        "year 1": as_value(body | {"occurred_at": "0001-01-01T00:00:00+14:00"}),
        "year 9999": as_value(body | {"occurred_at": "9999-12-31T23:59:59-14:00"}),
        "year 294277": as_value(body | {"occurred_at": "294277-01-01T00:00:00Z"}),
        "no offset": as_value(body | {"occurred_at": "2026-03-02T08:00:00"}),
        "long device": as_value(body | {"device_id": "T" * 5000}),
        "device of 890 kB": as_value(body | {"device_id": "T" * 890_000}),
        "too large": as_value(body | {"reason": "r" * MAX_RECORD_BYTES}),
        "void by a device": as_value(body | {"voids": new_id()}),
        "correction by a device": as_value(body | {"supersedes": new_id()}),
        "actor by a device": as_value(body | {"actor": "mallory"}),
        "NUL in attributes": as_value(body | {"attributes": {"deep": [{"text": "a\x00b"}]}}),
        "NUL in a name of attributes": as_value(body | {"attributes": {"a\x00b": 1}}),
        "not a number": as_value(body | {"attributes": {"a": 0}}).replace(b'{"a": 0}', b'{"a": NaN}'),
        "infinite": as_value(body | {"attributes": {"a": 0}}).replace(b'{"a": 0}', number),
        "lone surrogate": as_value(body | {"reason": "x"}).replace(b'"x"', b'"\\ud800"'),
        "NUL in the employee": as_value(body | {"employee_id": "E\x001"}),
    }
    return records[kind]


CODES = {
    "tombstone": "malformed_json",
    "empty": "malformed_json",
    "not JSON": "malformed_json",
    "not UTF-8": "malformed_json",
    "an array": "invalid_field",
    "deep": "malformed_json",
    "unknown kind": "invalid_field",
    "unknown field": "unknown_field",
    "a field name of 800 kB": "unknown_field",
    "far future": "far_future",
    "year 1": "before_2000",
    "year 9999": "far_future",
    "year 294277": "invalid_field",
    "no offset": "invalid_field",
    "long device": "invalid_field",
    "device of 890 kB": "invalid_field",
    "too large": "too_large",
    "void by a device": "privileged_field",
    "correction by a device": "privileged_field",
    "actor by a device": "privileged_field",
    "NUL in attributes": "invalid_field",
    "NUL in a name of attributes": "invalid_field",
    "not a number": "invalid_field",
    "infinite": "invalid_field",
    "lone surrogate": "malformed_json",
    "NUL in the employee": "invalid_field",
}


def test_poison_of_every_kind_is_quarantined_with_its_bytes_and_stops_nobody(settings: Settings) -> None:
    who = employee()
    before, after = event(who), event(who, 1)
    values = [as_value(before), *(poison(kind, who) for kind in CODES), as_value(after)]
    places = produce(settings, values, key=who)
    eventually(lambda: len(captured(settings, who)) == 2)
    found = {kind: refusal(settings, place) for kind, place in zip(CODES, places[1:-1], strict=True)}
    expected = {
        kind: (code, value or b"", who.encode())
        for (kind, code), value in zip(CODES.items(), values[1:-1], strict=True)
    }
    assert found == expected
    [(longest,)] = query(settings, "select max(length(reason)) from raw.quarantine where record_key = %s", who.encode())
    assert longest <= 1000


def test_a_header_name_that_is_no_text_stops_nobody(settings: Settings, stack: RunningStack) -> None:
    who = employee()
    # Enough that the sink's code is specialised: then the interpreter does not notice the client's error where it is made.
    before = [event(who, number) for number in range(100)]
    produce(settings, map(as_value, before), key=who, headers=[("plain", b"1")])
    eventually(lambda: len(captured(settings, who)) == len(before))
    pids = {each.name: each.pid for each in stack.conditions()}
    value, after = as_value(event(who)), event(who, 200)
    produce_with_header(settings, value, who, b"caf\xe9", b"1")
    produce(settings, [as_value(after)], key=who)
    eventually(lambda: captured(settings, who)[-1] == UUID(after["event_id"]))
    kept = query(settings, "select code, payload, headers from raw.quarantine where record_key = %s", who.encode())
    assert kept == [("unreadable_headers", value, [])]
    assert {each.name: each.pid for each in stack.conditions()}["sink_postgres"] == pids["sink_postgres"]


def test_headers_that_are_no_text_are_kept_as_they_were(settings: Settings) -> None:
    who = employee()
    headers = [("ce_type", b"\xff\x00"), ("plain", "ä".encode()), ("empty", b"")]
    [place] = produce(settings, [as_value(event(who))], key=who, headers=headers)
    eventually(lambda: refusal(settings, place))
    [(code, kept)] = query(settings, "select code, headers from raw.quarantine where record_key = %s", who.encode())
    assert code == "unknown_type"
    assert kept == [["ce_type", {"base64": "/wA="}], ["plain", "ä"], ["empty", ""]]


def test_a_header_that_names_another_event_is_refused(settings: Settings) -> None:
    who = employee()
    [place] = produce(settings, [as_value(event(who))], key=who, headers=[("ce_id", new_id().encode())])
    eventually(lambda: code(settings, place) == "id_mismatch")


def test_only_the_user_core_may_correct(settings: Settings) -> None:
    who = employee()
    original = event(who)
    correction = event(who, 5, supersedes=original["event_id"], actor="manager", reason="forgot")
    produce(settings, [as_value(original)], key=who)
    value = as_value(correction)
    # The gateway's signature gives no right to correct, and a signature for other bytes gives none at all.
    by_gateway = signed(settings, value, correction["event_id"], "gateway")
    for_other = signed(settings, b"{}", correction["event_id"], "core")
    refused = produce(settings, [value], key=who, headers=by_gateway) + produce(
        settings, [value], key=who, headers=for_other
    )
    eventually(lambda: all(refusal(settings, place) for place in refused))
    assert [code(settings, place) for place in refused] == ["privileged_field", "privileged_field"]
    produce(settings, [value], key=who, headers=signed(settings, value, correction["event_id"], "core"), user="outbox")
    eventually(lambda: captured(settings, who) == [UUID(original["event_id"]), UUID(correction["event_id"])])


def test_bytes_that_a_door_refused_are_quarantined_with_its_reason_and_line(settings: Settings) -> None:
    who = employee()
    raw = b"1;2;3;" + who.encode()
    headers = signed(
        settings,
        raw,
        new_id(),
        "gateway",
        origin=f"file:{'a' * 64}#17",
        refused="unknown_badge: no employee has badge 3",
    )
    [place] = produce(settings, [raw], key=who, headers=headers, user="gateway")
    assert eventually(lambda: refusal(settings, place)) == ("unknown_badge", raw, who.encode())
    rows = query(settings, "select reason, file_sha256, file_line from raw.quarantine where payload = %s", raw)
    assert rows == [("no employee has badge 3", "a" * 64, 17)]


def test_what_only_postgres_refuses_is_found_and_quarantined_alone(settings: Settings, stack: RunningStack) -> None:
    who = employee()
    as_owner(
        settings,
        f"alter table raw.punches add constraint test_only check (employee_id <> '{who}' or kind <> 'unknown') not valid",
    )
    try:
        bodies = [event(who, number, kind="unknown" if number in (3, 40, 41) else "clock_in") for number in range(60)]
        stack.pause(["sink_postgres"])
        places = produce(settings, [as_value(body) for body in bodies], key=who)
        stack.resume(["sink_postgres"])
        eventually(lambda: len(captured(settings, who)) == 57)
        assert [code(settings, places[number]) for number in (3, 40, 41)] == ["refused_by_database"] * 3
    finally:
        as_owner(settings, "alter table raw.punches drop constraint test_only")


def test_it_follows_positions_that_were_set_back(settings: Settings) -> None:
    """As after the promotion of a replica: what PostgreSQL has lost is read again from Kafka."""
    who = employee()
    body = event(who)
    produce(settings, [as_value(body)], key=who)
    eventually(lambda: captured(settings, who))
    [(batch,)] = query(settings, "select batch_id from raw.punches where employee_id = %s", who)
    as_owner(
        settings,
        "with rows as (delete from raw.punches where batch_id = %s returning event_id), "
        "ids as (delete from raw.punch_ids using rows where punch_ids.event_id = rows.event_id), "
        "batch as (delete from raw.batches where batch_id = %s returning partition, first_offset) "
        "update raw.positions set next_offset = batch.first_offset from batch "
        "where positions.partition = batch.partition and topic = 'punches.v1'",
        batch,
        batch,
    )
    eventually(lambda: captured(settings, who) == [UUID(body["event_id"])])


def test_sigterm_ends_it_at_once_and_without_an_alarm(settings: Settings, stack: RunningStack) -> None:
    before = stack.pid("sink_postgres")
    stack.down(["sink_postgres"])
    stack.up(["sink_postgres"])
    assert stack.pid("sink_postgres") != before
    log = (settings.home / "logs" / "sink_postgres.log").read_text()
    assert json.loads([line for line in log.splitlines() if '"stopped"' in line][-1])["event"] == "stopped"


def test_a_commit_that_was_lost_with_the_process_shows_no_lag_for_ever(settings: Settings, stack: RunningStack) -> None:
    """Killed between the store's commit and the group's, at a topic to which nobody writes any more."""
    who = employee()
    [(partition, offset)] = produce(settings, [as_value(event(who))], key=who)
    eventually(lambda: captured(settings, who))
    stack.down(["sink_postgres"])
    group = Consumer(client_config(settings, "sink_postgres") | {"group.id": "timecontrol.sink_postgres"})
    group.commit(offsets=[TopicPartition("punches.v1", partition, offset)], asynchronous=False)
    group.close()

    def lag() -> int:
        return {each.group: each.records for each in group_lags(settings)}["timecontrol.sink_postgres"]

    assert lag() == 1
    stack.up(["sink_postgres"])
    eventually(lambda: lag() == 0)


def test_a_position_outside_the_log_is_an_alarm_and_a_stop(settings: Settings, stack: RunningStack) -> None:
    who = employee()
    [(partition, offset)] = produce(settings, [as_value(event(who))], key=who)
    eventually(lambda: captured(settings, who))
    move = "update raw.positions set next_offset = %s where partition = %s and topic = 'punches.v1'"
    log = settings.home / "logs" / "sink_postgres.log"
    seen = log.read_text().count("position_outside_log")
    as_owner(settings, move, offset + 1_000_000, partition)
    try:
        eventually(lambda: log.read_text().count("position_outside_log") > seen)
        alarm = json.loads([line for line in log.read_text().splitlines() if "position_outside_log" in line][-1])
        assert alarm["level"] == "critical"
        assert f"punches.v1/{partition} is to be read from offset {offset + 1_000_000}" in alarm["reason"]
        # Neither the position nor anything else was reset.
        [(position,)] = query(
            settings, "select next_offset from raw.positions where partition = %s and topic = 'punches.v1'", partition
        )
        assert position == offset + 1_000_000
        # Nor is it started again: a person must decide.
        eventually(lambda: {each.name: each.state for each in stack.conditions()}["sink_postgres"] == "EXITED")
        assert "position is outside the log" in (settings.home / "logs/alerts.jsonl").read_text().splitlines()[-1]
    finally:
        as_owner(settings, move, offset + 1, partition)
    stack.up(["sink_postgres"])
    produce(settings, [as_value(event(who, 1))], key=who)
    eventually(lambda: len(captured(settings, who)) == 2, timeout=60)
