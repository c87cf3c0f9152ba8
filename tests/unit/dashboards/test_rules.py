"""Findings as pages tell them."""

from datetime import date
from typing import Any

import pandas as pd

from dashboards.rules import in_words

ROW: dict[str, Any] = {"date": date(2026, 10, 5), "parameter": "compliance", "reference": None, "value": None}


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
