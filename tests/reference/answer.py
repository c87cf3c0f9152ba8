"""The rows of section 4: minutes with their fractions, instants as local ISO with offset."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tests.reference.breaks import UNPAID
from tests.reference.case import read_case
from tests.reference.claims import Run
from tests.reference.evaluate import Counted, Result, evaluate
from tests.reference.outcomes import outcome
from tests.reference.sums import Row, day_rows, summed
from tests.reference.times import seconds

Iso = Callable[[int | None], str | None]


def answer(written: dict[str, Any], policies: Path) -> Row:
    """What the reference computes for a case as it is written."""
    try:
        case = read_case(written, policies)
    except ValueError as error:
        return {"error": str(error)}
    result = evaluate(case)

    def iso(at: int | None) -> str | None:
        return None if at is None else datetime.fromtimestamp(at, case.zone).isoformat()

    days = day_rows(result, iso)
    weeks: dict[date, list[Row]] = {}
    for day, row in days.items():
        weeks.setdefault(result.calendar.week(day), []).append(row)
    return {
        "total": summed(days.values()),
        "days": {str(day): row for day, row in sorted(days.items())},
        "weeks": {str(week): summed(rows) for week, rows in sorted(weeks.items())},
        "worked_shifts": [shift_row(result, index, iso) for index in range(len(result.counted))],
        "sessions": [row for one in result.counted for row in session_rows(one, result.runs, iso)],
        "shift_outcomes": [
            {
                "shift_start": iso(one.plan.start),
                "shift_end": iso(one.plan.end),
                "outcome": outcome(one, case, result.calendar),
                "window_start": iso(one.plan.window.start),
                "window_end": iso(one.plan.window.end),
            }
            for one in result.attendances
        ],
        "findings": [
            {
                "rule": found.rule,
                "date": str(found.date),
                "status": found.status,
                "reason": found.reason,
                "required_minutes": compared(found.rule, found.required),
                "actual_minutes": compared(found.rule, found.actual),
            }
            for found in result.findings
        ],
        "exceptions": [
            {
                "kind": note.kind,
                "at": iso(note.at),
                "date": str(note.day or result.calendar.workday(note.shift.start if note.shift else note.at)),
            }
            for note in sorted(result.notes, key=lambda note: note.at)
        ],
        "pay_lines": [
            {"date": str(day), "pay_code": code, "minutes": amount}
            for day, row in sorted(days.items())
            for code, amount in row["pay"].items()
        ],
    }


def compared(rule: str, value: float | None) -> float | None:
    """Minutes; consecutive days are a number of days."""
    return value if value is None or rule == "consecutive_days" else value / 60


def shift_row(result: Result, index: int, iso: Iso) -> Row:
    one = result.counted[index]
    before = result.counted[index - 1].shift.end if index else None
    rest = result.calendar.rule("compliance.daily_rest", one.date)
    return {
        "date": str(one.date),
        "start": iso(one.shift.start),
        "end": iso(one.shift.end),
        "session_count": len(one.shift.sessions),
        "matched_shift_start": iso(one.matched.start) if one.matched else None,
        "rest_before_minutes": None if before is None else (one.shift.start - before) / 60,
        "earliest_next_start": iso(one.shift.end + seconds(rest["minutes"])) if rest and one.shift.end else None,
    }


def session_rows(one: Counted, runs: list[Run], iso: Iso) -> Iterable[Row]:
    for session in one.shift.sessions:
        own = [piece for piece in one.rounded if piece.session is session]
        rounded = [own[0].span.start, own[-1].span.end] if own and session.end else [None, None]
        yield {
            "in": iso(session.start.at),
            "out": iso(session.end.at) if session.end else None,
            "rounded_in": iso(rounded[0]),
            "rounded_out": iso(rounded[1]),
            "worked_minutes": sum(run.span.length for run in runs if run.session is session) / 60,
            "breaks": [
                {
                    "start": iso(piece.taken.start.at),
                    "end": iso(piece.taken.end.at if piece.taken.end else session.end.at if session.end else None),
                    "rounded_start": iso(piece.span.start),
                    "rounded_end": iso(piece.span.end),
                    "type": piece.taken.type,
                    "paid": piece.kind != UNPAID,
                }
                for piece in own
                if piece.taken
            ],
            "deductions": [
                {"from": iso(p.span.start), "to": iso(p.span.end)}
                for p in sorted(one.adjusted.deducted, key=lambda piece: piece.span)
                if p.session is session
            ],
        }
