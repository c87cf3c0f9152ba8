"""What each rule of overtime claims of a day, a week or a period."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tests.reference.calendar import Calendar
from tests.reference.pairing import Session, WorkedShift
from tests.reference.times import DAY, WEEKDAYS, Span, seconds, windows, without

Tier = tuple[int, str]


@dataclass(frozen=True)
class Run:
    """Worked seconds of a workday; without a code as long as no rule has claimed them."""

    span: Span
    date: date
    shift: WorkedShift
    session: Session | None
    code: str | None = None


@dataclass(frozen=True)
class Context:
    """What the rules ask for: holidays, scheduled shifts by workday, and the seconds to be worked, on a day of leave none."""

    calendar: Calendar
    holidays: frozenset[date]
    shifts: dict[date, list[Span]]
    scheduled: dict[date, int]


def tiers_of(rows: list[dict[str, Any]]) -> list[Tier]:
    return [(seconds(row["over_minutes"]), row["pay_code"]) for row in rows]


def holiday(day: date, context: Context) -> list[Tier]:
    rule = context.calendar.rule("overtime.holiday", day)
    if not rule or day not in context.holidays or not on_days(day, rule):
        return []
    return tiers_of(rule["tiers"])


def rest_day(day: date, context: Context) -> list[Tier]:
    """On the days named; where none are, on a day with no scheduled shift."""
    rule = context.calendar.rule("overtime.rest_day", day)
    applies = rule and (on_days(day, rule) if rule.get("days") else day not in context.shifts)
    return tiers_of(rule["tiers"]) if applies else []


def on_days(day: date, rule: dict[str, Any]) -> bool:
    return not rule.get("days") or WEEKDAYS[day.weekday()] in rule["days"]


def seventh_days(worked: list[date], calendar: Calendar) -> dict[date, list[Tier]]:
    """The seventh days among the worked days, in their order, and what they pay."""
    found: dict[date, list[Tier]] = {}
    run = 0
    for index, day in enumerate(worked):
        run = run + 1 if index and worked[index - 1] == day - DAY else 1
        rule = calendar.rule("overtime.seventh_day", day)
        in_week = sum(calendar.week(other) == calendar.week(day) for other in worked[: index + 1])
        if rule and (
            (rule["scope"] == "rolling" and run >= rule["day"])
            or (rule["scope"] == "nth_worked_day" and in_week == rule["day"])
            or (rule["scope"] == "workweek" and in_week == 7)
        ):
            found[day] = [(0, rule["pay_code"]), (seconds(rule["first_minutes"]), rule["then_pay_code"])]
    return found


def daily_tiers(day: date, calendar: Calendar) -> list[Tier]:
    """As the alternative workweek moves them."""
    tiers = tiers_of(calendar.rule("overtime.daily_tiers", day) or [])
    rule = calendar.rule("overtime.alternative_workweek", day)
    if rule and on_days(day, rule):
        scheduled = seconds(rule["scheduled_minutes"])
        return [(max(over, scheduled), code) for over, code in tiers]
    if rule and rule.get("other_days_tiers") is not None:
        return tiers_of(rule["other_days_tiers"])
    return tiers


def period(day: date, calendar: Calendar) -> int:
    rule = calendar.rule("overtime.period_tiers", day)
    return (day - date.fromisoformat(rule["anchor_date"])).days // (7 * rule["weeks"]) if rule else 0


def balance(day: date, worked: int, context: Context) -> int:
    """Worked − scheduled; zero within the tolerance, whole beyond it."""
    rule = context.calendar.rule("overtime.against_schedule", day)
    if not rule:
        return 0
    expected = context.scheduled.get(day, seconds(rule.get("target_minutes") or 0))
    over = worked - expected
    tolerance = rule.get("tolerance_minutes", 0) if over > 0 else rule.get("undertime_tolerance_minutes", 0)
    if abs(over) <= seconds(tolerance):
        return 0
    return over if over > 0 or rule.get("allow_negative", False) else 0


def claim_window(runs: list[Run], rule: dict[str, Any], context: Context) -> list[Run]:
    """Work inside the window, or inside it and outside every scheduled shift, where it is still open."""
    result: list[Run] = []
    for run in runs:
        spans = list(windows(rule, run.span, context.calendar.zone, context.holidays))
        if rule.get("outside_schedule"):
            scheduled = [span for spans_of_day in context.shifts.values() for span in spans_of_day]
            spans = [piece for span in spans for piece in without(span, scheduled)]
        if run.code is not None:
            result.append(run)
            continue
        outside = without(run.span, spans)
        inside = without(run.span, outside)
        result += [replace(run, span=span) for span in outside]
        result += [replace(run, span=span, code=rule["pay_code"]) for span in inside]
    return sorted(result, key=lambda run: run.span)
