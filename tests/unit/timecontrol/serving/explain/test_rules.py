"""What a compliance rule compared, in words."""

from datetime import date

import pytest

from timecontrol.serving.explain.model import Answer
from timecontrol.serving.explain.rules import compared, why


def answer(  # a finding with the value of its rule
    rule: str, status: str, reason: str | None, required: float | None, actual: float | None, value: object = None
) -> Answer:
    return Answer(rule, date(2026, 10, 5), status, reason, required, actual, "compliance", None, value=value)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer("meal_period_1", "violated", "short", 30, 29), "meal break of 29 min, at least 30 min"),
        (answer("meal_period_2", "violated", "late", 600, 601), "work before the meal break 10 h 01 min, at most 10 h"),
        (answer("rest_periods", "violated", "missing", 20, 0), "rest breaks of 0 min, at least 20 min"),
        (answer("break_total", "violated", "short", 45, 30), "breaks of 30 min, at least 45 min"),
        (answer("break_total", "satisfied", None, None, 1), "breaks of 1 min"),
        (answer("longest_work", "violated", "exceeded", 360, 365), "longest work without a break 6 h 05 min, at most 6 h"),
        (answer("daily_rest", "violated", "short", 660, 659), "rest before the shift 10 h 59 min, at least 11 h"),
        (answer("weekly_rest", "violated", "short", 2100, 2099), "rest in the period 34 h 59 min, at least 35 h"),
        (answer("daily_max", "violated", "exceeded", 600, 600.5), "work of the day 10 h 30 s, at most 10 h"),
        (answer("weekly_max", "satisfied", None, 2880, 2400), "work of the week 40 h, at most 48 h"),
        (answer("average_week", "satisfied", None, 2640, 2640), "work per week on average 44 h, at most 44 h"),
        (
            answer("average_day", "violated", "exceeded", 480, 490),
            "work per working day on average 8 h 10 min, at most 8 h",
        ),
        (answer("consecutive_days", "violated", "exceeded", 6, 7), "worked days in a row 7, at most 6"),
        (answer("night_work", "satisfied", None, 120, 300), "work in the night 5 h, a night worker from 2 h"),
        (
            answer("night_work", "satisfied", None, 120, 300, {"night_worker_over_minutes": 120}),
            "work in the night 5 h, a night worker over 2 h",
        ),
        (answer("day_of_rest", "violated", "missing", None, None), None),
        (answer("break_total", "not_applicable", None, None, 0), None),
    ],
)  # fmt: skip
def test_compared(given: Answer, said: str | None) -> None:
    assert compared(given) == said


def test_reasons_that_differ_by_rule() -> None:
    assert why(answer("daily_rest", "pending", "missing", None, None)) == "nobody clocked out before it"
    assert why(answer("day_of_rest", "violated", "missing", None, None)) == "every day has work"
    assert why(answer("break_total", "violated", "missing", 30, 0)) == "no break taken"
    assert why(answer("meal_period_2", "violated", "missing", 30, 0)) == "not taken"
    assert why(answer("weekly_rest", "violated", "short", 2100, 2099)) == "too short"
    assert why(answer("meal_period_1", "violated", "late", 300, 301)) == "began too late"
    assert why(answer("weekly_max", "violated", "exceeded", 2880, 2881)) == "over the limit"
    assert why(answer("rest_periods", "not_applicable", "not_recorded", None, None)) == "not recorded"
    assert why(answer("daily_max", "satisfied", None, 600, 480)) is None


MEALS = [{"required_if_work_over_minutes": 300}, {"required_if_work_over_minutes": 600}]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (answer("daily_max", "satisfied", "noted", 600, 485, {"minutes": 600, "note_over_minutes": 480}), "noted, since over 8 h"),
        (answer("average_day", "pending", None, None, None), "its days are not over"),
        (answer("meal_period_1", "pending", None, None, None, MEALS), "not over yet"),
        (answer("meal_period_2", "not_applicable", None, None, None, MEALS), "asked for only over 10 h of work"),
        (answer("meal_period_1", "not_applicable", None, None, None, MEALS), "asked for only over 5 h of work"),
        (
            answer("break_total", "not_applicable", None, None, 0, {"tiers": [{"work_over_minutes": 540}, {"work_over_minutes": 360}]}),
            "asked for only over 6 h of work",
        ),
        (
            answer("night_work", "not_applicable", None, 120, 0, {"night_worker_over_minutes": 120}),
            "only of night workers, over 2 h in the night",
        ),
        (
            answer("day_of_rest", "not_applicable", None, None, None, {"exempt_if_week_up_to_minutes": 1800}),
            "not asked for up to 30 h of work in the week",
        ),
        (answer("daily_max", "not_applicable", None, None, None), None),
    ],
)  # fmt: skip
def test_the_values_of_a_rule_say_why_it_did_not_apply(given: Answer, said: str | None) -> None:
    assert why(given) == said
