"""Who works where: sites, teams, people with their policies, shifts of a date. Pure; everything follows from the seed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

#: By which front door a person's punches enter: a terminal's Kafka record, the User API, a device's file, the legacy punch table.
Door = Literal["terminal", "api", "device_file", "legacy"]


@dataclass(frozen=True)
class Site:
    """A place of work with one terminal; `door` is what the terminal is."""

    site_id: str
    name: str
    time_zone: str
    policy: str
    door: Door
    holidays: tuple[tuple[str, str], ...]

    @property
    def device_id(self) -> str:
        """Serial number of the site's terminal."""
        return f"{self.site_id}-T1"

    @property
    def zone(self) -> ZoneInfo:
        """The site's IANA zone."""
        return ZoneInfo(self.time_zone)


# Three zones, three policies, three kinds of terminal; holidays as month-day.
SITES = (
    Site(
        "SFO",
        "San Francisco",
        "America/Los_Angeles",
        "us-ca",
        "terminal",
        (("07-04", "Independence Day"), ("11-11", "Veterans Day"), ("12-25", "Christmas Day")),
    ),
    Site(
        "NYC",
        "New York",
        "America/New_York",
        "us-flsa",
        "api",
        (("07-04", "Independence Day"), ("11-11", "Veterans Day"), ("12-25", "Christmas Day")),
    ),
    Site(
        "BER",
        "Berlin",
        "Europe/Berlin",
        "none",
        "device_file",
        (("10-03", "German Unity Day"), ("12-25", "Christmas Day")),
    ),
)


@dataclass(frozen=True)
class ShiftPlan:
    """A team's usual shift: local start, length and unpaid break in minutes, weekdays (Monday is 0)."""

    start: time
    minutes: int
    break_after_minutes: int
    break_minutes: int
    weekdays: frozenset[int]


_WEEK = frozenset(range(5))
TEAMS = {
    "Assembly": (
        ShiftPlan(time(6, 0), 510, 240, 30, _WEEK),
        ShiftPlan(time(14, 0), 510, 240, 30, _WEEK),
        ShiftPlan(time(22, 0), 510, 240, 30, _WEEK),
    ),
    "Logistics": (
        ShiftPlan(time(7, 30), 540, 270, 60, _WEEK),
        ShiftPlan(time(12, 0), 540, 240, 30, frozenset({0, 1, 3, 4, 5})),
    ),
    "Service": (
        ShiftPlan(time(9, 0), 600, 270, 30, frozenset({1, 2, 4, 5})),
        ShiftPlan(time(10, 0), 510, 240, 30, frozenset({2, 3, 4, 5, 6})),
    ),
    "Office": (ShiftPlan(time(8, 30), 510, 225, 45, _WEEK),),
}

FIRST_NAMES = (  # noqa: SIM905  thirty names read best as a text
    "Ada Bao Carla Dmitri Elif Femi Grace Hana Ivan Jamal Keiko Lena Mateo Nadia Omar Priya Quinn Rosa Sven Tariq "
    "Uma Viktor Wen Ximena Yusuf Zoe Amara Bruno Chloe Dana"
).split()
LAST_NAMES = (  # noqa: SIM905  thirty names read best as a text
    "Abara Becker Castillo Dubois Eriksen Fischer Garcia Hoang Ivanov Jensen Kaya Lopez Moreau Nguyen Okafor Patel "
    "Quispe Rossi Silva Tanaka Ueda Vargas Weber Xu Yilmaz Zhang Adeyemi Brandt Cohen Diaz"
).split()

# One person in ten still punches at the legacy system, one in twenty-five has no schedule at all.
LEGACY_SHARE = 0.10
UNSCHEDULED_SHARE = 0.04
# One in five has agreed in writing to work without a meal break where the law allows it.
MEAL_WAIVER_SHARE = 0.20


@dataclass(frozen=True)
class Person:
    """An employee with all that follows from the seed."""

    employee_id: str
    name: str
    site: Site
    team: str
    manager_id: str | None
    badge: str | None
    door: Door
    has_schedule: bool
    plan_offset: int
    meal_waiver: bool


@dataclass(frozen=True)
class Shift:
    """A scheduled shift of a person: UTC instants, one unpaid break."""

    shift_id: str
    person: Person
    day: date
    starts_at: datetime
    ends_at: datetime
    break_starts_at: datetime
    break_ends_at: datetime


def make_people(count: int, seed: int) -> list[Person]:
    """`count` people spread over sites and teams; the first of each (site, team) manages it."""
    people: list[Person] = []
    managers: dict[tuple[str, str], str] = {}
    teams = list(TEAMS)
    for number in range(1, count + 1):
        random = Random(f"{seed}:person:{number}")
        site = SITES[number % len(SITES)]
        team = teams[(number // len(SITES)) % len(teams)]
        employee_id = f"E{number:05d}"
        manager = managers.setdefault((site.site_id, team), employee_id)
        people.append(
            Person(
                employee_id=employee_id,
                name=f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}",
                site=site,
                team=team,
                manager_id=None if manager == employee_id else manager,
                badge=str(1000 + number) if site.door == "device_file" else None,
                door="legacy" if random.random() < LEGACY_SHARE else site.door,
                has_schedule=random.random() >= UNSCHEDULED_SHARE,
                plan_offset=random.randrange(len(TEAMS[team])),
                meal_waiver=random.random() < MEAL_WAIVER_SHARE,
            )
        )
    return people


def shift_of(person: Person, day: date) -> Shift | None:
    """The person's shift that begins on that local date: teams with several plans rotate weekly; None on a day off."""
    plans = TEAMS[person.team]
    week = day.toordinal() // 7
    plan = plans[(week + person.plan_offset) % len(plans)]
    if day.weekday() not in plan.weekdays or (day.strftime("%m-%d") in dict(person.site.holidays)):
        return None
    start = datetime.combine(day, plan.start, person.site.zone).astimezone(UTC)
    pause = start + timedelta(minutes=plan.break_after_minutes)
    return Shift(
        shift_id=f"{person.employee_id}-{day.isoformat()}",
        person=person,
        day=day,
        starts_at=start,
        ends_at=start + timedelta(minutes=plan.minutes),
        break_starts_at=pause,
        break_ends_at=pause + timedelta(minutes=plan.break_minutes),
    )
