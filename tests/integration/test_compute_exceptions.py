"""Exceptions name their punches, and come and go with time alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.warehouse.pools import connect

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
LATER = FixedClock(MONDAY + timedelta(days=20))
LIMITS: dict[str, object] = {
    "breaks.short_below_minutes": 30,
    "breaks.count": [
        {"after_worked_minutes": 360, "at_least": 2},
        {"types": ["rest"], "after_worked_minutes": 0, "at_most": 0},
    ],
    "breaks.meal_start_by_worked_minutes": 180,
    "shift.late_window_minutes": 60,
    "shift.early_window_minutes": 60,
    "shift.early_in_grace_minutes": 5,
    "shift.late_grace_minutes": 5,
    "shift.early_leave_grace_minutes": 5,
    "shift.late_out_grace_minutes": 5,
    "shift.over_scheduled_minutes": 0,
    "shift.under_scheduled_minutes": 0,
    "shift.over_weekly_scheduled_minutes": 0,
    "exceptions.daily_worked_over_minutes": 480,
    "exceptions.weekly_worked_over_minutes": 900,
}


@pytest.fixture
def inputs(stack: RunningStack) -> Inputs:
    """Ana, held against limits, and nothing computed yet."""
    inputs = Inputs(stack.require("postgres"))
    inputs.empty()
    inputs.add("core.sites", site_id="north", name="North", time_zone="UTC")
    inputs.policy("limits", LIMITS)
    inputs.add("core.employees", employee_id="ana", name="Ana", site_id="north")
    inputs.add("core.policy_assignments", employee_id="ana", policy="limits")
    return inputs


def shift(inputs: Inputs, shift_id: str, begin: datetime, hours: int) -> None:
    inputs.add(
        "core.shifts", shift_id=shift_id, employee_id="ana", starts_at=begin, ends_at=begin + timedelta(hours=hours)
    )


def found(inputs: Inputs) -> dict[tuple[str, int], UUID | str | None]:
    """By kind and day after Monday, the punch that an exception names, else its shift."""
    query = "select kind, workday, event_id, shift_id from marts.fct_exceptions where employee_id = 'ana'"
    with connect(inputs.settings, "transform") as connection:
        rows = connection.execute(query).fetchall()
    by_kind = {(kind, (day - MONDAY.date()).days): event_id or shift_id for kind, day, event_id, shift_id in rows}
    assert len(by_kind) == len(rows)
    return by_kind


def compute(inputs: Inputs, clock: FixedClock) -> dict[tuple[str, int], UUID | str | None]:
    """The exceptions that stand after a run."""
    run(inputs.settings, reason="test", clock=clock)
    return found(inputs)


def test_exceptions_name_the_punch_concerned(inputs: Inputs) -> None:
    """The first clock-in, the break, the last clock-out; a scheduled shift where there was no punch."""
    shift(inputs, "long", MONDAY + timedelta(hours=8), 8)
    came = inputs.punch("ana", "clock_in", MONDAY + timedelta(hours=7, minutes=50))
    meal = inputs.punch("ana", "break_start", MONDAY + timedelta(hours=12), break_type="meal")
    inputs.punch("ana", "break_end", MONDAY + timedelta(hours=12, minutes=20), break_type="meal")
    left = inputs.punch("ana", "clock_out", MONDAY + timedelta(hours=17))
    tuesday = MONDAY + timedelta(days=1)
    shift(inputs, "short", tuesday + timedelta(hours=8), 8)
    late = inputs.punch("ana", "clock_in", tuesday + timedelta(hours=8, minutes=10))
    rest = inputs.punch("ana", "break_start", tuesday + timedelta(hours=9), break_type="rest")
    inputs.punch("ana", "break_end", tuesday + timedelta(hours=9, minutes=30), break_type="rest")
    gone = inputs.punch("ana", "clock_out", tuesday + timedelta(hours=15))
    shift(inputs, "nobody", MONDAY + timedelta(days=2, hours=8), 8)

    assert compute(inputs, LATER) == {
        ("early_in", 0): came,
        ("short_break", 0): meal,
        ("late_meal", 0): meal,
        ("too_few_breaks", 0): came,
        ("over_scheduled", 0): left,
        ("over_daily_time", 0): left,
        ("out_late", 0): left,
        ("late", 1): late,
        ("late_meal", 1): late,
        ("too_few_breaks", 1): late,
        ("too_many_breaks", 1): rest,
        ("early_leave", 1): gone,
        ("under_scheduled", 1): gone,
        ("over_weekly_time", 1): gone,
        ("late", 2): "nobody",
        ("under_scheduled", 2): "nobody",
    }


def test_time_alone_brings_what_waits_for_the_end_of_a_day(inputs: Inputs) -> None:
    """Less than scheduled counts when the outcome is there, breaks when a session is given up: without a new punch."""
    shift(inputs, "day", MONDAY + timedelta(hours=8), 8)
    came = inputs.punch("ana", "clock_in", MONDAY + timedelta(hours=8))
    left = inputs.punch("ana", "clock_out", MONDAY + timedelta(hours=14, minutes=30))
    clock = FixedClock(MONDAY + timedelta(hours=15))
    meal = {("late_meal", 0): came, ("too_few_breaks", 0): came, ("early_leave", 0): left}
    assert compute(inputs, clock) == meal

    clock.instant = MONDAY + timedelta(hours=17, seconds=1)
    assert compute(inputs, clock) == meal | {("under_scheduled", 0): left}

    back = inputs.punch("ana", "clock_in", MONDAY + timedelta(hours=17, minutes=30))
    clock.instant = MONDAY + timedelta(hours=18)
    assert compute(inputs, clock) == {("late_meal", 0): came, ("out_late", 0): "day"}

    clock.instant = MONDAY + timedelta(hours=24, seconds=1)
    given_up = {("late_meal", 0): came, ("too_few_breaks", 0): came, ("under_scheduled", 0): left}
    assert compute(inputs, clock) == given_up | {("open_session", 0): back}
    with computed_anew(inputs.settings) as schema:
        assert differing_rows(inputs.settings, schema) == {}
