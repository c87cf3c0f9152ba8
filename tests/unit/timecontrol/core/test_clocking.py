"""What becomes of punches that devices and people hand in."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES, content_hash, parse
from timecontrol.core.clocking import Sender, accepted_record, read, refused_records, state_warning, timed

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
EVENT = "018f2f6e-0000-7000-8000-000000000001"
PERSON = Sender(UUID(int=1), employee_id="E1")
DEVICE = Sender(UUID(int=2), device_id="T1", site_id="NYC")


def body(**changes: object) -> bytes:
    event = {"event_id": EVENT, "employee_id": "E1", "kind": "clock_in", "occurred_at": "2026-11-24T08:59:30+01:00"}
    return json.dumps(event | changes).encode()


def test_the_credential_fills_in_what_is_missing() -> None:
    punch = read(b'{"employee_id": "E1", "kind": "clock_in", "occurred_at": "2026-11-24T08:00:00Z"}', DEVICE)
    assert (punch.device_id, punch.site_id, punch.source, punch.event_id.version) == ("T1", "NYC", "api", 7)
    own = read(b'{"kind": "clock_in", "occurred_at": "2026-11-24T08:00:00Z"}', PERSON)
    assert (own.employee_id, own.device_id, own.source) == ("E1", "web-clock", "web_clock")


@pytest.mark.parametrize(
    ("raw", "code", "field"),
    [
        (b'{"kind"', "malformed_json", None),
        (b"\xff\xfe", "malformed_json", None),
        (b"[]", "malformed_json", None),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "malformed_json", None),
        (body(kind="lunch"), "invalid_field", "kind"),
        (body(voids=EVENT), "privileged_field", "voids"),
        (body(actor="me"), "privileged_field", "actor"),
        (body(colour="red"), "unknown_field", "colour"),
        (body(device_id="x" * 1_000_000), "too_large", None),
        (body(device_id="x" * 201), "invalid_field", "device_id"),
        (b'{"employee_id": "E1", "kind": "clock_in"}', "missing_field", "occurred_at"),
    ],
)
def test_wrong_input_is_refused_with_field_and_reason(raw: bytes, code: str, field: str | None) -> None:
    with pytest.raises(Rejected) as caught:
        read(raw, DEVICE)
    assert (caught.value.code, caught.value.field) == (code, field)


def test_a_person_punches_for_nobody_else() -> None:
    with pytest.raises(Rejected) as caught:
        read(body(employee_id="E2"), PERSON)
    assert caught.value.code == "not_own_punch"


def test_a_persons_punch_comes_from_the_web_clock_whatever_it_says() -> None:
    own = read(body(source="terminal", device_id="BER-T1", site_id="BER"), PERSON)
    assert (own.source, own.device_id, own.site_id) == ("web_clock", "web-clock", None)


@pytest.mark.parametrize(("field", "other"), [("device_id", "T2"), ("site_id", "BER")])
def test_a_device_punches_for_no_other_device_or_site(field: str, other: str) -> None:
    with pytest.raises(Rejected) as caught:
        read(body(**{field: other}), DEVICE)
    assert (caught.value.code, caught.value.field) == ("not_own_device", field)
    own = read(body(device_id="T1", site_id="NYC", source="kiosk"), DEVICE)
    assert (own.source, own.device_id, own.site_id) == ("kiosk", "T1", "NYC")


def test_a_device_does_not_punch_as_the_web_clock() -> None:
    with pytest.raises(Rejected) as caught:
        read(body(source="web_clock"), DEVICE)
    assert (caught.value.code, caught.value.field) == ("reserved_source", "source")


def test_a_device_whose_token_names_no_site_says_its_own() -> None:
    assert read(body(site_id="BER"), Sender(UUID(int=3), device_id="T1")).site_id == "BER"


@pytest.mark.parametrize(
    ("occurred", "code"), [("1999-12-31T23:59:59Z", "before_2000"), ("2026-11-25T10:00:01Z", "far_future")]
)
def test_impossible_instants_are_refused(occurred: str, code: str) -> None:
    with pytest.raises(Rejected) as caught:
        timed(read(body(occurred_at=occurred), DEVICE), DEVICE, NOW)
    assert caught.value.code == code


def test_a_devices_instant_counts_and_a_persons_does_not() -> None:
    assert timed(read(body(), DEVICE), DEVICE, NOW).occurred_at == NOW - timedelta(seconds=30)
    assert timed(read(body(), PERSON), PERSON, NOW).occurred_at == NOW


def test_an_offline_punch_counts_by_the_phones_time() -> None:
    offline = read(body(occurred_at="2026-11-24T05:00:00Z", attributes={"offline": True}), PERSON)
    punch = timed(offline, PERSON, NOW)
    assert punch.occurred_at == NOW - timedelta(hours=3)
    assert punch.attributes == {"offline": True}


def test_a_phone_that_is_far_off_is_marked() -> None:
    punch = timed(read(body(occurred_at="2026-11-24T08:05:01Z"), PERSON), PERSON, NOW)
    assert punch.attributes == {"clock_drift_seconds": 301}
    assert timed(read(body(occurred_at="2026-11-24T08:05:00Z"), PERSON), PERSON, NOW).attributes is None


@pytest.mark.parametrize(
    ("sender", "attributes", "seconds_off", "marked"),
    [
        (PERSON, {"offline": True}, -12 * 3600, False),
        (PERSON, {"offline": True}, -12 * 3600 - 1, True),
        (PERSON, {"offline": True}, 300, False),
        (PERSON, {"offline": True}, 301, True),
        (PERSON, {"offline": True, "clock_drift_seconds": False}, -13 * 3600, True),
        (DEVICE, {}, 300, False),
        (DEVICE, {}, 301, True),
        # A terminal without a network keeps its punches for weeks; that they are old says nothing about its clock.
        (DEVICE, {}, -40 * 86_400, False),
        (DEVICE, {"clock_drift_seconds": 17}, 0, False),
    ],
)
def test_an_instant_that_is_too_far_from_ours_is_marked(
    sender: Sender, attributes: dict[str, object], seconds_off: int, marked: bool
) -> None:
    occurred = NOW + timedelta(seconds=seconds_off)
    punch = timed(read(body(occurred_at=occurred.isoformat(), attributes=attributes), sender), sender, NOW)
    assert punch.occurred_at == occurred
    assert (punch.attributes or {}).get("clock_drift_seconds") == (seconds_off if marked else None)


@pytest.mark.parametrize(
    ("sender", "attributes"), [(DEVICE, None), (DEVICE, {"battery": 1}), (PERSON, {"offline": True})]
)
def test_a_marked_punch_that_is_sent_again_has_the_same_content(
    sender: Sender, attributes: dict[str, object] | None
) -> None:
    draft = read(body(occurred_at=(NOW + timedelta(hours=1)).isoformat(), attributes=attributes), sender)
    first, later = timed(draft, sender, NOW), timed(draft, sender, NOW + timedelta(hours=2))
    assert first.attributes != later.attributes
    assert content_hash(first) == content_hash(later)


def test_a_repeat_of_a_person_has_the_same_content_also_where_the_first_attempt_is_not_remembered() -> None:
    first = timed(read(body(), PERSON), PERSON, NOW)
    later = NOW + timedelta(minutes=20)
    for attributes in ({"offline": True}, None):
        again = timed(read(body(attributes=attributes), PERSON), PERSON, later)
        assert (again.occurred_at, again.attributes) != (first.occurred_at, first.attributes)
        assert content_hash(again) == content_hash(first)
    other = timed(read(body(kind="clock_out"), PERSON), PERSON, later)
    assert content_hash(other) != content_hash(first)


def test_a_repeat_has_the_content_of_the_first_attempt_even_when_it_was_queued() -> None:
    first = timed(read(body(), PERSON), PERSON, NOW)
    repeat = read(body(attributes={"offline": True}), PERSON)
    again = timed(repeat, PERSON, NOW + timedelta(minutes=20), first_received_at=NOW)
    assert content_hash(again) == content_hash(first)


@pytest.mark.parametrize(
    ("attributes", "code"),
    [
        # Written as 1000000000000000.0 the record has four times the bytes that were sent.
        ('{"a": [' + ",".join(["1e15"] * 150_000) + "]}", "too_large"),
        ('{"a": "\\u0000"}', "invalid_field"),
        ('{"a": ' + "[" * 250 + "]" * 250 + "}", "malformed_json"),
        ('{"a": ' + "[" * 900 + "]" * 900 + "}", "malformed_json"),
    ],
)
def test_what_the_sinks_cannot_take_is_refused_at_the_door(attributes: str, code: str) -> None:
    raw = body()[:-1] + f', "attributes": {attributes}}}'.encode()
    with pytest.raises(Rejected) as caught:
        accepted_record(timed(read(raw, DEVICE), DEVICE, NOW), DEVICE)
    assert caught.value.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.none() | st.dictionaries(st.text(), JSON, max_size=3),
    st.dictionaries(st.sampled_from(["employee_id", "source", "cost_center", "reason"]), st.text(max_size=300)),
    st.datetimes(timezones=st.timezones()),
)
def test_what_is_accepted_is_read_by_the_sinks_with_the_same_content(
    attributes: dict[str, Any] | None, texts: dict[str, str], instant: datetime
) -> None:
    changes = {"attributes": attributes, "occurred_at": instant.isoformat(), **texts}
    try:
        punch = timed(read(body(**changes), DEVICE), DEVICE, NOW)
        record = accepted_record(punch, DEVICE)
    except Rejected:
        return
    assert content_hash(parse(record.value)) == content_hash(punch)


def test_refused_bytes_are_kept_whole() -> None:
    raw = b"x" * (2 * MAX_RECORD_BYTES + 1)
    records = refused_records(raw, Rejected("too_large", "too much"), "api", DEVICE.origin)
    assert b"".join(record.value for record in records) == raw
    assert [record.refused for record in records] == [
        f"too_large: too much (part {number} of 3)" for number in (1, 2, 3)
    ]
    empty = refused_records(b"", Rejected("malformed_json", "empty"), "api", DEVICE.origin)
    assert [record.refused for record in empty] == ["malformed_json: empty"]


def test_a_wrong_state_is_a_warning() -> None:
    assert state_warning("clock_in", "out") is None
    assert (state_warning("break_end", "in") or "").startswith("No break is open.")
