"""Paid breaks beside the finding that they do not count for."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from timecontrol.serving.explain.model import Answer, BreakStep
from timecontrol.serving.explain.uncounted import paid_breaks, uncounted
from timecontrol.serving.explain.words import Wall

DAY = date(2026, 10, 7)
WALL = Wall(DAY, ZoneInfo("UTC"))
MEAL_RULE = {
    "parameter": "breaks.meal_unpaid_from_minutes",
    "valid_from": "1961-01-11",
    "value": 30,
    "reference": "29 CFR 785.19(a)",
}
LATER_RULE = MEAL_RULE | {"valid_from": "2026-10-08", "value": 20}


def piece(name: str, start: str, end: str, **more: object) -> dict[str, Any]:
    ends = {"started_at": f"2026-10-{start}:00+00:00", "ended_at": f"2026-10-{end}:00+00:00"}
    lasted = datetime.fromisoformat(ends["ended_at"]) - datetime.fromisoformat(ends["started_at"])
    return {"break": name, "kind": "meal", "is_gap": False, "seconds": int(lasted.total_seconds())} | ends | more


def found(*pieces: dict[str, Any]) -> tuple[BreakStep, ...]:
    return paid_breaks({"rules": [LATER_RULE, MEAL_RULE], "breaks": list(pieces), "time_zone": "UTC"}, DAY)


def answer(rule: str, breaks: tuple[BreakStep, ...], value: object = None) -> Answer:
    return Answer(rule, DAY, "violated", "missing", 30, 0, "compliance", None, value=value, paid_breaks=breaks)


def test_a_break_that_midnight_cuts_is_one_and_the_version_of_the_day_says_why_it_is_paid() -> None:
    later, first = piece("b", "07T23:45", "08T00:00"), piece("a", "07T20:00", "07T20:10")
    steps = found(later, piece("b", "08T00:00", "08T00:14"), first)
    assert [(step.started_at.hour, step.seconds) for step in steps] == [(20, 600), (23, 1740)]
    assert steps[1].ended_at == datetime(2026, 10, 8, 0, 14, tzinfo=UTC)
    assert {step.reason.sentence for step in steps} == {"a meal break shorter than 30 min is paid"}
    assert {step.reason.reference for step in steps} == {"29 CFR 785.19(a)"}


def test_each_rule_says_what_the_break_is_not() -> None:
    breaks = found(piece("a", "07T12:00", "07T12:29"))
    said = [
        sentence for rule in ("meal_period_1", "break_total") for sentence, _ in uncounted(answer(rule, breaks), WALL)
    ]
    assert said == [
        "a paid break of 29 min (12:00 – 12:29) is no meal period: ",
        "a paid break of 29 min (12:00 – 12:29) does not count here: ",
    ]


def test_where_paid_breaks_count_nothing_is_said() -> None:
    breaks = found(piece("a", "07T12:00", "07T12:29"))
    assert list(uncounted(answer("break_total", breaks, {"counts_paid": True}), WALL)) == []
    assert list(uncounted(replace(answer("meal_period_1", breaks), paid_breaks=()), WALL)) == []
    assert paid_breaks(None, DAY) == ()
