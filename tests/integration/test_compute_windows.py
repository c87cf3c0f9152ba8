"""Findings that read beyond a week: what a change in one week, or time alone, alters in others, by increments.

One company with a person for each way in which a finding reaches further; it is computed, changed, and computed again.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
NOW = START + timedelta(weeks=8, days=3, hours=10)
NEXT_WEEK = START + timedelta(weeks=9, hours=6)

RULES: dict[str, dict[str, object]] = {
    "average": {"compliance.average_week": {"minutes": 2400, "weeks": 4}},
    "chained": {"compliance.average_week": {"minutes": 2400, "weeks": 2, "rolling": False}},
    "leave": {"compliance.average_day": {"minutes": 480, "weeks": 2, "working_days_per_week": 5, "leave_excluded": True}},
    "compensated": {
        "compliance.daily_rest": {
            "minutes": 660, "reduced_to_minutes": 600, "compensate_within_days": 8, "compensate_with_minutes": 720,
        }
    },
    "run": {"compliance.consecutive_days": {"max": 6}},
    "fortnight": {"compliance.weekly_rest": {"minutes": 2880, "per_days": 14, "anchor_date": "2026-03-02"}},
    "rolling": {"compliance.weekly_rest": {"minutes": 2880, "rolling": True}},
    "waiting": {
        "compliance.average_week": {"minutes": 2400, "weeks": 2},
        "compliance.weekly_max": {"minutes": 2880},
        "compliance.weekly_rest": {"minutes": 2100},
        "compliance.day_of_rest": {},
    },
    "moving": {"compliance.average_week": {"minutes": 2400, "weeks": 4}},
    "late to rest": {
        "compliance.daily_rest": {
            "minutes": 660, "reduced_to_minutes": 600, "compensate_within_days": 3, "compensate_with_minutes": 720,
        }
    },
}  # fmt: skip

Answer = tuple[str, float | None]
Findings = dict[tuple[str, str, date], Answer]


def day(number: int) -> date:
    """The n-th day from the start."""
    return (START + timedelta(days=number)).date()


class Company:
    """Writes worked shifts by the number of the day and the hours of its clock."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs

    def work(self, employee: str, days: range | list[int], begin: float = 8, end: float = 16) -> None:
        """A worked shift on each of these days, in one transaction."""
        self.inputs.punches(
            (employee, kind, START + timedelta(days=number, hours=hour))
            for number in days
            for kind, hour in (("clock_in", begin), ("clock_out", end))
        )

    def working_weeks(self, employee: str, weeks: range) -> None:
        """Monday to Friday, eight hours."""
        self.work(employee, [7 * week + number for week in weeks for number in range(5)])

    def found(self) -> None:
        """Everybody's weeks up to now."""
        for employee, parameters in RULES.items():
            self.inputs.policy(employee, parameters)
            self.inputs.add("core.employees", employee_id=employee, name=employee)
            self.inputs.add("core.policy_assignments", employee_id=employee, policy=employee)
        self.working_weeks("average", range(8))
        self.working_weeks("chained", range(1, 6))
        self.working_weeks("leave", range(4))
        self.work("leave", [14, 15, 16], 17, 18)  # an hour more where leave will let the window end
        self.work("compensated", [51], 8, 20)
        self.work("compensated", [52], 6, 18)
        self.work("compensated", [53], 5, 17)
        self.work("run", [*range(3), *range(4, 13)])
        self.work("fortnight", range(12))
        self.work("rolling", [*range(6), *range(8, 13)])
        self.working_weeks("waiting", range(8))
        self.work("waiting", [56, 57, 58])
        self.work("late to rest", [56], 8, 20)
        self.work("late to rest", [57], 6, 12)
        self.inputs.add("core.sites", site_id="east", name="east", time_zone="Asia/Tokyo")
        self.working_weeks("moving", range(8))

    def change(self) -> None:
        """One late change for each person but the two that wait for time to pass."""
        self.work("average", [26], 8, 12)
        self.work("chained", [0])
        self.inputs.add(
            "core.leave",
            leave_id="days off",
            employee_id="leave",
            starts_at=START + timedelta(days=7),
            ends_at=START + timedelta(days=10),
            first_day=day(7),
            last_day=day(9),
        )
        self.work("compensated", [57])
        self.work("run", [3])
        self.work("fortnight", [13])
        self.work("rolling", [7])
        self.inputs.add("core.employees", employee_id="moving", name="moving", site_id="east", valid_from=day(70))


@dataclass(frozen=True)
class Story:
    """The findings at first, after the changes, and when a week has passed."""

    first: Findings
    changed: Findings
    later: Findings
    weeks_changed: int
    weeks_later: int
    differing: dict[str, list[tuple[object, ...]]]
    differing_later: dict[str, list[tuple[object, ...]]]


def findings(settings: Settings) -> Findings:
    with connect(settings, "transform") as connection:
        rows = connection.execute("select employee_id, rule, date, status, actual_minutes from marts.fct_findings")
        return {
            (employee, rule, on): (status, None if actual is None else float(actual))
            for employee, rule, on, status, actual in rows
        }


@pytest.fixture(scope="module")
def story(stack: RunningStack) -> Story:
    """Computed three times: as it was, with the changes, and a week later with none."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    company = Company(inputs)
    company.found()
    clock = FixedClock(NOW)
    run(settings, reason="test", clock=clock, full_refresh=True)
    first = findings(settings)
    company.change()
    weeks_changed = run(settings, reason="changes", clock=clock).touched_weeks
    changed = findings(settings)
    with computed_anew(settings) as schema:
        differing = differing_rows(settings, schema)
    clock.instant = NEXT_WEEK
    weeks_later = run(settings, reason="time", clock=clock).touched_weeks
    later = findings(settings)
    with computed_anew(settings) as schema:
        differing_later = differing_rows(settings, schema)
    return Story(first, changed, later, weeks_changed, weeks_later, differing, differing_later)


def test_increments_equal_a_full_refresh(story: Story) -> None:
    assert story.differing == {}
    assert story.differing_later == {}


def test_only_the_weeks_of_the_punches_are_paired_again(story: Story) -> None:
    """Each of the seven changes touches its week, that of a neighbouring day and that of the next worked shift at most."""
    assert story.weeks_changed <= 7 * 3
    assert story.weeks_later == 0


@pytest.mark.parametrize(
    ("cell", "first", "changed"),
    [
        # A window that began three weeks before the late punch.
        (("average", "average_week", day(0)), ("satisfied", 2400), ("violated", 2460)),
        # Its end is after the late punch, but before now.
        (("average", "average_week", day(21)), ("satisfied", 2400), ("violated", 2460)),
        # A new first week moves the windows that follow each other.
        (("chained", "average_week", day(35)), ("satisfied", 1200), None),
        (("chained", "average_week", day(28)), None, ("satisfied", 2400)),
        # Three days of leave end the window three working days later, with an hour more on each.
        (("leave", "average_day", day(0)), ("satisfied", 480), ("violated", 498)),
        # A rest over a weekend makes good the reduced one of the week before.
        (("compensated", "daily_rest", day(52)), ("pending", 600), ("satisfied", 600)),
        # A hole that is filled joins two runs of days; the second goes on into the next week.
        (("run", "consecutive_days", day(8)), ("satisfied", 5), ("violated", 9)),
        # A period of two weeks, and one that begins on a Friday.
        (("fortnight", "weekly_rest", day(0)), ("satisfied", 3360), ("violated", 2400)),
        (("rolling", "weekly_rest", day(4)), ("satisfied", 3840), ("violated", 2400)),
    ],
)
def test_a_change_alters_findings_of_other_weeks(
    story: Story, cell: tuple[str, str, date], first: Answer | None, changed: Answer | None
) -> None:
    assert story.first.get(cell) == first
    assert story.changed.get(cell) == changed


@pytest.mark.parametrize(
    ("cell", "decided"),
    [
        (("waiting", "average_week", day(49)), ("satisfied", 1920)),
        (("waiting", "weekly_max", day(56)), ("satisfied", 1440)),
        (("waiting", "weekly_rest", day(56)), ("satisfied", 6240)),
        (("waiting", "day_of_rest", day(56)), ("satisfied", None)),
        (("late to rest", "daily_rest", day(57)), ("violated", 600)),
    ],
)
def test_time_alone_decides(story: Story, cell: tuple[str, str, date], decided: Answer) -> None:
    assert story.changed[cell][0] == "pending"
    assert story.later[cell] == decided


def test_the_zone_to_come_decides_when_a_window_ends(stack: RunningStack, story: Story) -> None:
    """Who moves east ends the window earlier, although no day with work has changed."""
    assert story.differing == {}
    with connect(stack.require("postgres"), "transform") as connection:
        (ends_at,) = connection.execute(
            "select changes_at from marts.fct_findings where employee_id = 'moving' and date = %s", (day(49),)
        ).fetchone() or (None,)
    assert ends_at == START + timedelta(days=77) - timedelta(hours=9)
