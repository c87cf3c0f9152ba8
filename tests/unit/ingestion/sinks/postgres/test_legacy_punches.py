"""Changes of legacy punches as events: plain, superseding, voiding."""

import json
from typing import Any
from uuid import UUID

from ingestion.sinks.postgres.legacy_punches import Transition, transition
from timecontrol.contracts.punch import parse

ROW = {
    "employee_id": "E1",
    "kind": "clock_in",
    "punched_at": "2026-01-05T08:00:00.000000",
    "break_type": None,
    "updated_at": "x",
}


def bodies(found: Transition) -> list[dict[str, Any]]:
    return [json.loads(event.value) for event in found.events]


def test_an_insert_is_a_punch_of_the_contract() -> None:
    found = transition("[1]", 1, None, ROW, None)
    punch = parse(found.events[0].value)
    assert (punch.event_id, punch.employee_id, punch.kind, punch.source) == (
        found.punch_event_id,
        "E1",
        "clock_in",
        "legacy_hr",
    )
    assert punch.occurred_at.isoformat() == "2026-01-05T08:00:00+00:00"
    assert found.events[0].key == "E1"


def test_the_same_change_gives_the_same_event_and_another_version_another() -> None:
    assert transition("[1]", 1, None, ROW, None) == transition("[1]", 1, None, ROW, None)
    ids = {transition(key, version, None, ROW, None).punch_event_id for key in ("[1]", "[2]") for version in (1, 2)}
    assert len(ids) == 4


def test_an_update_supersedes_what_stands() -> None:
    standing = UUID(int=1)
    found = transition("[1]", 2, ROW, ROW | {"kind": "clock_out"}, standing)
    assert [(body["kind"], body["supersedes"]) for body in bodies(found)] == [("clock_out", str(standing))]
    assert found.punch_event_id not in (None, standing)


def test_a_change_of_other_columns_is_none_of_the_punch() -> None:
    assert transition("[1]", 2, ROW, ROW | {"updated_at": "y"}, UUID(int=1)) == Transition((), UUID(int=1))


def test_a_delete_voids_and_a_return_is_new() -> None:
    found = transition("[1]", 2, ROW, None, UUID(int=1))
    assert [(body["voids"], body["employee_id"], body["kind"]) for body in bodies(found)] == [
        (str(UUID(int=1)), "E1", "clock_in")
    ]
    assert found.punch_event_id is None
    again = transition("[1]", 3, None, ROW, None)
    assert again.punch_event_id != transition("[1]", 1, None, ROW, None).punch_event_id


def test_another_employee_is_a_void_for_the_one_and_a_punch_for_the_other() -> None:
    found = transition("[1]", 2, ROW, ROW | {"employee_id": "E2"}, UUID(int=1))
    assert [(event.key, "voids" in body) for event, body in zip(found.events, bodies(found), strict=True)] == [
        ("E1", True),
        ("E2", False),
    ]
    assert len({event.event_id for event in found.events}) == 2


def test_values_that_no_punch_may_have_are_passed_on_for_the_quarantine() -> None:
    found = transition("[1]", 1, None, ROW | {"kind": "lunch", "punched_at": "0000-00-00T00:00:00"}, None)
    assert bodies(found)[0]["kind"] == "lunch"
    assert bodies(found)[0]["occurred_at"] == "0000-00-00T00:00:00Z"
