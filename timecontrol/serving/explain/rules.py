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
OVER_NIGHT = Comparison("work in the night", "a night worker over")
LATE_MEAL = Comparison("work before the meal break", "at most")

#: Rules whose answer on the first day of a workweek, or of a window, is that of all its days.
WEEKLY_RULES = ("average_day", "average_week", "day_of_rest", "weekly_max", "weekly_rest")
# What has to be passed before a rule asks for anything: the key of its value, and how it is said.
ONLY_IF = {
    "required_if_work_over_minutes": "asked for only over {} of work",
    "work_over_minutes": "asked for only over {} of work",
    "work_from_minutes": "asked for only from {} of work on",
    "continuous_over_minutes": "asked for only over {} of unbroken work",
    "none_under_work_minutes": "none is asked for under {} of work",
    "night_worker_over_minutes": "only of night workers, over {} in the night",
    "night_worker_from_minutes": "only of night workers, from {} in the night on",
    "exempt_if_week_up_to_minutes": "not asked for up to {} of work in the week",
    "exempt_if_every_day_up_to_minutes": "not asked for where no day has more than {} of work",
}

REASONS = {
    "missing": "no break taken",
    "late": "began too late",
    "short": "too short",
    "exceeded": "over the limit",
}
#: A reason that says something else for one rule than for the others.
REASONS_OF_RULES = {
    ("meal_period", "missing"): "not taken",
    ("daily_rest", "missing"): "nobody clocked out before it",
    ("day_of_rest", "missing"): "every day has work",
    ("night_work", "exceeded"): "the work of the day is over the limit of night workers",
}
#: The same, where a break was taken and is paid.
REASONS_BESIDE_PAID_BREAKS = {
    ("meal_period", "missing"): "not taken as an unpaid break",
    ("break_total", "missing"): "no unpaid break taken",
}


def kind_of(rule: str) -> str:
    """The rule; the n-th meal is one of meals."""
    return "meal_period" if rule.startswith("meal_period_") else rule


def why(answer: Answer) -> str | None:
    """The reason of an answer in words, where it has one or the values of the rule give it."""
    noted = answer.value.get("note_over_minutes") if isinstance(answer.value, dict) else None
    if answer.reason == "noted" and noted is not None:
        return f"noted, since over {duration(round(noted * 60))}"
    if answer.reason is not None:
        kind = kind_of(answer.rule)
        if answer.paid_breaks and (kind, answer.reason) in REASONS_BESIDE_PAID_BREAKS:
            return REASONS_BESIDE_PAID_BREAKS[kind, answer.reason]
        said = REASONS.get(answer.reason, words(answer.reason))
        return REASONS_OF_RULES.get((kind, answer.reason), said)
    if answer.status == "pending":
        return "its days are not over" if answer.rule in WEEKLY_RULES else "not over yet"
    return asked_only_if(answer) if answer.status == "not_applicable" else None


def asked_only_if(answer: Answer) -> str | None:
    """What a rule that did not apply would have needed, from its value: the part of this meal, or the least of the tiers."""
    value = answer.value
    if kind_of(answer.rule) == "meal_period" and isinstance(value, list):
        value = value[int(answer.rule.removeprefix("meal_period_")) - 1]
    elif isinstance(value, dict) and "tiers" in value:
        value = min(value["tiers"], key=lambda tier: next((tier[key] for key in ONLY_IF if key in tier), 0))
    if not isinstance(value, dict):
        return None
    said = [sentence.format(duration(round(value[key] * 60))) for key, sentence in ONLY_IF.items() if value.get(key)]
    return ", ".join(said) or None


def compared(answer: Answer) -> str | None:
    """The two numbers that the rule held against each other; none where it did not compare."""
    kind = kind_of(answer.rule)
    if answer.status == "not_applicable" or answer.actual_minutes is None or kind not in COMPARISONS:
        return None
    comparison = COMPARISONS[kind]
    if kind == "meal_period" and answer.reason == "late":
        comparison = LATE_MEAL
    elif kind == "night_work" and isinstance(answer.value, dict) and "night_worker_over_minutes" in answer.value:
        comparison = OVER_NIGHT
    said = f"{comparison.measured} {amount(kind, answer.actual_minutes)}"
    if answer.required_minutes is None:
        return said
    return f"{said}, {comparison.bound} {amount(kind, answer.required_minutes)}"


def amount(rule: str, value: float) -> str:
    """Minutes as hours, minutes and seconds; the one rule that counts days as a number."""
    return f"{value:g}" if rule == "consecutive_days" else duration(round(value * 60))
