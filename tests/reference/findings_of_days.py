"""Rules on workdays, workweeks and windows of several weeks."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tests.reference.findings import Finding, Record, at_most
from tests.reference.times import DAY, Span, seconds, windows


def days_from(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]


def noted(rule: str, day: date, limits: dict[str, Any], actual: int) -> Finding:
    finding = at_most(rule, day, seconds(limits["minutes"]), actual)
    note = limits.get("note_over_minutes")
    if finding.status == "satisfied" and note is not None and actual > seconds(note):
        return Finding(rule, day, "satisfied", "noted", finding.required, actual)
    return finding


def day_of_rest(record: Record, week: date, rule: dict[str, Any]) -> Finding:
    days = days_from(week, 7)
    work = [record.worked([day]) for day in days]
    week_limit, day_limit = rule.get("exempt_if_week_up_to_minutes"), rule.get("exempt_if_every_day_up_to_minutes")
    if not all(work):
        return Finding("day_of_rest", week, "satisfied")
    if week_limit is not None and sum(work) <= seconds(week_limit):
        return Finding("day_of_rest", week, "not_applicable")
    if day_limit is not None and max(work) <= seconds(day_limit):
        return Finding("day_of_rest", week, "not_applicable")
    return Finding("day_of_rest", week, "violated", "missing")


def consecutive_days(record: Record, day: date, rule: dict[str, Any]) -> Finding:
    run = 0
    while record.worked([day - run * DAY]):
        run += 1
    return at_most("consecutive_days", day, rule["max"], run)


def night_work(record: Record, day: date, rule: dict[str, Any]) -> Finding:
    work = record.work[day]
    inside = sum(
        piece.common(window).length
        for piece in work
        for window in windows({"from": rule["from"], "to": rule["to"]}, piece, record.calendar.zone, frozenset())
    )
    over, start = rule.get("night_worker_over_minutes"), rule.get("night_worker_from_minutes")
    applies = (over is not None and inside > seconds(over)) or (start is not None and inside >= seconds(start))
    limit = rule.get("daily_max_minutes")
    if not applies:
        return Finding("night_work", day, "not_applicable", None, None, inside)
    threshold = seconds(over if over is not None else start)
    exceeded = limit is not None and record.worked([day]) > seconds(limit)
    status, reason = ("violated", "exceeded") if exceeded else ("satisfied", None)
    return Finding("night_work", day, status, reason, threshold, inside)


def rests(record: Record) -> Iterator[tuple[date, Span]]:
    """Each rest with the workday of the worked shift after it."""
    for before, after in pairwise(record.duties):
        if before.end is not None:
            yield after.date, Span(before.end, after.start)


def unknown_rests(record: Record) -> list[date]:
    """Days of worked shifts before which nobody knows when the rest began."""
    return [after.date for before, after in pairwise(record.duties) if before.end is None]


def daily_rest(record: Record, day: date, rest: Span, rule: dict[str, Any]) -> Finding:
    required, actual = seconds(rule["minutes"]), rest.length
    least = rule.get("reduced_to_minutes")
    allowed = actual >= required or (
        least is not None and actual >= seconds(least) and reduction_allowed(record, day, rest, rule)
    )
    if not allowed:
        return Finding("daily_rest", day, "violated", "short", required, actual)
    if actual < required and "compensate_with_minutes" in rule and not compensated(record, rest, rule):
        ended = record.now >= rest.end + rule["compensate_within_days"] * 24 * 3600
        status, reason = ("violated", "short") if ended else ("pending", None)
        return Finding("daily_rest", day, status, reason, required, actual)
    return Finding("daily_rest", day, "satisfied", None, required, actual)


def reduction_allowed(record: Record, day: date, rest: Span, rule: dict[str, Any]) -> bool:
    times = rule.get("reduced_times_per_week")
    week = record.calendar.week(day)
    earlier = [
        other
        for other_day, other in rests(record)
        if record.calendar.week(other_day) == week
        and other.start < rest.start
        and seconds(rule["reduced_to_minutes"]) <= other.length < seconds(rule["minutes"])
    ]
    return times is None or len(earlier) < times


def compensated(record: Record, rest: Span, rule: dict[str, Any]) -> bool:
    within = rule["compensate_within_days"] * 24 * 3600
    return any(
        other != rest
        and other.length >= seconds(rule["compensate_with_minutes"])
        and 0 <= other.start - rest.end <= within
        for _, other in rests(record)
    )


def rest_periods_of_weeks(record: Record) -> Iterator[tuple[date, dict[str, Any]]]:
    """The periods of weekly rest that have work: workweeks, 14 days from an anchor, or those from each worked day on."""
    for first in sorted({day - n * DAY for day in record.days for n in range(14)}):
        rule = record.calendar.rule("compliance.weekly_rest", first)
        if rule is None:
            continue
        length = rule.get("per_days", 7)
        if rule.get("rolling"):
            begins = first in record.days
        elif length == 14:
            begins = (first - date.fromisoformat(str(rule["anchor_date"]))).days % 14 == 0
        else:
            begins = record.calendar.week(first) == first
        if begins and record.worked(days_from(first, length)):
            yield first, rule


def weekly_rest(record: Record, first: date, rule: dict[str, Any]) -> Finding:
    period = Span(record.calendar.start_of(first), record.calendar.start_of(first + rule.get("per_days", 7) * DAY))
    longest = seconds(record.calendar.rule("pairing.max_shift_minutes", first))
    duties = [Span(duty.start, duty.start + longest if duty.end is None else duty.end) for duty in record.duties]
    off, free_from = [], period.start
    for duty in [Span(max(d.start, period.start), min(d.end, period.end)) for d in sorted(duties)]:
        if duty.start <= duty.end:  # also one of a single punch cuts the rest
            off.append(duty.start - free_from)
            free_from = max(free_from, duty.end)
    off.append(period.end - free_from)
    pieces = rule.get("pieces_of_at_least_minutes")
    actual = max(off, default=0) if pieces is None else sum(rest for rest in off if rest >= seconds(pieces))
    status, reason = ("satisfied", None) if actual >= seconds(rule["minutes"]) else ("violated", "short")
    return Finding("weekly_rest", first, status, reason, seconds(rule["minutes"]), actual)


def average_windows(record: Record, name: str) -> Iterator[tuple[date, dict[str, Any]]]:
    """A window begins with each week that has work, or windows follow each other from the first such week on."""
    weeks = record.weeks
    every = days_from(weeks[0], (weeks[-1] - weeks[0]).days + 1) if weeks else []
    for first in sorted({*weeks, *every[::7]}):
        rule = record.calendar.rule(f"compliance.{name}", first)
        if rule is None:
            continue
        length = 7 * rule["weeks"]
        if rule.get("rolling", True):
            begins = first in weeks
        else:
            begins = (first - weeks[0]).days % length == 0 and bool(record.worked(days_from(first, length)))
        if begins:
            yield first, rule


def average(record: Record, name: str, first: date, rule: dict[str, Any]) -> Finding:
    """Work per week or per working day of a window; days of leave leave it, as many working days are added."""
    per_week = rule.get("working_days_per_week")

    def is_working_day(day: date) -> bool:
        return per_week is None or (day - record.calendar.week(day)).days < per_week

    planned = days_from(first, 7 * rule["weeks"])
    days = planned
    if rule.get("leave_excluded"):
        lost = [day for day in planned if day in record.leave and is_working_day(day)]
        after = [day for day in days_from(planned[-1] + DAY, 366) if is_working_day(day) and day not in record.leave]
        days = [day for day in planned if day not in record.leave] + after[: len(lost)]
    if record.calendar.start_of(max(days + planned) + DAY) > record.now:
        return Finding(name, first, "pending")
    divisor = rule["weeks"]
    if name == "average_day":
        with_work = sum(record.worked([day]) > 0 for day in days)
        divisor = rule["weeks"] * per_week if per_week is not None else max(1, with_work)
    return at_most(name, first, seconds(rule["minutes"]), record.worked(days) / divisor)
