"""What every sink makes of a record of `punches.v1`."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sinks.decode import decode_punch
from ingestion.sinks.records import Record
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import content_hash
from timecontrol.contracts.record import Headers, signed_headers

KEY = b"test key"
APPENDED = datetime(2026, 3, 2, 9, tzinfo=UTC)


def body(**changes: object) -> dict[str, Any]:
    base = {
        "event_id": str(uuid4()),
        "employee_id": "E1",
        "kind": "clock_in",
        "occurred_at": "2026-03-02T08:00:00Z",
        "source": "terminal",
        "device_id": "T1",
    }
    return base | changes


def record(value: bytes | None, headers: Headers | None = None) -> Record:
    return Record("punches.v1", 0, 0, b"E1", value, headers or [], int(APPENDED.timestamp() * 1000))


def code_of(value: bytes | None, headers: Headers | None = None) -> str:
    with pytest.raises(Rejected) as refused:
        decode_punch(record(value, headers), KEY)
    return refused.value.code


def test_an_unsigned_record_is_received_when_the_broker_appended_it() -> None:
    found = decode_punch(record(json.dumps(body(received_at="2026-03-02T07:00:00Z")).encode()), KEY)
    assert found.received_at == APPENDED
    assert found.origin is None


def test_a_signed_record_says_when_and_from_where() -> None:
    value = json.dumps(body(received_at="2026-03-02T07:00:00Z")).encode()
    event_id = json.loads(value)["event_id"]
    found = decode_punch(record(value, signed_headers(event_id, "api", value, "gateway", KEY, origin="api:t")), KEY)
    assert found.received_at == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert found.origin == "api:t"
    # Under another key neither counts.
    forged = decode_punch(
        record(value, signed_headers(event_id, "api", value, "gateway", b"other", origin="api:t")), KEY
    )
    assert (forged.received_at, forged.origin) == (APPENDED, None)


def test_a_signed_instant_of_receipt_may_not_lie_after_the_append() -> None:
    value = json.dumps(body(received_at=(APPENDED + timedelta(days=2)).isoformat())).encode()
    event_id = json.loads(value)["event_id"]
    assert code_of(value, signed_headers(event_id, "api", value, "gateway", KEY)) == "far_future"


@pytest.mark.parametrize("field", ["voids", "supersedes", "actor"])
def test_only_core_may_correct(field: str) -> None:
    value = json.dumps(body(**{field: str(uuid4())})).encode()
    event_id = json.loads(value)["event_id"]
    assert code_of(value) == "privileged_field"
    assert code_of(value, signed_headers(event_id, "x", value, "gateway", KEY)) == "privileged_field"
    assert decode_punch(record(value, signed_headers(event_id, "x", value, "core", KEY)), KEY).punch


def test_only_the_gateway_sends_what_people_make_at_the_web_clock() -> None:
    value = json.dumps(body(source="web_clock")).encode()
    event_id = json.loads(value)["event_id"]
    assert code_of(value) == "reserved_source"
    assert code_of(value, signed_headers(event_id, "web_clock", value, "gateway", b"other")) == "reserved_source"
    signed = signed_headers(event_id, "web_clock", value, "gateway", KEY, origin="api:t")
    assert decode_punch(record(value, signed), KEY).punch.source == "web_clock"


def test_the_reason_of_a_door_is_kept_with_its_code_and_only_if_signed() -> None:
    value = json.dumps(body()).encode()
    event_id = json.loads(value)["event_id"]
    for reason, code in (
        ("unknown_kind: no kind lunch", "unknown_kind"),
        ("Nothing: of that kind", "refused_at_source"),
    ):
        assert code_of(value, signed_headers(event_id, "x", value, "gateway", KEY, refused=reason)) == code
    assert decode_punch(record(value, [("ce_refused", b"nonsense")]), KEY).punch


def test_a_record_whose_headers_the_client_cannot_read_is_refused() -> None:
    unreadable = record(json.dumps(body()).encode())._replace(has_readable_headers=False)
    with pytest.raises(Rejected) as caught:
        decode_punch(unreadable, KEY)
    assert caught.value.code == "unreadable_headers"


@given(st.binary(max_size=300), st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=40)), max_size=5))
def test_no_bytes_raise_anything_but_rejected(value: bytes, headers: list[tuple[str, bytes]]) -> None:
    with pytest.raises(Rejected):
        decode_punch(record(value, headers), KEY)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from([*body(), "reason", "attributes", "voids", "received_at", "break_type", "x"]), JSON)
)
def test_no_event_raises_anything_but_rejected(changes: dict[str, Any]) -> None:
    value = json.dumps(body(**changes)).encode()
    try:
        found = decode_punch(record(value), KEY)
    except Rejected:
        return
    assert len(content_hash(found.punch)) == 16
