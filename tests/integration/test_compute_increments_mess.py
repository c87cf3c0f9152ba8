"""Increments give the rows of a full refresh also where the legacy system, badges, facts and pay codes change and runs fail;
payroll's tables follow.
"""

import json
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, timedelta

import pytest

from tests.integration.company import DAYS, START, Company
from tests.integration.computing import (
    MARTS,
    Inputs,
    computed_anew,
    differing_rows,
    failing_at,
    payroll_differences,
)
from tests.running_stack import RunningStack
from tests.seeds import seeds
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.payroll import fill
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import ModelsFailed
from timecontrol.warehouse.pools import connect

# Weeks, workdays and periods that begin nowhere near each other, far west of UTC.
LATE: dict[str, object] = {
    "workday.starts_at": "23:00",
    "workweek.starts_on": "sunday",
    "pairing.open_session": "close_at_scheduled_end",
    "overtime.weekly_tiers": [{"over_minutes": 1800, "pay_code": "overtime_150"}],
    "overtime.period_tiers": {
        "weeks": 2,
        "anchor_date": "2026-09-03",
        "tiers": [{"over_minutes": 3000, "pay_code": "overtime_200"}],
    },
    "premium.windows": [{"pay_code": "night_premium", "from": "00:00", "to": "06:00", "holidays": True}],
    "compliance.meal_periods": [
        {
            "required_if_work_over_minutes": 300,
            "start_by_work_minutes": 300,
            "min_minutes": 30,
            "waivable_up_to_work_minutes": 720,
        },
    ],
    "pay.meal_premium_minutes": 60,
    "shift.no_show_after_minutes": 120,
}
BADGES = ("7", "8")
LEGACY_SHIFTS = 4
CHANGES_IN_A_ROUND = 5
ROUNDS = 2


class MessyCompany(Company):
    """The company with a legacy system beside it, and everything that goes wrong there."""

    def found(self) -> None:
        """Two more people: one with late workdays in the west, one known to the legacy system alone; and badges."""
        super().found()
        self.inputs.policy("late", LATE)
        self.inputs.add("core.employees", employee_id="eva", name="eva", site_id="west")
        self.inputs.add("core.policy_assignments", employee_id="eva", policy="late")
        self.legacy_person()
        for day in range(0, DAYS, 2):
            for employee in ("eva", "fay"):
                self.day(employee, START + timedelta(days=day, hours=7))
        for _ in range(6):
            self.badge_punch()
        self.pay_code()

    def anyone(self) -> str:
        """Somebody, the two more as often as the others."""
        return self.random.choice([super().anyone(), "eva", "fay"])

    def late_policy(self) -> None:
        """The week or the workday of a policy begins at another time from some day on."""
        parameter, values = self.random.choice(
            [
                ("workweek.starts_on", ["sunday", "monday", "wednesday"]),
                ("workday.starts_at", ["23:00", "00:00", "05:00"]),
            ]
        )
        day = self.random.choice([date(2000, 1, 1) + timedelta(days=self.random.randrange(100)), self.moment().date()])
        self.inputs.policy("late", {parameter: self.random.choice(values)}, day)

    def legacy_person(self) -> None:
        """An employee of the legacy system, at another site, with other facts (some of which nobody can read), or gone."""
        row = {
            "employee_id": "fay",
            "name": "Fay",
            "site_id": self.random.choice(["north", "west", None]),
            "policy": self.random.choice(["late", "california"]),
            "facts": self.random.choice(['{"meal_waiver_first": true}', '{"meal_waiver_first": "perhaps"}', "{", None]),
        }
        self.inputs.hr_row("employees", "fay", row if self.random.random() < 0.9 else None)

    def legacy_shift(self) -> None:
        """A shift of the legacy system in another place, in an impossible one, or deleted."""
        key = f"legacy-{self.random.randrange(LEGACY_SHIFTS)}"
        begin = self.moment().replace(minute=0)
        end = begin + timedelta(hours=self.random.choice([8, 8, 8, -6]))
        row = {
            "schedule_id": key,
            "employee_id": self.anyone(),
            "starts_at": f"{begin:%Y-%m-%dT%H:%M:%S}",
            "ends_at": f"{end:%Y-%m-%dT%H:%M:%S}",
            "breaks": self.random.choice([None, "[]", "lunch", '[{"start": "noon"}]']),
        }
        self.inputs.hr_row("schedules", key, row if self.random.random() < 0.75 else None)

    def badge_punch(self) -> None:
        """A punch of a badge, whoever holds it."""
        badge = self.random.choice(BADGES)
        kind = self.random.choice(["clock_in", "clock_out", "break_end", "unknown"])
        attributes = json.dumps({"device_user": badge})
        self.punch(f"badge:gate/{badge}", kind, self.moment(), device_id="gate", attributes=attributes)

    def badge_holder(self) -> None:
        """A badge is somebody's from some instant on, or no longer."""
        self.inputs.add(
            "core.badges",
            device_id=self.random.choice(["gate", "*"]),
            device_user=self.random.choice(BADGES),
            employee_id=self.anyone(),
            valid_from=self.random.choice([START, self.moment()]),
            deleted=self.random.random() < 0.3,
        )

    def facts(self) -> None:
        """Somebody waives a meal break from some day on, or no longer."""
        employee = self.random.choice(["ana", "eva"])
        self.inputs.add(
            "core.employees",
            employee_id=employee,
            name=employee,
            site_id="west",
            valid_from=self.moment().date(),
            facts=json.dumps({"meal_waiver_first": self.random.random() < 0.5}),
        )

    def pay_code(self) -> None:
        """A pay code with another multiplier."""
        multiplier = self.random.choice(["1.5", "1.75"])
        self.inputs.add(
            "policy.pay_codes", pay_code="overtime_150", title="Overtime", multiplier=multiplier, on_top=False
        )

    def changes(self) -> list[Callable[[], None]]:
        """Everything that may change, what is new here three times as often."""
        new = [
            self.late_policy, self.legacy_person, self.legacy_shift, self.badge_punch, self.badge_holder, self.facts, self.pay_code,
        ]  # fmt: skip
        return super().changes() + 3 * new


@pytest.mark.parametrize("seed", seeds(2))
def test_increments_over_mess_equal_a_full_refresh(stack: RunningStack, seed: int) -> None:
    """Rounds of changes with time passing; in each a run may fail at any mart, and the next finds what it left."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    company = MessyCompany(inputs, seed)
    company.found()
    clock = FixedClock(START + timedelta(days=DAYS - 6, hours=10))
    run(settings, reason="test", clock=clock)
    followed(settings)

    for number in range(ROUNDS):
        story = [f"seed {seed}, round {number}"]
        for half in range(2):
            changes = company.random.choices(company.changes(), k=CHANGES_IN_A_ROUND)
            story += [change.__name__ for change in changes]
            for change in changes:
                change()
            clock.instant += timedelta(hours=company.random.randint(1, 20))
            mart = company.random.choice([name for name in MARTS if name.startswith("fct_")])
            fails = half == 0
            with failing_at(settings, mart) if fails else nullcontext():
                story.append(run_or_fail(settings, clock, mart if fails else None))
        with computed_anew(settings) as schema:
            assert differing_rows(settings, schema) == {}, story
        assert followed(settings) == [], story


def run_or_fail(settings: Settings, clock: FixedClock, refusing: str | None) -> str:
    """A run, which fails where a mart refuses; says what became of it."""
    if refusing is None:
        run(settings, reason="test", clock=clock)
        return "succeeded"
    with pytest.raises(ModelsFailed, match="refused by the test"):
        run(settings, reason="test", clock=clock)
    return f"failed at {refusing}"


def followed(settings: Settings) -> list[tuple[object, ...]]:
    """Days on which payroll's tables, after they have followed the last run, are not the marts."""
    with connect(settings, "transform") as connection:
        fill(connection)
    return payroll_differences(settings)
