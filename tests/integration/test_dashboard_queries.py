"""What pages ask of the marts, where the answer needs rows that the company of the browser tests does not have."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboards.employee_days import first_in, last_out, shifts_of
from dashboards.filters import Filters
from dashboards.queries import breaks, compliance, hours, people
from dashboards.queries.sums import Question
from dashboards.rules import not_counted
from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.reads import Reads, write_position
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
WEDNESDAY = MONDAY + timedelta(days=2)
THURSDAY = MONDAY + timedelta(days=3)
SPLIT = {
    "workday.attribution": "split_at_boundary",
    "compliance.meal_periods": [
        {"required_if_work_over_minutes": 300, "start_by_work_minutes": 600, "min_minutes": 30}
    ],
    "breaks.sleep": {"min_duty_minutes": 480, "max_excluded_minutes": 60, "min_sleep_minutes": 20},
}
# A meal of less than half an hour is paid; there is an account of hours until Wednesday.
BRIEF = SPLIT | {"breaks.meal_unpaid_from_minutes": 30}
ACCOUNT = {"tolerance_minutes": 0, "undertime_tolerance_minutes": 0, "allow_negative": True, "pay_code": "regular"}
MINUTE = 60


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    """Nights over the boundary of a workday: a meal across it, a meal behind it, a sleep of two hours of which one is unpaid.

    And one two days later, with a paid meal across the boundary.
    """
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy("split", SPLIT)
    for site in ("north", "south"):
        inputs.add("core.sites", site_id=site, name=site.title(), time_zone="UTC")
    for person, site in (("across", "north"), ("behind", "north"), ("asleep", "north"), ("planned", "south")):
        inputs.add("core.employees", employee_id=person, name=person.title(), site_id=site)
        inputs.add("core.policy_assignments", employee_id=person, policy="split")
    night(inputs, "across", 20, (23, 45), (24, 15), "meal")
    night(inputs, "behind", 22, (25, 0), (25, 40), "meal")
    night(inputs, "asleep", 16, (22, 30), (24, 30), "sleep")
    inputs.policy("brief", BRIEF)
    inputs.policy("brief", {"overtime.against_schedule": ACCOUNT})
    inputs.policy("brief", {"overtime.against_schedule": None}, THURSDAY.date())
    inputs.add("policy.pay_codes", pay_code="regular", title="Regular", multiplier=1, on_top=False)
    inputs.add("core.sites", site_id="west", name="West", time_zone="UTC")
    inputs.add("core.employees", employee_id="brief", name="Brief", site_id="west")
    inputs.add("core.policy_assignments", employee_id="brief", policy="brief")
    night(inputs, "brief", 48 + 20, (48 + 23, 45), (48 + 24, 14), "meal")
    begin, end = WEDNESDAY + timedelta(hours=21), THURSDAY + timedelta(hours=4)
    inputs.add("core.shifts", shift_id="s2", employee_id="brief", starts_at=begin, ends_at=end)
    inputs.add("core.shifts", shift_id="s1", employee_id="planned", starts_at=MONDAY, ends_at=TUESDAY)
    run(settings, reason="test", clock=FixedClock(MONDAY + timedelta(days=4)))
    return settings


def night(
    inputs: Inputs, person: str, begin: int, start: tuple[int, int], end: tuple[int, int], break_type: str
) -> None:
    """A session from an hour after Monday's midnight until four in the morning, with one break (hour and minute of the same)."""
    first, last = (MONDAY + timedelta(hours=hour, minutes=minute) for hour, minute in (start, end))
    inputs.punch(person, "clock_in", MONDAY + timedelta(hours=begin))
    inputs.punch(person, "break_start", first, break_type=break_type)
    inputs.punch(person, "break_end", last, break_type=break_type)
    inputs.punch(person, "clock_out", MONDAY + timedelta(days=begin // 24 + 1, hours=4))


@pytest.fixture
def reads(settings: Settings) -> Iterator[Reads]:
    opened = Reads(settings)
    yield opened
    opened.close()


def rows(reads: Reads, settings: Settings, question: Question) -> list[dict[str, Any]]:
    with connect(settings, "operator") as connection:
        position = write_position(connection)
    return reads.fetch(question, not_before=position).records()


def of(*days: datetime, sites: tuple[str, ...] = (), employee_id: str | None = None) -> Filters:
    return Filters(sites, (), "", days[0].date(), days[-1].date(), employee_id=employee_id)


def test_a_break_that_is_cut_at_midnight_is_one_of_the_day_it_began_on(reads: Reads, settings: Settings) -> None:
    monday, tuesday = (
        {row["employee_id"]: row for row in rows(reads, settings, breaks.listed(of(day)))} for day in (MONDAY, TUESDAY)
    )
    assert {name: row["seconds"] / MINUTE for name, row in monday.items()} == {"across": 30, "asleep": 60}
    assert {name: row["seconds"] / MINUTE for name, row in tuesday.items()} == {"behind": 40}
    across = monday["across"]
    assert (across["started_at"], across["ended_at"]) == (
        MONDAY + timedelta(hours=23, minutes=45),
        TUESDAY + timedelta(minutes=15),
    )
    [summary] = rows(reads, settings, breaks.summary(of(MONDAY, TUESDAY)))
    assert (summary["breaks"], summary["people"], summary["unpaid"] / MINUTE, summary["paid"]) == (3, 3, 130, 0)
    lengths = rows(reads, settings, breaks.lengths(of(MONDAY, TUESDAY)))
    assert {(row["break_type"], row["minutes"]): row["breaks"] for row in lengths} == {
        ("meal", 30): 1,
        ("meal", 40): 1,
        ("sleep", 60): 1,
    }


def test_a_break_behind_midnight_was_required_on_the_day_of_its_shift(reads: Reads, settings: Settings) -> None:
    listed = rows(reads, settings, breaks.listed(of(MONDAY, TUESDAY)))
    assert {row["employee_id"]: row["required"] for row in listed} == {"across": True, "behind": True, "asleep": False}


def test_who_was_only_planned_has_no_hours(reads: Reads, settings: Settings) -> None:
    [everybody] = rows(reads, settings, hours.summary(of(MONDAY, TUESDAY)))
    [planned] = rows(reads, settings, hours.summary(of(MONDAY, TUESDAY, sites=("south",))))
    assert (everybody["people"], everybody["scheduled"] / 3600) == (3, 24)
    assert (planned["people"], planned["scheduled"] / 3600) == (0, 24)
    # The page has something to show, though.
    assert planned["workdays"] > 0


def test_a_person_of_another_site_is_not_in_the_filter(reads: Reads, settings: Settings) -> None:
    found = [
        [row["name"] for row in rows(reads, settings, people.employee(of(MONDAY, sites=(site,), employee_id="across")))]
        for site in ("north", "south")
    ]
    assert found == [["Across"], []]


def test_a_paid_break_stands_beside_the_meal_that_it_is_not(reads: Reads, settings: Settings) -> None:
    wednesday = of(WEDNESDAY, sites=("west",))
    for question in (
        breaks.violations(wednesday),
        compliance.findings(wednesday, "meal_period_1", "violated"),
        hours.findings("brief", WEDNESDAY.date()),
    ):
        [finding] = rows(reads, settings, question)
        assert (finding["reason"], finding["actual"]) == ("missing", 0)
        said = "a paid break of 29 min (23:45 – 00:14 (Thu 8 Oct)) is no meal period: a meal break shorter than 30 min is paid"
        assert not_counted(finding) == [(said, "law of brief")]
    taken = rows(reads, settings, compliance.findings(of(MONDAY), "meal_period_1", "satisfied"))
    assert {row["employee_id"]: row["paid_breaks"] for row in taken} == dict.fromkeys(("across", "asleep", "behind"))


def test_a_balance_is_that_of_the_days_on_which_there_is_an_account(reads: Reads, settings: Settings) -> None:
    balances = {
        row["employee_id"]: row["balance"] for row in rows(reads, settings, hours.by_employee(of(MONDAY, THURSDAY)))
    }
    assert balances == {"across": None, "behind": None, "asleep": None, "planned": None, "brief": 3600}
    days = rows(reads, settings, hours.days("brief", WEDNESDAY.date(), THURSDAY.date()))
    assert [row["has_account"] for row in days] == [False, True]


def test_the_morning_after_a_night_says_since_when_there_was_work(reads: Reads, settings: Settings) -> None:
    thursday, wednesday = rows(reads, settings, hours.days("brief", WEDNESDAY.date(), THURSDAY.date()))
    assert (first_in(wednesday), last_out(wednesday)) == ("20:00", "04:00 (Thu 8 Oct)")
    assert (first_in(thursday), last_out(thursday)) == ("since 20:00 (Wed 7 Oct)", "04:00")
    planned = rows(reads, settings, hours.shifts("brief", THURSDAY.date(), THURSDAY.date()))
    assert [shift["shift_end"] for shift in shifts_of(thursday, planned)] == [THURSDAY + timedelta(hours=4)]
    assert shifts_of(thursday | {"attribution": "shift_start"}, planned) == []
    assert shifts_of(thursday | {"begins_at": "04:00"}, planned) == []
    for day in (WEDNESDAY, THURSDAY):
        punches = rows(reads, settings, hours.punches("brief", day.date()))
        assert [row["kind"] for row in punches] == ["clock_in", "break_start", "break_end", "clock_out"]
