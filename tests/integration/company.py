"""A small company whose inputs change at random, for the tests that hold increments against a full refresh."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.integration.computing import Inputs

SITES = {"north": "Europe/Berlin", "west": "America/Los_Angeles", "far": "Pacific/Auckland"}
CALIFORNIA: dict[str, object] = {
    "overtime.daily_tiers": [
        {"over_minutes": 480, "pay_code": "overtime_150"},
        {"over_minutes": 720, "pay_code": "double_time_200"},
    ],
    "overtime.weekly_tiers": [{"over_minutes": 2400, "pay_code": "overtime_150"}],
    "overtime.seventh_day": {
        "scope": "workweek",
        "day": 7,
        "first_minutes": 480,
        "pay_code": "overtime_150",
        "then_pay_code": "double_time_200",
    },
    "compliance.meal_periods": [
        {"required_if_work_over_minutes": 300, "start_by_work_minutes": 300, "min_minutes": 30},
    ],
    "compliance.day_of_rest": {},
    "compliance.consecutive_days": {"max": 5},
    "pay.meal_premium_minutes": 60,
    "shift.early_window_minutes": 60,
    "shift.late_window_minutes": 60,
    "shift.late_grace_minutes": 5,
    "shift.no_show_after_minutes": 120,
    "shift.early_in_grace_minutes": 10,
    "shift.over_scheduled_minutes": 60,
    "shift.under_scheduled_minutes": 30,
    "shift.over_weekly_scheduled_minutes": 120,
    "breaks.short_below_minutes": 30,
    "breaks.count": [
        {"after_worked_minutes": 240, "at_least": 1},
        {"types": ["meal"], "after_worked_minutes": 480, "at_most": 0},
    ],
}
SPLITTING: dict[str, object] = {
    "workday.attribution": "split_at_boundary",
    "workday.starts_at": "05:00",
    "workweek.starts_on": "sunday",
    "overtime.seventh_day": {
        "scope": "rolling",
        "day": 6,
        "first_minutes": 600,
        "pay_code": "overtime_150",
        "then_pay_code": "double_time_200",
    },
    "overtime.period_tiers": {
        "weeks": 2,
        "anchor_date": "2026-08-31",
        "tiers": [{"over_minutes": 4800, "pay_code": "overtime_150"}],
    },
    "premium.windows": [{"pay_code": "night_premium", "from": "22:00", "to": "06:00"}],
    "overtime.holiday": {"tiers": [{"over_minutes": 0, "pay_code": "holiday_200"}]},
    "pairing.max_shift_minutes": 1200,
    "breaks.from_schedule": True,
    "breaks.auto_deduct": [
        {"after_minutes": 360, "minutes": 30},
        {"after_minutes": 540, "minutes": 15, "additive": True, "basis": "gross", "place": "end"},
    ],
    "rounding.day_total": {"mode": "nearest", "interval_minutes": 15},
    "compliance.weekly_rest": {"minutes": 2100, "rolling": True},
    "compliance.average_day": {
        "minutes": 480,
        "weeks": 2,
        "rolling": False,
        "working_days_per_week": 5,
        "leave_excluded": True,
    },
    "compliance.night_work": {
        "from": "22:00",
        "to": "05:00",
        "night_worker_from_minutes": 120,
        "daily_max_minutes": 600,
    },
    "breaks.long_after_minutes": {"meal": 40},
    "shift.under_scheduled_minutes": 0,
    "shift.over_scheduled_minutes": 0,
    "exceptions.daily_worked_over_minutes": 480,
    "exceptions.weekly_worked_over_minutes": 2400,
}
ALTERNATING: dict[str, object] = {
    "pairing.direction": "alternate",
    "rounding.session_total": {"mode": "up", "interval_minutes": 15},
    "rounding.break_total": {"mode": "up", "interval_minutes": 10},
    "breaks.auto_add": [{"after_minutes": 240, "minutes": 20, "counts_punched": True}],
    "overtime.weekly_tiers": [{"over_minutes": 2400, "pay_code": "overtime_150"}],
    "compliance.weekly_rest": {"minutes": 2880, "per_days": 14, "anchor_date": "2026-09-30"},
    "compliance.average_week": {"minutes": 2400, "weeks": 2, "leave_excluded": True},
    "compliance.daily_rest": {
        "minutes": 660,
        "reduced_to_minutes": 540,
        "reduced_times_per_week": 2,
        "compensate_within_days": 6,
        "compensate_with_minutes": 720,
    },
    "breaks.meal_start_by_worked_minutes": 150,
    "exceptions.weekly_worked_over_minutes": 2100,
}
PEOPLE = {
    "ana": ("west", "california"),
    "ben": ("north", "splitting"),
    "cem": ("far", "alternating"),
    "dee": ("north", None),
}
START = datetime(2026, 10, 5, tzinfo=UTC)
DAYS = 28


class Company:
    """A small company whose inputs change at random, from a seed."""

    def __init__(self, inputs: Inputs, seed: int) -> None:
        self.inputs = inputs
        self.random = random.Random(seed)
        self.events: list[tuple[UUID, str, str, datetime]] = []
        self.shifts: list[tuple[str, str, datetime]] = []
        self.leaves: list[tuple[str, str, datetime]] = []

    def found(self) -> None:
        """Sites, policies, people, and four weeks of shifts and punches with mess in them."""
        for site_id, zone in SITES.items():
            self.inputs.add("core.sites", site_id=site_id, name=site_id, time_zone=zone)
        for name, parameters in (("california", CALIFORNIA), ("splitting", SPLITTING), ("alternating", ALTERNATING)):
            self.inputs.policy(name, parameters)
        for employee, (site_id, policy) in PEOPLE.items():
            self.inputs.add("core.employees", employee_id=employee, name=employee, site_id=site_id)
            if policy:
                self.inputs.add("core.policy_assignments", employee_id=employee, policy=policy)
            for day in range(DAYS):
                if self.random.random() < 0.85:
                    self.day(employee, START + timedelta(days=day))

    def day(self, employee: str, day: datetime) -> None:
        """A scheduled shift and its punches, some missing, some late."""
        begin = day + timedelta(hours=self.random.choice([6, 8, 14, 22]), minutes=self.random.randint(-20, 20))
        self.shift(employee, begin)
        end = begin + timedelta(hours=self.random.choice([4, 8, 9, 11, 13]))
        pause = begin + timedelta(hours=3)
        for kind, at in (
            ("clock_in", begin),
            ("break_start", pause),
            ("break_end", pause + timedelta(minutes=self.random.choice([10, 29, 45]))),
            ("clock_out", end),
        ):
            if self.random.random() < 0.93:
                self.punch(employee, self.random.choice([kind] * 9 + ["unknown"]), at)

    def punch(self, employee: str, kind: str, at: datetime, **more: Any) -> None:  # noqa: ANN401  columns of any type
        """A punch that may be corrected later."""
        self.events.append((self.inputs.punch(employee, kind, at, **more), employee, kind, at))

    def shift(self, employee: str, begin: datetime) -> None:
        """A scheduled shift of eight hours from the hour of `begin`."""
        shift_id = f"{employee}-{len(self.shifts)}"
        self.place(shift_id, employee, begin.replace(minute=0), deleted=False)

    def place(self, shift_id: str, employee: str, begin: datetime, *, deleted: bool) -> None:
        """A version of a scheduled shift."""
        self.inputs.add(
            "core.shifts",
            shift_id=shift_id,
            employee_id=employee,
            starts_at=begin,
            ends_at=begin + timedelta(hours=8),
            breaks=json.dumps(
                [
                    {"start": str(begin + timedelta(hours=hour)), "end": str(begin + timedelta(hours=hour, minutes=30))}
                    for hour in (3, 6)
                ]
            ),
            deleted=deleted,
        )
        self.shifts.append((shift_id, employee, begin))

    def anyone(self) -> str:
        """Somebody."""
        return self.random.choice(list(PEOPLE))

    def moment(self) -> datetime:
        """Some instant of the four weeks."""
        return START + timedelta(minutes=self.random.randrange(DAYS * 1440))

    def late_punch(self) -> None:
        """A punch for a day long computed, at any site."""
        kind = self.random.choice(["clock_in", "clock_out", "break_start", "break_end", "unknown"])
        self.punch(self.anyone(), kind, self.moment(), site_id=self.random.choice([None, *SITES]))

    def correct(self) -> None:
        """A punch moved to another minute; the correction may be corrected or voided in its turn."""
        event_id, employee, kind, at = self.random.choice(self.events)
        self.punch(employee, kind, at + timedelta(minutes=self.random.randint(-90, 90)), supersedes=event_id)

    def void(self) -> None:
        """A void: of a punch, of a correction, or of a void."""
        event_id, employee, kind, at = self.random.choice(
            self.events[-20:] if self.random.random() < 0.5 else self.events
        )
        self.punch(employee, kind, at, voids=event_id)

    def move_shift(self) -> None:
        """A scheduled shift moved to another time, sometimes to another person, or deleted."""
        shift_id, employee, begin = self.random.choice(self.shifts)
        other = self.anyone() if self.random.random() < 0.2 else employee
        self.place(
            shift_id, other, begin + timedelta(hours=self.random.randint(-30, 30)), deleted=self.random.random() < 0.2
        )

    def change_zone(self) -> None:
        """A site in another zone, and back."""
        site_id = self.random.choice(list(SITES))
        self.inputs.add("core.sites", site_id=site_id, name=site_id, time_zone=self.random.choice(list(SITES.values())))

    def rename_site(self) -> None:
        """A site with another name: nothing to compute."""
        site_id = self.random.choice(list(SITES))
        self.inputs.add(
            "core.sites", site_id=site_id, name=f"{site_id} {self.random.random()}", time_zone=SITES[site_id]
        )

    def change_policy(self) -> None:
        """A policy assigned from some day on, or a parameter with a new value from some day on."""
        day = self.moment().date()
        if self.random.random() < 0.6:
            policy = self.random.choice(["california", "splitting", "alternating", "nobody-knows", None])
            self.inputs.add("core.policy_assignments", employee_id=self.anyone(), valid_from=day, policy=policy)
        else:
            self.inputs.policy(
                "california", {"overtime.daily_tiers": [{"over_minutes": 360, "pay_code": "overtime_150"}]}, day
            )

    def move_person(self) -> None:
        """An employee at another site from some day on."""
        self.inputs.add(
            "core.employees",
            employee_id=(who := self.anyone()),
            name=who,
            site_id=self.random.choice(list(SITES)),
            valid_from=self.moment().date(),
        )

    def leave(self) -> None:
        """Leave of whole days or of a few hours, new or withdrawn."""
        if self.leaves and self.random.random() < 0.4:
            leave_id, employee, begin = self.random.choice(self.leaves)
            deleted = True
        else:
            leave_id, employee, begin, deleted = f"leave-{len(self.leaves)}", self.anyone(), self.moment(), False
        whole = begin.minute % 2 == 0
        self.inputs.add(
            "core.leave",
            leave_id=leave_id,
            employee_id=employee,
            starts_at=begin,
            ends_at=begin + timedelta(hours=26),
            first_day=begin.date() if whole else None,
            last_day=begin.date() + timedelta(days=1) if whole else None,
            deleted=deleted,
        )
        self.leaves.append((leave_id, employee, begin))

    def holiday(self) -> None:
        """A holiday of a site, declared or taken back."""
        self.inputs.add(
            "core.holidays",
            site_id=self.random.choice(list(SITES)),
            holiday=self.moment().date(),
            name="holiday",
            deleted=self.random.random() < 0.3,
        )

    def changes(self) -> list[Callable[[], None]]:
        """Everything that may change."""
        return [
            self.late_punch, self.correct, self.void, self.move_shift, self.change_zone, self.rename_site,
            self.change_policy, self.move_person, self.leave, self.holiday,
        ]  # fmt: skip
