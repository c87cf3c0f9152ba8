"""Where presence that is not paid went, from rows of the marts."""

from datetime import UTC, date, datetime
from typing import Any

from timecontrol.serving.explain.reasons import Parameter
from timecontrol.serving.explain.unpaid import added_seconds, break_step, unpaid_parts

SLEEP = Parameter(
    "breaks.sleep",
    {"min_duty_minutes": 1440, "max_excluded_minutes": 480, "min_sleep_minutes": 300},
    date(1961, 1, 11),
    "29 CFR 785.22",
)
CLOCK_IN = Parameter("rounding.clock_in", {"mode": "up", "interval_minutes": 15}, date(2020, 1, 1), None)
DEDUCT = {
    "parameter": "breaks.auto_deduct",
    "valid_from": date(2021, 1, 1),
    "value": [1],
    "reference": "works agreement",
}


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, 7, hour, minute, tzinfo=UTC)


def segment(kind: str, start: datetime, end: datetime, **more: Any) -> dict[str, Any]:  # noqa: ANN401  columns of any type
    seconds = int((end - start).total_seconds())
    row = {"segment_id": "s", "session_id": "s", "kind": kind, "break_type": None, "is_paid": kind == "work"}
    return row | {"started_at": start, "ended_at": end, "seconds": seconds, "whole_seconds": seconds} | more


def session(**more: Any) -> dict[str, Any]:  # noqa: ANN401  columns of any type
    row = {"counts": True, "in_at": at(8), "rounded_in_at": at(8), "out_at": at(17), "rounded_out_at": at(17)}
    return row | {"breaks": []} | more


def lineage(parameter: str | None, start: datetime, end: datetime, **more: Any) -> dict[str, Any]:  # noqa: ANN401  columns of any type
    row = {
        "pay_line_id": None,
        "source": "deduction",
        "seconds": 0,
        "parameter": parameter,
        "from_at": start,
        "to_at": end,
    }
    return row | {"parameter_valid_from": date(2021, 1, 1), "reference": "works agreement"} | more


def test_a_deduction_names_its_time_and_its_parameter() -> None:
    rows = {
        "segments": [segment("work", at(8), at(17))],
        "sessions": [session()],
        "lineage": [lineage("breaks.auto_deduct", at(14), at(14, 30))],
        "parameters": [DEDUCT],
    }
    (part,) = unpaid_parts(rows, {}, 1800)
    assert (part.seconds, part.what, part.from_at, part.to_at) == (1800, "automatic deduction", at(14), at(14, 30))
    assert part.reason.sentence == "the policy deducts a break from a worked shift of this length"
    assert (part.reason.parameter, part.reason.value, part.reason.reference) == (
        "breaks.auto_deduct",
        [1],
        "works agreement",
    )


def test_a_rounded_punch_takes_or_gives_its_own_seconds() -> None:
    rows = {
        "segments": [segment("work", at(7, 52), at(17))],
        "sessions": [session(in_at=at(7, 52), rounded_out_at=at(17, 5))],
        "lineage": [],
        "parameters": [],
    }
    parts = unpaid_parts(rows, {"rounding.clock_in": CLOCK_IN}, 180)
    assert [(part.seconds, part.what, part.reason.parameter) for part in parts] == [
        (480, "rounding of the clock in", "rounding.clock_in"),
        (-300, "rounding of the clock out", None),
    ]


def test_a_session_that_does_not_count_has_no_rounding() -> None:
    rows = {
        "segments": [segment("work", at(8), at(17))],
        "sessions": [session(counts=False, in_at=at(7, 52)), session(out_at=None, in_at=at(7))],
        "lineage": [],
        "parameters": [],
    }
    assert unpaid_parts(rows, {}, 0) == ()


def test_what_nothing_explains_is_said_to_be_rounding() -> None:
    rows: dict[str, Any] = {"segments": [], "sessions": [], "lineage": [], "parameters": []}
    (part,) = unpaid_parts(rows, {}, 60)
    assert (part.seconds, part.what) == (60, "rounding")


def test_added_is_what_counts_as_work_only() -> None:
    pay = [{"pay_line_id": "w", "source": "work"}, {"pay_line_id": "a", "source": "addition"}]
    rows = [
        lineage(None, at(8), at(9), pay_line_id="w", source="segment", seconds=3600),
        lineage("rounding.day_total", at(9), at(9, 5), pay_line_id="w", source="rounding", seconds=300),
        lineage("breaks.auto_add", at(9), at(9, 1), pay_line_id="w", source="addition", seconds=60),
        lineage("breaks.auto_add", at(9), at(9, 10), pay_line_id="a", source="addition", seconds=600),
    ]
    assert added_seconds(pay, rows) == 360


def test_both_parts_of_a_sleep_say_why() -> None:
    rules = {"breaks.sleep": SLEEP}
    unpaid = segment("break", at(0), at(8), break_type="sleep", is_paid=False)
    rest = segment("break", at(8), at(9), break_type="sleep", is_paid=True, segment_id="s/work@2026-10-07")
    assert break_step(unpaid, rules).reason.sentence == "sleep in a duty of 1440 minutes is unpaid up to 480 minutes"
    assert (
        break_step(rest, rules).reason.sentence
        == "only 480 minutes of it are unpaid in a duty; the rest of the sleep is work"
    )
    short = segment("break", at(0), at(4), break_type="sleep", is_paid=True)
    assert break_step(short, rules).reason.sentence == (
        "sleep is unpaid only if 300 minutes long, in a duty of 1440 minutes"
    )
