"""A comparison of two policies as the page shows it."""

from datetime import UTC, datetime

import pandas as pd
import pytest

from dashboards import comparison
from dashboards.comparison import Pair
from timecontrol.policy.difference import Difference
from timecontrol.policy.difference_json import FINDING_COLUMNS, PAY_COLUMNS, from_json, to_json
from timecontrol.serving.replay import KnownRun

RUN = KnownRun(7, 4711, datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, 1, tzinfo=UTC))
PAY = [
    ("north", "ada", "regular", 10.0, 8.0, 1.0, False),
    ("north", "ada", "overtime_150", 0.0, 2.0, 1.5, False),
    ("north", "ada", "meal_premium", 0.0, 1.0, 1.0, True),
    ("south", "ben", "regular", 7.5, 7.5, 1.0, False),
]
FINDINGS = [
    ("north", "ada", "meal_period_1", "violated", 0, 1),
    ("south", "ben", "meal_period_1", "satisfied", 0, 1),
    ("south", "cem", "daily_max", "violated", 2, 1),
]
PEOPLE = pd.DataFrame(
    [("ada", "Ada", "Logistics", "North"), ("ben", "Ben", "Office", "South")],
    columns=["employee_id", "name", "team", "site"],
)


def difference(pay: list[tuple[object, ...]], findings: list[tuple[object, ...]]) -> Difference:
    return Difference(RUN, pd.DataFrame(pay, columns=PAY_COLUMNS), pd.DataFrame(findings, columns=FINDING_COLUMNS))


FOUND = difference(PAY, FINDINGS)


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    return list(frame[list(columns)].itertuples(index=False, name=None))


def test_an_hour_on_top_is_money_and_no_further_hour() -> None:
    sums = comparison.totals(FOUND, 20)
    assert (sums.hours, sums.violated) == (Pair(17.5, 17.5), Pair(2, 2))
    assert sums.money == Pair(350, 390)
    assert sums.money.difference == 40
    assert (sums.people, sums.changed) == (2, 1)
    assert comparison.totals(FOUND, None).money is None


def test_what_is_left_of_equal_sums_is_no_difference() -> None:
    parts = [("north", "ada", f"code_{number}", 0.1, 0.3 if number == 0 else 0.0, 1.0, False) for number in range(3)]
    found = difference(parts, [])
    assert sum(row[3] for row in parts) != sum(row[4] for row in parts)
    (site,) = rows(comparison.by_site(found, 20, {}), "difference", "money_difference")
    assert [str(number) for number in site] == ["0.0", "0.0"]
    assert str(comparison.totals(found, 20).hours.difference) == "0.0"


def test_base_pay_comes_first_and_the_most_hours() -> None:
    sums = comparison.by_pay_code(FOUND, 20)
    assert rows(sums, "code", "old", "new", "difference", "money_difference") == [
        ("Regular", 17.5, 15.5, -2.0, -40.0),
        ("Overtime 150 %", 0.0, 2.0, 2.0, 60.0),
        ("Meal premium (on top)", 0.0, 1.0, 1.0, 20.0),
    ]


def test_sites_and_employees_have_their_violated_findings_the_largest_difference_first() -> None:
    sites = comparison.by_site(FOUND, 20, {"north": "North"})
    assert rows(sites, "site", "old", "new", "money_difference", "violated") == [
        ("North", 10.0, 10.0, 40.0, 1.0),
        ("south", 7.5, 7.5, 0.0, -1.0),
    ]
    employees = comparison.by_employee(FOUND, None, PEOPLE)
    assert rows(employees, "name", "old", "new", "violated") == [
        ("Ada", 10.0, 10.0, 1.0),
        ("Ben", 7.5, 7.5, 0.0),
        ("cem", 0.0, 0.0, -1.0),
    ]
    assert "old_money" not in employees


def test_findings_are_counted_by_rule_and_answer() -> None:
    assert rows(comparison.by_rule(FOUND), "what", "answer", "difference") == [
        ("Daily maximum", "Violated", -1),
        ("First meal break", "Kept", 1),
        ("First meal break", "Violated", 1),
    ]


def test_the_filter_takes_the_part_of_its_people() -> None:
    part = comparison.of_people(FOUND, {"ben"})
    assert comparison.totals(part, None).hours == Pair(7.5, 7.5)
    assert set(part.findings["employee_id"]) == {"ben"}
    assert not comparison.has_difference(difference(PAY[3:], []))
    assert comparison.has_difference(part)
    assert comparison.has_difference(difference([], FINDINGS))


@pytest.mark.parametrize("found", [FOUND, difference([], [])])
def test_a_comparison_survives_the_way_through_json(found: Difference) -> None:
    read = from_json(to_json(found))
    assert read.run == RUN
    pd.testing.assert_frame_equal(read.pay, found.pay, check_dtype=False)
    pd.testing.assert_frame_equal(read.findings, found.findings, check_dtype=False)


def test_nothing_at_all_has_sums_too() -> None:
    nothing = difference([], [])
    assert comparison.totals(from_json(to_json(nothing)), 20).money == Pair(0, 0)
    assert not comparison.has_difference(nothing)
