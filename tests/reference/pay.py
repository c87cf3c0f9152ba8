"""Each worked second gets exactly one base code: rules claim in order, what none claims is regular."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Any

from tests.reference.claims import (
    Context,
    Run,
    Tier,
    balance,
    claim_window,
    daily_tiers,
    holiday,
    period,
    rest_day,
    seventh_days,
    tiers_of,
)
from tests.reference.times import Span, seconds, windows


def claim(runs: list[Run], tiers: list[Tier], counts: Callable[[Run], bool] = lambda _: True) -> list[Run]:
    """Seconds beyond a mark, in the order of time, get the code of the highest mark passed, unless they have one."""
    result, passed = [], 0
    for run in runs:
        if not counts(run):
            result.append(run)
            continue
        marks = [over - passed for over, _ in tiers if 0 < over - passed < run.span.length]
        for first, last in zip([0, *marks], [*marks, run.span.length], strict=True):
            piece = replace(run, span=Span(run.span.start + first, run.span.start + last))
            reached = [code for over, code in tiers if over <= passed + first]
            result.append(replace(piece, code=reached[-1]) if reached and run.code is None else piece)
        passed += run.span.length
    return [run for run in result if run.span.length]


def is_open(run: Run) -> bool:
    return run.code is None


def each(runs: list[Run], key: Callable[[date], Any], step: Callable[[date, list[Run]], list[Run]]) -> list[Run]:
    """A step on each day, week or period; runs stay in the order of time."""
    groups = [list(group) for _, group in groupby(runs, lambda run: key(run.date))]
    return [run for group in groups for run in step(group[0].date, group)]


def base_codes(runs: list[Run], context: Context) -> list[Run]:
    """Worked seconds in the order of time, each with its code."""
    rule = context.calendar.rule
    seventh = seventh_days(sorted({run.date for run in runs}), context.calendar)

    def by_day(day: date, runs: list[Run]) -> list[Run]:
        for tiers in (holiday(day, context), rest_day(day, context), seventh.get(day, [])):
            runs = claim(runs, tiers)
        for window in rule("overtime.windows", day) or []:
            runs = claim_window(runs, window, context)
        return claim(runs, daily_tiers(day, context.calendar))

    def by_week(day: date, runs: list[Run]) -> list[Run]:
        first = context.calendar.week(day)
        tiers = tiers_of(rule("overtime.weekly_tiers", first) or [])
        counts_all = rule("overtime.weekly_counts", first) == "all"
        return claim(runs, tiers) if counts_all else claim(runs, tiers, is_open)

    def by_period(day: date, runs: list[Run]) -> list[Run]:
        return claim(runs, tiers_of((rule("overtime.period_tiers", day) or {"tiers": []})["tiers"]), is_open)

    def by_schedule(day: date, runs: list[Run]) -> list[Run]:
        worked = sum(run.span.length for run in runs)
        over = balance(day, worked, context)
        return claim(runs, [(worked - over, rule("overtime.against_schedule", day)["pay_code"])] if over > 0 else [])

    runs = sorted(runs, key=lambda run: (run.date, run.span))
    runs = each(runs, lambda day: day, by_day)
    runs = each(runs, context.calendar.week, by_week)
    runs = each(runs, lambda day: period(day, context.calendar), by_period)
    runs = each(runs, lambda day: day, by_schedule)
    return [replace(run, code=run.code or "regular") for run in runs]


def premiums(runs: list[Run], context: Context) -> dict[tuple[date, str], int]:
    """Seconds of premium windows by workday and code, on top of base pay; the minimum is of each window of the workday."""
    found: dict[tuple[date, str], int] = {}
    for day in {run.date for run in runs}:
        day_runs = [run for run in runs if run.date == day]
        for rule in context.calendar.rule("premium.windows", day) or []:
            after = seconds(rule.get("after_worked_minutes", 0))
            late = [
                run.span for run in claim([replace(run, code=None) for run in day_runs], [(after, "late")]) if run.code
            ]
            around = Span(day_runs[0].span.start, day_runs[-1].span.end)
            for window in windows(rule, around, context.calendar.zone, context.holidays):
                inside = sum(piece.common(window).length for piece in late)
                if inside and inside >= seconds(rule.get("minimum_minutes", 0)):
                    found[day, rule["pay_code"]] = found.get((day, rule["pay_code"]), 0) + inside
    return found
