"""Every rule that is set writes a row for each worked day, or week, or window, also when nothing is required."""

from collections.abc import Iterator
from datetime import date

from tests.reference.findings import Duty, Finding, Record, at_most, worst
from tests.reference.findings_of_days import (
    average,
    average_windows,
    consecutive_days,
    daily_rest,
    day_of_rest,
    night_work,
    noted,
    rest_periods_of_weeks,
    rests,
    unknown_rests,
    weekly_rest,
)
from tests.reference.findings_of_shifts import break_total, longest_piece_of_work, meal_periods, rest_periods
from tests.reference.policy import Parameter
from tests.reference.times import DAY, seconds


def all_findings(record: Record) -> list[Finding]:
    found = [finding for day in record.days for finding in of_day(record, day)]
    for day in sorted({duty.date for duty in record.duties if duty.work}):
        found += of_shifts(record, day, [duty for duty in record.duties if duty.date == day and duty.work])
    for week in record.weeks:
        found += [while_it_lasts(finding, record, week + 7 * DAY) for finding in of_week(record, week)]
    for first, rule in rest_periods_of_weeks(record):
        finding = weekly_rest(record, first, rule)
        found.append(while_it_lasts(finding, record, first + rule.get("per_days", 7) * DAY))
    for name in ("average_week", "average_day"):
        found += [average(record, name, first, rule) for first, rule in average_windows(record, name)]
    for day, rest in rests(record):
        rule = record.calendar.rule("compliance.daily_rest", day)
        if rule is not None:
            found.append(daily_rest(record, day, rest, rule))
    found += [
        Finding("daily_rest", day, "pending", "missing")
        for day in unknown_rests(record)
        if record.calendar.rule("compliance.daily_rest", day) is not None
    ]
    return found


def while_it_lasts(finding: Finding, record: Record, end: date) -> Finding:
    """What a week or period that is not over may still change is pending; a limit that was exceeded stays so."""
    over = record.calendar.start_of(end) <= record.now
    return finding if over or finding.reason == "exceeded" else Finding(finding.rule, finding.date, "pending")


def of_day(record: Record, day: date) -> Iterator[Finding]:
    def rule(name: str) -> Parameter:
        return record.calendar.rule(f"compliance.{name}", day)

    if rule("daily_max") is not None:
        yield noted("daily_max", day, rule("daily_max"), record.worked([day]))
    if rule("consecutive_days") is not None:
        yield consecutive_days(record, day, rule("consecutive_days"))
    if rule("night_work") is not None:
        yield night_work(record, day, rule("night_work"))


def of_shifts(record: Record, day: date, duties: list[Duty]) -> Iterator[Finding]:
    """Each is judged for each worked shift, the worst is the finding."""
    meals = record.calendar.rule("compliance.meal_periods", day)
    rest = record.calendar.rule("compliance.rest_periods", day)
    total = record.calendar.rule("compliance.break_total", day)
    longest = record.calendar.rule("compliance.longest_work_minutes", day)
    if meals and duties:
        judged = [meal_periods(duty, meals, record.facts) for duty in duties]
        yield from (worst(list(same_number)) for same_number in zip(*judged, strict=True))
    if rest and duties:
        yield worst([rest_periods(duty, rest) for duty in duties])
    if total and duties:
        yield worst([break_total(duty, total) for duty in duties])
    if longest and duties:
        yield worst(
            [
                at_most("longest_work", day, seconds(longest), longest_piece_of_work(duty, total or {}))
                for duty in duties
            ]
        )


def of_week(record: Record, week: date) -> Iterator[Finding]:
    def rule(name: str) -> Parameter:
        return record.calendar.rule(f"compliance.{name}", week)

    if rule("weekly_max") is not None:
        yield noted("weekly_max", week, rule("weekly_max"), record.worked([week + n * DAY for n in range(7)]))
    if rule("day_of_rest") is not None:
        yield day_of_rest(record, week, rule("day_of_rest"))
