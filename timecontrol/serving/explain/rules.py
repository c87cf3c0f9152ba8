"""What each compliance rule compares, as a clerk says it."""

from typing import NamedTuple

from timecontrol.serving.explain.model import Answer
from timecontrol.serving.explain.words import duration, words


class Comparison(NamedTuple):
    """What was measured, and how the rule holds it against its limit."""

    measured: str
    bound: str


COMPARISONS = {
    "meal_period": Comparison("meal break of", "at least"),
    "rest_periods": Comparison("rest breaks of", "at least"),
    "break_total": Comparison("breaks of", "at least"),
    "longest_work": Comparison("longest work without a break", "at most"),
    "daily_rest": Comparison("rest before the shift", "at least"),
    "weekly_rest": Comparison("rest in the period", "at least"),
    "daily_max": Comparison("work of the day", "at most"),
    "weekly_max": Comparison("work of the week", "at most"),
    "average_week": Comparison("work per week on average", "at most"),
    "average_day": Comparison("work per working day on average", "at most"),
    "consecutive_days": Comparison("worked days in a row", "at most"),
    "night_work": Comparison("work in the night", "a night worker from"),
}
LATE_MEAL = Comparison("work before the meal break", "at most")

#: A reason that says something else for one rule than for the others.
REASONS = {
    ("daily_rest", "missing"): "nobody clocked out before it",
    ("day_of_rest", "missing"): "every day has work",
    ("night_work", "exceeded"): "the work of the day is over the limit of night workers",
}


def why(answer: Answer) -> str | None:
    """The reason of an answer in words, where it has one."""
    return answer.reason and REASONS.get((answer.rule, answer.reason), words(answer.reason))


def compared(answer: Answer) -> str | None:
    """The two numbers that the rule held against each other; none where it did not compare."""
    kind = "meal_period" if answer.rule.startswith("meal_period_") else answer.rule
    if answer.status == "not_applicable" or answer.actual_minutes is None or kind not in COMPARISONS:
        return None
    comparison = LATE_MEAL if kind == "meal_period" and answer.reason == "late" else COMPARISONS[kind]
    said = f"{comparison.measured} {amount(kind, answer.actual_minutes)}"
    if answer.required_minutes is None:
        return said
    return f"{said}, {comparison.bound} {amount(kind, answer.required_minutes)}"


def amount(rule: str, value: float) -> str:
    """Minutes as hours, minutes and seconds; the one rule that counts days as a number."""
    return f"{value:g}" if rule == "consecutive_days" else duration(round(value * 60))
