"""Which pairing parameters count for an employee, by dates and local days."""

from datetime import UTC, date, datetime
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from ingestion.sinks.live_state.history import RecentPunch
from ingestion.sinks.live_state.pairing import Pairing, Rules
from ingestion.sinks.live_state.policies import pairing_on, rules_of, with_assignment, with_parameter
from timecontrol.contracts.core_change import CoreChange, Entity

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def change(entity: Entity, kind: Literal["updated", "deleted"] = "updated", **data: Any) -> CoreChange:  # noqa: ANN401  fields of any type
    return CoreChange(entity, "x", kind, data, "ada", NOW)


def parameters(*dated: tuple[str, str, object]) -> dict[str, dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for name, valid_from, value in dated:
        data = {"policy": "p", "parameter": f"pairing.{name}", "valid_from": valid_from, "value": value}
        known = with_parameter(known, change("policy_parameter", **data))
    return known


ALTERNATE = parameters(("direction", "2000-01-01", "alternate"))


def at(rules: Rules, instant: datetime) -> Pairing:
    return rules(RecentPunch(uuid4(), "unknown", instant, None, None, "T1", "terminal"))


def rules(
    assignments: dict[str, str | None],
    hr_policy: str | None = None,
    zone: str = "UTC",
    **policies: Any,  # noqa: ANN401
) -> Rules:
    return rules_of(assignments, hr_policy, policies, lambda _day: ZoneInfo(zone))


def test_each_parameter_has_its_place_and_minutes_become_seconds() -> None:
    known = parameters(
        ("direction", "2000-01-01", "alternate"),
        ("in_after_in", "2000-01-01", "repeat"),
        ("out_after_out", "2000-01-01", "repeat"),
        ("repeat_within_seconds", "2000-01-01", 5),
        ("new_shift_after_gap_minutes", "2000-01-01", 0.5),
        ("max_shift_minutes", "2000-01-01", 600),
    )
    assert pairing_on(known, "2026-03-02") == Pairing(True, 5, True, True, 30, 36_000)
    assert pairing_on({}, "2026-03-02") == Pairing()


def test_the_newest_value_counts_and_an_abolished_one_is_the_default() -> None:
    known = parameters(
        ("repeat_within_seconds", "-infinity", 1),
        ("repeat_within_seconds", "2026-01-01", 2),
        ("repeat_within_seconds", "2026-06-01", None),
    )
    found = [pairing_on(known, day).repeat_seconds for day in ("1999-01-01", "2026-01-01", "2026-06-01")]
    assert found == [1, 2, 60]
    data = {"policy": "p", "parameter": "pairing.repeat_within_seconds", "valid_from": "2026-06-01", "value": None}
    assert (
        pairing_on(with_parameter(known, change("policy_parameter", "deleted", **data)), "2026-07-01").repeat_seconds
        == 2
    )


def test_an_employee_has_one_policy_at_a_time() -> None:
    assigned = with_assignment({}, change("policy_assignment", employee_id="E1", valid_from="2026-03-01", policy="alt"))
    found = rules(assigned, alt=ALTERNATE)
    assert [at(found, datetime(2026, 2, 28, 23, tzinfo=UTC)), at(found, NOW)] == [Pairing(), Pairing(is_alternate=True)]
    ended = with_assignment(
        assigned, change("policy_assignment", employee_id="E1", valid_from="2026-03-02", policy=None)
    )
    assert at(rules(ended, hr_policy="alt", alt=ALTERNATE), NOW) == Pairing()
    withdrawn = with_assignment(
        ended, change("policy_assignment", "deleted", employee_id="E1", valid_from="2026-03-02", policy=None)
    )
    assert at(rules(withdrawn, alt=ALTERNATE), NOW) == Pairing(is_alternate=True)


def test_before_the_first_assignment_the_legacy_system_s_policy_holds() -> None:
    found = rules({"2026-03-02": None}, hr_policy="alt", alt=ALTERNATE)
    assert [at(found, datetime(2026, 3, 1, tzinfo=UTC)).is_alternate, at(found, NOW).is_alternate] == [True, False]


@pytest.mark.parametrize(("zone", "expected"), [("Asia/Manila", True), ("America/Los_Angeles", False)])
def test_dates_are_local(zone: str, expected: bool) -> None:
    instant = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert at(rules({"2026-03-02": "alt"}, zone=zone, alt=ALTERNATE), instant).is_alternate is expected


def test_a_policy_that_nobody_knows_has_the_defaults() -> None:
    found = rules({"-infinity": "nobody-knows"}, alt=ALTERNATE)
    assert at(found, datetime.combine(date(2026, 3, 2), datetime.min.time(), UTC)) == Pairing()
