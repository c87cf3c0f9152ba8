"""Snap and rounding of punches, and of totals, on the local clock from the full hour."""

from datetime import date
from typing import Any

from tests.reference.calendar import Calendar
from tests.reference.matching import Planned
from tests.reference.pairing import Mark
from tests.reference.times import local_time, minute_of, seconds

HOUR = 3600
SCHEDULED_SIDE = {"clock_in": "start", "clock_out": "end"}


def round_number(value: int, rule: dict[str, Any]) -> int:
    """A number of seconds (of a clock or a duration) to the marks of the rule."""
    if rule["mode"] == "none":
        return value
    if rule.get("seconds") == "drop":
        value -= value % 60
    elif rule.get("seconds") == "up":
        value += -value % 60
    interval = seconds(rule["interval_minutes"])
    grace = seconds(rule.get("grace_minutes", 0))
    if rule["mode"] == "up":
        return -(-(value - grace) // interval) * interval
    if rule["mode"] == "down":
        return (value + grace) // interval * interval
    below = value % interval
    goes_up = below * 2 > interval or (below * 2 == interval and rule.get("half", "up") == "up")
    return value - below + (interval if goes_up else 0)


def rounded_total(total: int, rule: dict[str, Any] | None) -> int:
    """A duration under the rule that applies to it."""
    if rule is None:
        return total
    near = rule.get("only_near")
    if near and abs(total - seconds(near["minutes"])) > seconds(near["window_minutes"]):
        return rounded_total(total, rule.get("otherwise"))
    return max(0, round_number(total, rule))


def rounded_punch(mark: Mark, matched: Planned | None, calendar: Calendar, day: date) -> int:
    """Where the punch counts: snapped to the schedule first, then rounded."""
    if mark.kind == "closed":
        return mark.at
    at = snapped(mark, matched, calendar, day)
    rule = calendar.rule(f"rounding.{mark.kind}", day)
    while rule and "only_near" in rule and not is_near(at, mark.kind, rule["only_near"], matched, calendar):
        rule = rule.get("otherwise")
    if not rule:
        return at
    on_hour = local_time(at, calendar.zone)
    since_hour = on_hour.minute * 60 + on_hour.second
    return at + round_number(since_hour, rule) - since_hour


def scheduled_instant(kind: str, matched: Planned | None) -> int | None:
    return getattr(matched, SCHEDULED_SIDE[kind]) if matched and kind in SCHEDULED_SIDE else None


def snapped(mark: Mark, matched: Planned | None, calendar: Calendar, day: date) -> int:
    window = (calendar.rule("rounding.snap_to_schedule", day) or {}).get(mark.kind)
    target = scheduled_instant(mark.kind, matched)
    if not window or target is None:
        return mark.at
    earliest = target - seconds(window.get("before_minutes", 0))
    latest = target + seconds(window.get("after_minutes", 0))
    return target if earliest <= mark.at <= latest else mark.at


def is_near(at: int, kind: str, near: dict[str, Any], matched: Planned | None, calendar: Calendar) -> bool:
    if near.get("scheduled"):
        target = scheduled_instant(kind, matched)
        distance = None if target is None else abs(at - target)
    else:  # on the clock, whatever the night did to it
        on_the_clock = local_time(at, calendar.zone)
        apart = abs(
            on_the_clock.hour * HOUR + on_the_clock.minute * 60 + on_the_clock.second - minute_of(near["at"]) * 60
        )
        distance = min(apart, 24 * HOUR - apart)
    return distance is not None and distance <= seconds(near["window_minutes"])
