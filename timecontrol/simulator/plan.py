"""The plan of a simulation: the company, its shifts and its punches for a span of days, each by its front door. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from timecontrol.simulator.company import Door, Person, Shift, make_people, shift_of
from timecontrol.simulator.punching import MessLevel, PlannedPunch, punches_of

# Schedules are published this many days ahead, so that pages and the API can show what comes.
PLANNED_AHEAD_DAYS = 7


@dataclass(frozen=True)
class Plan:
    """Everything a simulation will write; `punches` are in the order of time and none lies after `now`."""

    seed: int
    people: Sequence[Person]
    shifts: Sequence[Shift]
    punches: Sequence[PlannedPunch]

    def through(self, door: Door) -> list[PlannedPunch]:
        """The punches that enter by one door."""
        return [punch for punch in self.punches if punch.person.door == door]


def make_plan(*, employees: int, days: int, seed: int, mess: MessLevel, now: datetime) -> Plan:
    """The company's last `days` local days up to `now` (aware), and its schedules for the week to come."""
    people = make_people(employees, seed)
    shifts: list[Shift] = []
    punches: list[PlannedPunch] = []
    for person in people:
        today = now.astimezone(person.site.zone).date()
        for day in _dates(today - timedelta(days=days - 1), today + timedelta(days=PLANNED_AHEAD_DAYS)):
            shift = shift_of(person, day)
            if shift is None:
                continue
            shifts.append(shift)
            punches.extend(punch for punch in punches_of(shift, seed, mess) if punch.at <= now)
    return Plan(seed, people, shifts, sorted(punches, key=lambda punch: (punch.at, punch.person.employee_id)))


def _dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]
