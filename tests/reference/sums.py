"""Minutes of each workday, and their sums."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from tests.reference.breaks import PAID, UNPAID
from tests.reference.claims import balance
from tests.reference.evaluate import Counted, Result, by_workday
from tests.reference.outcomes import early_by, late_by
from tests.reference.timeline import Piece
from tests.reference.times import seconds

ON_TOP = {"night_premium", "weekend_premium", "meal_premium", "rest_premium"}
SUMS = ["gross", "worked", "paid", "unpaid_break", "paid_break", "auto_deducted", "auto_added", "scheduled", "balance",
        "late", "early_leave"]  # fmt: skip
Row = dict[str, Any]
Days = dict[date, Row]


def summed(rows: Iterable[Row]) -> Row:
    total: Row = {f"{name}_minutes": 0.0 for name in SUMS} | {"pay": {}}
    for row in rows:
        for name in SUMS:
            total[f"{name}_minutes"] += row[f"{name}_minutes"]
        for code, minutes in row["pay"].items():
            total["pay"][code] = total["pay"].get(code, 0) + minutes
    return total


def add(days: Days, day: date, name: str, amount: float) -> None:
    """Seconds to a sum of the day, which begins with zeros."""
    days.setdefault(day, summed([]) | {"first_in": None, "last_out": None})[f"{name}_minutes"] += amount / 60


def day_rows(result: Result, iso: Callable[[int | None], str | None]) -> Days:
    """All days on which anything was worked, planned or paid."""
    days: Days = {}
    for one in result.counted:
        add_worked_shift(days, one, result, iso)
    for run in result.runs:
        add(days, run.date, "worked", run.span.length)
    for attendance in result.attendances:
        add(days, attendance.plan.date, "late", late_by(attendance, result.calendar))
        add(days, attendance.plan.date, "early_leave", early_by(attendance, result.calendar))
    for day, amount in result.context.scheduled.items():
        add(days, day, "scheduled", amount)
    base = [((run.date, run.code or ""), run.span.length) for run in result.runs]
    for (day, code), amount in [*base, *result.extra_pay.items()]:
        add(days, day, "paid", 0 if code in ON_TOP else amount)
        days[day]["pay"][code] = days[day]["pay"].get(code, 0) + amount / 60
    for day in list(days):
        add(days, day, "balance", balance(day, seconds(days[day]["worked_minutes"]), result.context))
    return days


def add_worked_shift(days: Days, one: Counted, result: Result, iso: Callable[[int | None], str | None]) -> None:
    """Its presence, breaks, deductions and additions; first in and last out stay with the day that it belongs to."""
    sums: dict[str, list[Piece]] = {
        "gross": one.pieces,
        "unpaid_break": [piece for piece in one.pieces if piece.kind == UNPAID],
        "paid_break": [piece for piece in one.pieces if piece.kind == PAID],
        "auto_deducted": one.adjusted.deducted,
        "auto_added": one.adjusted.added_work + one.adjusted.added_paid,
    }
    add(days, one.date, "gross", 0)
    for name, pieces in sums.items():
        for piece in pieces:
            for day, span in by_workday(one, piece.span, result.calendar):
                add(days, day, name, span.length)
    row = days[one.date]
    row["first_in"] = row["first_in"] or iso(one.shift.start)
    row["last_out"] = iso(one.shift.end) or row["last_out"]
