"""Findings as pages tell them."""

from datetime import date
from typing import Any

import pandas as pd

from dashboards.rules import in_words, not_counted

ROW: dict[str, Any] = {
    "date": date(2026, 10, 5),
    "parameter": "compliance",
    "reference": None,
    "value": None,
    "paid_breaks": None,
}
SHORT_MEAL = {
    "time_zone": "America/Los_Angeles",
    "rules": [
        {
            "parameter": "breaks.meal_unpaid_from_minutes",
            "valid_from": "1961-01-11",
            "value": 30,
            "reference": "29 CFR 785.19(a)",
        }
    ],
    "breaks": [
        {
            "break": "b",
            "kind": "meal",
            "started_at": "2026-10-05T19:00:00+00:00",
            "ended_at": "2026-10-05T19:29:00+00:00",
            "seconds": 1740,
            "is_gap": False,
        }
    ],
}


def said(*rows: dict[str, Any]) -> list[tuple[str, str, str]]:
    frame = in_words(pd.DataFrame([ROW | row for row in rows]))
    return list(zip(frame["title"], frame["why"], frame["compared"], strict=True))


def test_a_night_is_held_against_what_makes_a_night_worker_and_the_day_against_their_limit() -> None:
    night = {"rule": "night_work", "required": 120.0, "actual": 360.0, "value": {"night_worker_over_minutes": 120}}
    compared = "work in the night 6 h, a night worker over 2 h"
    assert said(
        night | {"status": "satisfied", "reason": None}, night | {"status": "violated", "reason": "exceeded"}
    ) == [
        ("Night work", "", compared),
        ("Night work", "the work of the day is over the limit of night workers", compared),
    ]


def test_each_rule_says_on_which_side_of_its_threshold_it_is_kept() -> None:
    rest = {"rule": "daily_rest", "status": "violated", "reason": "short", "required": 660.0, "actual": 600.0}
    late = {"rule": "meal_period_1", "status": "violated", "reason": "late", "required": 300.0, "actual": 301.5}
    assert said(rest, late) == [
        ("Daily rest", "too short", "rest before the shift 10 h, at least 11 h"),
        ("First meal break", "began too late", "work before the meal break 5 h 01 min 30 s, at most 5 h"),
    ]


def test_what_was_not_compared_is_empty() -> None:
    none = {"rule": "day_of_rest", "status": "pending", "reason": None, "required": None, "actual": None}
    whole = {"rule": "daily_max", "status": "satisfied", "reason": None, "required": 600.0, "actual": 480.0}
    assert said(none, whole)[0] == ("Day of rest", "its days are not over", "")


def test_a_paid_break_that_is_no_meal_period_is_said_beside_the_finding() -> None:
    missing = {"rule": "meal_period_1", "status": "violated", "reason": "missing", "required": 30.0, "actual": 0.0}
    taken = {"rule": "meal_period_1", "status": "satisfied", "reason": None, "required": 30.0, "actual": 30.0}
    frame = in_words(pd.DataFrame([ROW | missing | {"paid_breaks": SHORT_MEAL}, ROW | missing, ROW | taken]))
    assert list(frame["why"]) == ["not taken as an unpaid break", "not taken", ""]
    beside, *others = frame["not_counted"]
    assert beside == (
        "a paid break of 29 min (12:00 – 12:29) is no meal period: a meal break shorter than 30 min is paid"
    )
    assert others == ["", ""]
    assert not_counted(ROW | missing | {"paid_breaks": SHORT_MEAL}) == [(beside, "29 CFR 785.19(a)")]


def test_numbers_are_whole_seconds_but_of_the_rule_that_counts_days() -> None:
    meal = {"rule": "meal_period_1", "status": "violated", "reason": "late", "required": 300.0, "actual": 301.5}
    days = {"rule": "consecutive_days", "status": "violated", "reason": "exceeded", "required": 6.0, "actual": 7.0}
    frame = in_words(pd.DataFrame([ROW | meal, ROW | days]))
    assert (list(frame["measured"]), list(frame["threshold"])) == ([18_090, 7], [18_000, 6])
