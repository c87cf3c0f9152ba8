"""A day explained from real punches through the real models."""

from datetime import UTC, date, datetime

import pytest

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.errors import UserError
from timecontrol.serving.compute import run
from timecontrol.serving.explain.day import explain
from timecontrol.serving.explain.text import render
from timecontrol.serving.reads import Reads

DAY = date(2026, 10, 7)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, 7, hour, minute, tzinfo=UTC)


def test_every_second_of_presence_is_explained(stack: RunningStack) -> None:
    settings = stack.require("postgres", "replica", "heartbeat")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy(
        "strict",
        {
            "breaks.meal_unpaid_from_minutes": 30,
            "overtime.daily_tiers": [{"over_minutes": 480, "pay_code": "overtime_150"}],
        },
    )
    inputs.add("policy.pay_codes", pay_code="regular", title="Regular", multiplier=1, on_top=False)
    inputs.add("policy.pay_codes", pay_code="overtime_150", title="Overtime", multiplier=1.5, on_top=False)
    inputs.add("core.sites", site_id="north", name="North", time_zone="UTC")
    inputs.add("core.employees", employee_id="ana", name="Ana", site_id="north")
    inputs.add("core.policy_assignments", employee_id="ana", policy="strict")
    for kind, instant in (
        ("clock_in", at(6)),
        ("clock_in", at(6, 1)),
        ("break_start", at(10)),
        ("break_end", at(10, 45)),
        ("clock_out", at(16)),
    ):
        inputs.punch("ana", kind, instant, site_id="north", origin="file:0123456789abcdef#7")
    run(settings, reason="test", clock=FixedClock(at(20)))
    reads = Reads(settings)
    try:
        day = explain(reads, "ana", DAY)
        with pytest.raises(UserError, match="Nobody knows"):
            explain(reads, "nobody", DAY)
    finally:
        reads.close()
    assert (day.presence_seconds, day.worked_seconds, day.paid_seconds) == (36000, 33300, 33300)
    assert day.presence_seconds == day.worked_seconds + sum(part.seconds for part in day.unpaid)
    assert [(part.seconds, part.reason.parameter) for part in day.unpaid] == [(2700, "breaks.meal_unpaid_from_minutes")]
    assert {line.pay_code: line.seconds for line in day.pay} == {"regular": 28800, "overtime_150": 4500}
    assert all(line.seconds == sum(part.seconds for part in line.parts) for line in day.pay)
    assert [punch.unused_because for punch in day.punches] == [None, "repeat", None, None, None]
    text = render(day)
    assert "06:01  clock in (not used: repeat); test test, line 7 of the file 0123456789ab, record" in text
    assert "10:00 – 10:45: meal break of 45 min, unpaid: a meal break of at least 30 min is unpaid" in text
    assert "[overtime.daily_tiers since 2000-01-01; law of strict]" in text
    assert "  overtime.daily_tiers since 2000-01-01: over 8 h, pay code overtime_150\n" in text


def test_deducted_added_and_rounded_minutes_name_their_parameter(stack: RunningStack) -> None:
    settings = stack.require("postgres", "replica", "heartbeat")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy(
        "thrifty",
        {
            "rounding.clock_in": {"mode": "up", "interval_minutes": 15},
            "rounding.session_total": {"mode": "down", "interval_minutes": 30},
            "rounding.break_total": {"mode": "up", "interval_minutes": 15},
            "rounding.day_total": {"mode": "nearest", "interval_minutes": 30},
            "breaks.auto_deduct": [{"after_minutes": 360, "minutes": 50}],
            "breaks.auto_add": [{"after_minutes": 0, "minutes": 10, "counts_punched": True, "counts_as_work": True}],
        },
    )
    inputs.add("core.sites", site_id="north", name="North", time_zone="UTC")
    inputs.add("core.employees", employee_id="ana", name="Ana", site_id="north")
    inputs.add("core.policy_assignments", employee_id="ana", policy="thrifty")
    # Counts from 6:00 to 16:00 (of 16:10), the break to 10:45, less 5 minutes after 6 h of work, and 10 added: 9 h 20.
    for kind, instant in (
        ("clock_in", at(5, 55)),
        ("break_start", at(10)),
        ("break_end", at(10, 40)),
        ("clock_out", at(16, 10)),
    ):
        inputs.punch("ana", kind, instant, site_id="north")
    run(settings, reason="test", clock=FixedClock(at(20)))
    reads = Reads(settings)
    try:
        day = explain(reads, "ana", DAY)
    finally:
        reads.close()
    assert [(part.seconds // 60, part.reason.parameter, part.from_at) for part in day.unpaid] == [
        (40, "breaks.paid_types", at(10)),
        (5, "rounding.break_total", at(10, 40)),
        (5, "breaks.auto_deduct", at(12, 45)),
        (10, "rounding.session_total", at(16)),
        (5, "rounding.clock_in", at(5, 55)),
    ]
    assert (day.presence_seconds, day.added_seconds, day.worked_seconds) == (36900, 1200, 34200)
    assert day.presence_seconds + day.added_seconds == day.worked_seconds + sum(part.seconds for part in day.unpaid)
    (line,) = day.pay
    assert [(part.seconds // 60, part.reason.parameter) for part in line.parts if part.source != "segment"] == [
        (10, "breaks.auto_add"),
        (10, "rounding.day_total"),
    ]
    text = render(day)
    assert "Present 10 h 15 min, added 20 min, worked 9 h 30 min, paid 9 h 30 min" in text
    assert (
        "5 min automatic deduction 12:45 – 12:50: the policy deducts a break from a worked shift of this length "
        "[breaks.auto_deduct since 2000-01-01; law of thrifty]"
    ) in text
    assert "10 min 16:00 – 16:10: added since the total of the day is rounded [rounding.day_total" in text
