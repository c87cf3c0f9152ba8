"""Explanations of days that a wrong sentence would fit as well: weeks, open sessions, stray punches, breaks over midnight."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.explain.day import explain
from timecontrol.serving.explain.model import Explanation
from timecontrol.serving.explain.text import render
from timecontrol.serving.reads import Reads

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
NOW = MONDAY + timedelta(days=4, hours=12)

Explain = Callable[[str, date], Explanation]


@pytest.fixture(scope="module")
def explained(stack: RunningStack) -> Iterator[Explain]:
    """Six people, computed once; answers the explanation of a day of one of them."""
    settings = stack.require("postgres", "replica", "heartbeat")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy("weekly", {"overtime.weekly_tiers": [{"over_minutes": 600, "pay_code": "overtime_150"}]})
    inputs.policy(
        "weekly",
        {"overtime.weekly_tiers": [{"over_minutes": 900, "pay_code": "overtime_150"}]},
        date(2026, 10, 6),
    )
    inputs.policy("weekly", {"compliance.day_of_rest": {}, "compliance.meal_periods": MEALS})
    inputs.policy("split", {"workday.attribution": "split_at_boundary", "breaks.meal_unpaid_from_minutes": 30})
    inputs.policy("brief", {"compliance.meal_periods": MEALS, "breaks.meal_unpaid_from_minutes": 30})
    for employee, policy in (
        ("brief", "brief"),
        ("week", "weekly"),
        ("in", "weekly"),
        ("stray", "weekly"),
        ("gone", "weekly"),
        ("night", "split"),
    ):
        inputs.add("core.policy_assignments", employee_id=employee, policy=policy)
    for day in range(3):
        punches(inputs, "week", day, ("clock_in", 8), ("clock_out", 16))
    punches(inputs, "in", 4, ("clock_in", 7), ("break_start", 10), ("break_end", 10.5))
    punches(inputs, "gone", 2, ("clock_in", 7), ("break_start", 10), ("break_end", 10.5))
    punches(inputs, "stray", 2, ("clock_in", 8), ("clock_out", 10), ("clock_out", 12))
    punches(inputs, "night", 1, ("clock_in", 20), ("break_start", 23.75), ("break_end", 24.25), ("clock_out", 28))
    punches(inputs, "brief", 0, ("clock_in", 8), ("break_start", 12), ("break_end", 12 + 29 / 60), ("clock_out", 16))
    run(settings, reason="test", clock=FixedClock(NOW))
    reads = Reads(settings)
    yield lambda employee_id, day: explain(reads, employee_id, day)
    reads.close()


MEALS = [{"required_if_work_over_minutes": 300, "start_by_work_minutes": 300, "min_minutes": 30}]


def punches(inputs: Inputs, employee_id: str, day: int, *kinds: tuple[str, float]) -> None:
    """Punches of a day, by hours after its midnight."""
    for kind, hours in kinds:
        inputs.punch(employee_id, kind, MONDAY + timedelta(days=day, hours=hours))


def day(number: int) -> date:
    return (MONDAY + timedelta(days=number)).date()


def test_each_day_of_a_week_has_its_own_findings_and_those_of_the_week(explained: Explain) -> None:
    for number in range(3):
        answers = {(answer.rule, answer.on_date) for answer in explained("week", day(number)).answers}
        assert answers == {("day_of_rest", day(0)), ("meal_period_1", day(number))}
    assert "day of rest of the days from 2026-10-05: " in render(explained("week", day(2)))


def test_a_tier_of_the_week_is_that_of_its_first_day(explained: Explain) -> None:
    found = explained("week", day(2))
    reasons = [part.reason for line in found.pay if line.pay_code == "overtime_150" for part in line.parts]
    assert {(reason.valid_from, reason.value[0]["over_minutes"]) for reason in reasons} == {(date(2000, 1, 1), 600)}


def test_who_is_in_misses_no_punch(explained: Explain) -> None:
    found = explained("in", day(4))
    assert found.is_open
    assert {(part.what, part.reason.parameter) for part in found.unpaid} == {("time of a session that goes on", None)}


def test_who_never_clocked_out_is_told_so(explained: Explain) -> None:
    found = explained("gone", day(2))
    assert {part.what for part in found.unpaid} == {"time of a session without an end"}


def test_a_second_clock_out_names_its_own_rule(explained: Explain) -> None:
    found = explained("stray", day(2))
    assert [(part.seconds, part.reason.parameter) for part in found.unpaid] == [(7200, "pairing.out_after_out")]


def test_a_break_over_midnight_is_judged_whole(explained: Explain) -> None:
    for number in (1, 2):
        (lost,) = explained("night", day(number)).unpaid
        assert lost.seconds == 900
        assert lost.reason.sentence == "a meal break of at least 30 min is unpaid"


def test_the_morning_after_names_the_punches_of_the_evening_under_their_shift(explained: Explain) -> None:
    """Policies that split at midnight pay the morning on its own day; its punches, its session and its break stay told."""
    found = explained("night", day(2))
    assert [(punch.kind, punch.workday) for punch in found.punches] == [
        ("clock_in", day(1)),
        ("break_start", day(1)),
        ("break_end", day(1)),
        ("clock_out", day(1)),
    ]
    text = render(found)
    assert (
        "\nPunches of the shift that began on Tuesday 6 October\n  20:00 (Tue 6 Oct)  clock in; test test, record"
        in text
    )
    assert (
        "\nSessions of the shift that began on Tuesday 6 October\n  20:00 (Tue 6 Oct) – 04:00: worked 7 h 30 min"
        in text
    )
    assert "\n    00:00 – 00:15: meal break of 15 min, unpaid: a meal break of at least 30 min is unpaid" in text
    assert "\nPunches\n" not in text
    own = render(explained("night", day(1)))
    assert "\nPunches\n  20:00  clock in" in own
    assert "of the shift that began" not in own


def test_a_meal_that_is_too_short_to_be_unpaid_is_told_beside_the_missing_one(explained: Explain) -> None:
    found = explained("brief", day(0))
    assert found.worked_seconds == found.presence_seconds == 8 * 3600
    [answer] = found.answers
    assert (answer.status, answer.reason, answer.actual_minutes) == ("violated", "missing", 0)
    text = render(found)
    assert (
        "\n  meal period 1: violated (not taken as an unpaid break), meal break of 0 min, at least 30 min "
        "[compliance.meal_periods; law of brief]\n"
        "    a paid break of 29 min (12:00 – 12:29) is no meal period: a meal break shorter than 30 min is paid "
        "[breaks.meal_unpaid_from_minutes since 2000-01-01; law of brief]\n"
    ) in text
    assert "\n  breaks.meal_unpaid_from_minutes since 2000-01-01: 30 min\n" in text
