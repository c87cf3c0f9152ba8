"""Where presence that is not paid went, from rows of the marts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from timecontrol.serving.explain.reasons import Parameter
from timecontrol.serving.explain.unpaid import added_seconds, break_step, unpaid_parts

SLEEP = Parameter(
    "breaks.sleep",
    {"min_duty_minutes": 1440, "max_excluded_minutes": 480, "min_sleep_minutes": 300},
    date(1961, 1, 11),
    "29 CFR 785.22",
)
BREAK_START = Parameter("rounding.break_start", {"mode": "nearest", "interval_minutes": 15}, date(2020, 1, 1), None)
CLOCK_IN = Parameter("rounding.clock_in", {"mode": "up", "interval_minutes": 15}, date(2020, 1, 1), None)
SNAP = Parameter("rounding.snap_to_schedule", {"clock_in": {}}, date(2020, 1, 1), "works agreement")
DEDUCT = {
    "parameter": "breaks.auto_deduct",
    "valid_from": date(2021, 1, 1),
    "value": [1],
    "reference": "works agreement",
}
DAY = timedelta(days=1)


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
        "plans": [],
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
        "plans": [],
    }
    parts = unpaid_parts(rows, {"rounding.clock_in": CLOCK_IN}, 180)
    assert [(part.seconds, part.what, part.reason.parameter) for part in parts] == [
        (480, "rounding of the clock in", "rounding.clock_in"),
        (-300, "rounding of the clock out", None),
    ]


def test_a_punch_that_became_the_scheduled_time_names_the_snap() -> None:
    rules = {"rounding.clock_in": CLOCK_IN, "rounding.snap_to_schedule": SNAP}
    rows = {
        "segments": [segment("work", at(7, 50), at(17))],
        "sessions": [session(in_at=at(7, 52)), session(in_at=at(7, 50), rounded_in_at=at(7, 45))],
        "lineage": [],
        "parameters": [],
        "plans": [{"shift_start": at(8), "shift_end": at(17)}, {"shift_start": None, "shift_end": None}],
    }
    parts = unpaid_parts(rows, rules, 180)
    assert [(part.seconds, part.reason.parameter) for part in parts] == [
        (480, "rounding.snap_to_schedule"),
        (-300, "rounding.clock_in"),
    ]
    assert parts[0].reason.sentence == "the clock in is near the scheduled time and counts as made then"


def test_a_break_of_another_kind_has_a_name() -> None:
    other = segment("break", at(10), at(10, 10), break_type="other", is_paid=False)
    rows: dict[str, Any] = {"segments": [other], "sessions": [], "lineage": [], "parameters": [], "plans": []}
    (part,) = unpaid_parts(rows, {}, 600)
    assert part.what == "other break"


def sleep_rows(*segments: dict[str, Any]) -> dict[str, Any]:
    """A duty from 7 to 7 of the next day: a sleep from 21:52, counted from 21:45, to 7:02 and counted for eight hours."""
    sleep = {
        "type": "sleep",
        "paid": False,
        "start": at(21, 52).isoformat(),
        "rounded_start": at(21, 45).isoformat(),
        "end": (at(7, 2) + DAY).isoformat(),
        "rounded_end": (at(5, 45) + DAY).isoformat(),
    }
    one = session(in_at=at(8, 3), out_at=at(9) + DAY, rounded_out_at=at(9) + DAY, breaks=[sleep])
    return {"segments": segments, "sessions": [one], "lineage": [], "parameters": [], "plans": []}


def test_each_day_of_a_sleep_has_the_rounding_of_its_own_end() -> None:
    rules = {rule.name: rule for rule in (SLEEP, CLOCK_IN, BREAK_START)}
    first = sleep_rows(
        segment("work", at(8, 3), at(21, 52)),
        segment("break", at(21, 52), at(0) + DAY, break_type="sleep", is_paid=False, seconds=0),
    )
    assert [(part.seconds, part.reason.parameter) for part in unpaid_parts(first, rules, 240)] == [
        (0, "breaks.sleep"),
        (-180, "rounding.clock_in"),
        (420, "rounding.break_start"),
    ]
    second = sleep_rows(
        segment("break", at(0) + DAY, at(5, 52) + DAY, break_type="sleep", is_paid=False, seconds=0),
        segment(
            "break", at(5, 52) + DAY, at(7, 2) + DAY, break_type="sleep", is_paid=True, segment_id="s/work@2026-10-08"
        ),
    )
    parts = unpaid_parts(second, rules, -420)
    assert [(part.seconds, part.what, part.reason.parameter) for part in parts] == [
        (0, "sleep", "breaks.sleep"),
        (-420, "rounding of the sleep", "breaks.sleep"),
    ]


def test_a_sleep_within_its_limit_ends_where_its_punch_is_rounded_to() -> None:
    rows = sleep_rows(segment("break", at(0) + DAY, at(7, 2) + DAY, break_type="sleep", is_paid=False, seconds=0))
    (_, part) = unpaid_parts(rows, {"breaks.sleep": SLEEP}, -4620)
    assert (part.what, part.seconds) == ("rounding of the break end", -4620)


def test_a_session_that_does_not_count_has_no_rounding() -> None:
    rows = {
        "segments": [segment("work", at(8), at(17))],
        "sessions": [session(counts=False, in_at=at(7, 52)), session(out_at=None, in_at=at(7))],
        "lineage": [],
        "parameters": [],
        "plans": [],
    }
    assert unpaid_parts(rows, {}, 0) == ()


def test_what_nothing_explains_is_said_to_be_rounding() -> None:
    rows: dict[str, Any] = {"segments": [], "sessions": [], "lineage": [], "parameters": [], "plans": []}
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
    assert break_step(unpaid, rules).reason.sentence == "sleep in a duty of at least 24 h is unpaid up to 8 h"
    assert (
        break_step(rest, rules).reason.sentence == "only 8 h of it are unpaid in a duty; the rest of the sleep is work"
    )
    short = segment("break", at(0), at(4), break_type="sleep", is_paid=True)
    assert break_step(short, rules).reason.sentence == (
        "sleep is unpaid only if it lasts 5 h, in a duty of at least 24 h"
    )
