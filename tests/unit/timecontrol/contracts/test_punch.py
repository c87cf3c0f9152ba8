"""The punch contract: what is accepted, what is refused and why, what makes two events the same."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import (
    FUTURE_LIMIT,
    MAX_RECORD_BYTES,
    check_instant,
    check_storable,
    content_hash,
    former_content_hash,
    parse,
    to_json,
)

EVENT: dict[str, Any] = {
    "event_id": "018f6e0e-0000-7000-8000-000000000001",
    "employee_id": "E1",
    "kind": "clock_in",
    "occurred_at": "2026-01-01T08:00:00+01:00",
    "source": "terminal",
    "device_id": "T1",
}


def event(**changes: object) -> bytes:
    """The sample event with changes, as JSON."""
    return json.dumps(EVENT | changes).encode()


def test_a_valid_event_is_read_to_the_second_and_with_its_offset() -> None:
    punch = parse(event())
    assert punch.employee_id == "E1"
    assert punch.occurred_at == datetime(2026, 1, 1, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        (b'{"event_id":', "malformed_json", None),
        (b"\xff\xfe\x00", "malformed_json", None),
        (b"[]", "invalid_field", None),
        (event(kind="lunch"), "invalid_field", "kind"),
        (event(employee_id=""), "invalid_field", "employee_id"),
        (event(device_id="x" * 201), "invalid_field", "device_id"),
        (event(device_id="a\u0000b"), "invalid_field", "device_id"),
        (event(occurred_at=1767250800), "invalid_field", "occurred_at"),
        (event(occurred_at="2026-01-01T08:00:00"), "invalid_field", "occurred_at"),
        (event(occurred_at="2026-13-01T08:00:00Z"), "invalid_field", "occurred_at"),
        # What is read as seconds since 1970, a day, or a time to the minute is no instant as RFC 3339 writes it.
        (event(occurred_at="1767250800"), "invalid_field", "occurred_at"),
        (event(occurred_at="1767250800.5"), "invalid_field", "occurred_at"),
        (event(occurred_at="2026-01-01"), "invalid_field", "occurred_at"),
        (event(occurred_at="2026-01-01T08:00+01:00"), "invalid_field", "occurred_at"),
        (event(occurred_at="2026-01-01T08:00:00+0100"), "invalid_field", "occurred_at"),
        (event(occurred_at=True), "invalid_field", "occurred_at"),
        (event(received_at="1767250800"), "invalid_field", "received_at"),
        (event(colour="red"), "unknown_field", "colour"),
        (event(break_type="meal"), "invalid_field", None),
        (event(voids=EVENT["event_id"], supersedes=EVENT["event_id"]), "invalid_field", None),
        (b"{}", "missing_field", "event_id"),
        (event(attributes={"a": ["\0"]}), "invalid_field", "attributes"),
        (b" " * (MAX_RECORD_BYTES + 1), "too_large", None),
    ],
)
def test_a_wrong_event_is_refused_with_its_field(value: bytes, code: str, field: str | None) -> None:
    with pytest.raises(Rejected) as refused:
        parse(value)
    assert (refused.value.code, refused.value.field) == (code, field)


@pytest.mark.parametrize("text", ["2026-01-01T07:00:00Z", "2026-01-01 08:00:00.25+01:00", "2026-01-01t07:00:00z"])
def test_an_instant_is_rfc_3339_with_an_offset(text: str) -> None:
    assert parse(event(occurred_at=text)).occurred_at.replace(microsecond=0) == datetime(2026, 1, 1, 7, tzinfo=UTC)


def test_the_hash_is_of_the_content_not_of_its_writing() -> None:
    same = json.dumps(dict(reversed(EVENT.items())) | {"occurred_at": "2026-01-01T07:00:00Z", "site_id": None})
    received = event(received_at="2026-01-01T09:00:00Z")
    assert content_hash(parse(same)) == content_hash(parse(event())) == content_hash(parse(received))


@pytest.mark.parametrize(
    "change", [{"kind": "clock_out"}, {"occurred_at": "2026-01-01T08:00:01+01:00"}, {"attributes": {"a": 1}}]
)
def test_other_content_has_another_hash(change: dict[str, object]) -> None:
    assert content_hash(parse(event(**change))) != content_hash(parse(event()))


def test_the_former_hash_of_a_persons_event_is_what_older_databases_hold() -> None:
    own = parse(event(source="web_clock", attributes={"offline": True, "clock_drift_seconds": 301}))
    # BLAKE2b-128 over this in its bytes, as `content_hash` made it while it compared the instant of people, too.
    former = (
        b'{"attributes":{"offline":true},"device_id":"T1","employee_id":"E1",'
        b'"event_id":"018f6e0e-0000-7000-8000-000000000001","kind":"clock_in",'
        b'"occurred_at":"2026-01-01T07:00:00.000000+00:00","source":"web_clock"}'
    )
    assert former_content_hash(own) == hashlib.blake2b(former, digest_size=16).digest()
    assert former_content_hash(own) != content_hash(own)
    assert former_content_hash(parse(event())) == content_hash(parse(event()))


def test_what_is_written_is_read_back_the_same() -> None:
    punch = parse(event(attributes={"battery": 0.5, "geo": [52.5, 13.4]}, cost_center="4711"))
    assert parse(to_json(punch)) == punch


def test_instants_outside_of_what_a_device_can_mean_are_refused() -> None:
    received = datetime(2026, 1, 1, 8, 0, tzinfo=UTC)
    limit = (received + FUTURE_LIMIT).isoformat()
    check_instant(parse(event(occurred_at=limit)), received)
    check_instant(parse(event(occurred_at="2000-01-01T00:00:00Z")), received)
    with pytest.raises(Rejected, match="more than 1 day, 2:00:00 after"):
        check_instant(parse(event(occurred_at=(received + FUTURE_LIMIT + timedelta(seconds=1)).isoformat())), received)
    with pytest.raises(Rejected, match="before 2000"):
        check_instant(parse(event(occurred_at="1999-12-31T23:59:59Z")), received)


@pytest.mark.parametrize(
    ("attributes", "ok"),
    [
        ({"a": [1, {"b": "text"}]}, True),
        ({"a": "\\u0000"}, True),
        ({"a": "\0"}, False),
        ({"a": {"b\0": 1}}, False),
        ({"a": [[float("nan")]]}, False),
        ({"a": float("-inf")}, False),
    ],
)
def test_what_jsonb_cannot_hold_is_refused(attributes: dict[str, Any], ok: bool) -> None:
    if ok:
        check_storable(attributes)
    else:
        with pytest.raises(Rejected):
            check_storable(attributes)
