"""How the body of a batch is taken apart."""

import asyncio
import json
from datetime import UTC, datetime
from unittest.mock import AsyncMock, Mock
from uuid import UUID

import pytest

from timecontrol.contracts.errors import Rejected
from timecontrol.core.clocking import Sender
from user_api.routes.punches import MAX_BATCH_PUNCHES, split, take


def test_each_punch_keeps_its_own_bytes() -> None:
    assert split(b'[ {"a": 1 } , 7,null ]') == [b'{"a": 1 }', b"7", b"null"]
    assert split(b"[]") == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[1", b"\xff", b"[1] 2", b"[" * 100_000])
def test_what_is_no_array_is_refused(body: bytes) -> None:
    with pytest.raises(Rejected) as caught:
        split(body)
    assert caught.value.code == "malformed_json"


def test_one_too_many() -> None:
    with pytest.raises(Rejected) as caught:
        split(b"[" + b",".join([b"1"] * (MAX_BATCH_PUNCHES + 1)) + b"]")
    assert caught.value.code == "too_many"


def test_one_id_with_other_content_is_refused_and_a_repeat_is_not() -> None:
    event = {"event_id": str(UUID(int=1)), "employee_id": "E1", "occurred_at": "2026-05-04T08:00:00Z"}
    first, repeat = (
        event | {"kind": "clock_in"},
        event | {"kind": "clock_in", "occurred_at": "2026-05-04T10:00:00+02:00"},
    )
    other = event | {"kind": "clock_out"}
    items = [json.dumps(item).encode() for item in (first, repeat, other)]
    sender = Sender(UUID(int=2), device_id="T1")
    taken = asyncio.run(take(items, sender, Mock(), datetime(2026, 5, 4, 9, tzinfo=UTC)))
    assert [item.error and (item.error.code, item.error.field) for item in taken] == [
        None,
        None,
        ("content_conflict", "event_id"),
    ]
    assert taken[2].records(sender)[0].value == items[2]


def test_one_id_of_a_person_with_two_instants_is_refused_and_a_repeat_is_not() -> None:
    event = {"event_id": str(UUID(int=1)), "kind": "clock_in", "attributes": {"offline": True}}
    instants = ["2026-05-04T08:00:00Z", "2026-05-04T10:00:00+02:00", "2026-05-04T08:30:00Z"]
    items = [json.dumps(event | {"occurred_at": instant}).encode() for instant in instants]
    services = Mock()
    services.intake.first_receipts = services.intake.known_receipts = AsyncMock(return_value={})
    sender = Sender(UUID(int=2), employee_id="E1")
    taken = asyncio.run(take(items, sender, services, datetime(2026, 5, 4, 9, tzinfo=UTC)))
    assert [item.error and item.error.code for item in taken] == [None, None, "content_conflict"]
    assert taken[2].records(sender)[0].value == items[2]
