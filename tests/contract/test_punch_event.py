"""The punch event: what terminals and programs send, by Kafka and by HTTP, and what our own producers write."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from ingestion.sinks.decode import decode_punch
from ingestion.sinks.records import Record
from timecontrol.contracts import punch
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import content_hash, parse, to_json
from timecontrol.contracts.record import signed_headers
from timecontrol.core.clocking import Sender, accepted_record, read, timed

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parent / "golden/punch_event.json").read_bytes())
BODY: dict[str, Any] = GOLDEN["body"]
VALUE: bytes = GOLDEN["value"].encode()
KEY: bytes = GOLDEN["signing_key"].encode()
RECEIVED = datetime.fromisoformat(GOLDEN["received_at"])
DEVICE = Sender(UUID(int=1), device_id="T1", site_id="BER")
PLAIN = {name: BODY[name] for name in ("event_id", "employee_id", "occurred_at", "source", "device_id")}


def record(value: bytes, headers: list[tuple[str, bytes]]) -> Record:
    appended_ms = int(datetime(2026, 1, 1, 8, tzinfo=UTC).timestamp() * 1000)
    return Record(punch.TOPIC, 0, 7, b"E1", value, headers, appended_ms)


def test_the_topic_and_the_type_have_these_names() -> None:
    assert (punch.TOPIC, punch.CLOUDEVENT_TYPE) == ("punches.v1", "timecontrol.punch.v1")


def test_the_body_over_http_is_the_value_in_kafka_to_the_byte() -> None:
    accepted = accepted_record(timed(read(json.dumps(BODY).encode(), DEVICE), DEVICE, RECEIVED), DEVICE)
    assert (accepted.value.decode(), accepted.key, accepted.event_id) == (VALUE.decode(), "E1", BODY["event_id"])
    # The same body straight to the topic is the same event.
    assert to_json(parse(VALUE)) == VALUE
    assert content_hash(parse(json.dumps(BODY))).hex() == content_hash(parse(VALUE)).hex() == GOLDEN["content_hash"]


def test_our_own_producers_write_these_headers() -> None:
    headers = signed_headers(BODY["event_id"], "terminal", VALUE, "gateway", KEY, origin="api:7", refused="code: why")
    assert [[name, value.decode()] for name, value in headers] == GOLDEN["headers"]


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("ce_specversion", b"1.0"), ("ce_type", b"timecontrol.punch.v1"), ("ce_id", BODY["event_id"].encode())],
        [("ce_id", BODY["event_id"].upper().encode()), ("ce_source", b"terminal"), ("ce_whatever", b"\xff")],
        signed_headers(BODY["event_id"], "terminal", VALUE, "gateway", KEY),
    ],
)
def test_a_terminal_s_record_is_taken_with_and_without_headers(headers: list[tuple[str, bytes]]) -> None:
    assert decode_punch(record(VALUE, headers), KEY).punch == parse(VALUE)


@pytest.mark.parametrize(
    "changes",
    [
        *({"kind": kind} for kind in ("clock_in", "clock_out", "break_start", "break_end", "unknown")),
        *({"kind": "break_end", "break_type": kind} for kind in ("meal", "rest", "other", "sleep")),
        *(
            {"kind": "clock_in", "occurred_at": text}
            for text in ("2026-01-01T07:00:00Z", "2026-01-01T07:00:00.123-05:30")
        ),
        {"kind": "clock_in", "site_id": None, "attributes": {}, "employee_id": "ü" * 200},
        {"kind": "clock_in", "supersedes": BODY["event_id"], "actor": "ada", "reason": ""},
        {"kind": "clock_in", "voids": BODY["event_id"]},
    ],
)
def test_what_is_accepted_stays_accepted(changes: dict[str, object]) -> None:
    parse(json.dumps(PLAIN | changes))


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (b"", "malformed_json"),
        (b'{"kind": "clock_in"', "malformed_json"),
        (json.dumps(PLAIN), "missing_field"),
        (json.dumps(PLAIN | {"kind": "clock_in", "colour": "red"}), "unknown_field"),
        (json.dumps(PLAIN | {"kind": "lunch"}), "invalid_field"),
        (json.dumps(PLAIN | {"kind": "clock_in", "occurred_at": "1700000000"}), "invalid_field"),
        (json.dumps(PLAIN | {"kind": "clock_in", "break_type": "meal"}), "invalid_field"),
        (json.dumps(PLAIN | {"kind": "clock_in", "employee_id": "x" * 201}), "invalid_field"),
        (json.dumps(PLAIN | {"kind": "clock_in", "occurred_at": "1999-12-31T23:59:59Z"}), "before_2000"),
        (json.dumps(PLAIN | {"kind": "clock_in", "occurred_at": "2026-01-02T10:00:01Z"}), "far_future"),
        (json.dumps(PLAIN | {"kind": "clock_in", "voids": BODY["event_id"]}), "privileged_field"),
        (json.dumps(PLAIN | {"kind": "clock_in"}) + " " * 900_000, "too_large"),
    ],
)
def test_what_is_refused_has_these_codes(value: bytes | str, code: str) -> None:
    raw = value if isinstance(value, bytes) else value.encode()
    with pytest.raises(Rejected) as refused:
        decode_punch(record(raw, []), KEY)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("headers", "code"), [([("ce_type", b"order.v1")], "unknown_type"), ([("ce_id", b"another")], "id_mismatch")]
)
def test_an_envelope_that_contradicts_the_value_is_refused(headers: list[tuple[str, bytes]], code: str) -> None:
    with pytest.raises(Rejected) as refused:
        decode_punch(record(VALUE, headers), KEY)
    assert refused.value.code == code
