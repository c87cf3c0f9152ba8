"""What a person must look at in the breaks of a worked shift, and in the time worked in a day and a week."""

from datetime import date

from tests.reference.breaks import PAID, UNPAID
from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.claims import Run
from tests.reference.closing import still_in
from tests.reference.outcomes import Attendance, outcome
from tests.reference.pairing import Note, WorkedShift
from tests.reference.policy import Parameter
from tests.reference.timeline import Piece, last_out
from tests.reference.times import seconds


def of_type(limit: Parameter, break_type: str) -> int | None:
    """The seconds of a limit that is one number, or one for each type named."""
    minutes = limit.get(break_type) if isinstance(limit, dict) else limit
    return None if minutes is None else seconds(minutes)


def notes_of_breaks(shift: WorkedShift, pieces: list[Piece], day: date, case: Case, calendar: Calendar) -> list[Note]:
    """Of raw pieces; what counts as work is no break, and paid breaks are work where work is counted."""
    breaks = [piece for piece in pieces if piece.taken and piece.kind in {PAID, UNPAID}]
    notes = []
    for piece in breaks:
        longest = of_type(calendar.rule("breaks.long_after_minutes", day), type_of(piece))
        shortest = of_type(calendar.rule("breaks.short_below_minutes", day), type_of(piece))
        if longest is not None and piece.span.length > longest:
            notes.append(Note("long_break", piece.span.start, shift))
        if shortest is not None and piece.span.length < shortest:
            notes.append(Note("short_break", piece.span.start, shift))

    start_by = calendar.rule("breaks.meal_start_by_worked_minutes", day)
    meal = next((piece for piece in breaks if type_of(piece) == "meal"), None)
    before = pieces[: pieces.index(meal)] if meal else pieces
    if start_by is not None and work_of(before) > seconds(start_by):
        notes.append(Note("late_meal", meal.span.start if meal else shift.start, shift))
    if not still_in(shift, case, calendar):
        notes += notes_of_counts(shift, breaks, work_of(pieces), calendar.rule("breaks.count", day) or [])
    return notes


def type_of(piece: Piece) -> str:
    assert piece.taken
    return piece.taken.type


def work_of(pieces: list[Piece]) -> int:
    return sum(piece.span.length for piece in pieces if piece.kind != UNPAID)


def notes_of_counts(shift: WorkedShift, breaks: list[Piece], work: int, entries: Parameter) -> list[Note]:
    """One of each kind, however many entries ask for it; a bound counts until a later entry gives another."""
    too_few, beyond = False, []
    reached = [entry for entry in entries if work > seconds(entry["after_worked_minutes"])]
    for types in {frozenset(entry.get("types", [])) for entry in reached}:
        counted = [piece for piece in breaks if not types or type_of(piece) in types]
        same = [entry for entry in reached if frozenset(entry.get("types", [])) == types]
        least = [entry["at_least"] for entry in same if "at_least" in entry]
        most = [entry["at_most"] for entry in same if "at_most" in entry]
        too_few = too_few or bool(least and len(counted) < least[-1])
        beyond += [piece.span.start for piece in counted[most[-1] :][:1]] if most else []
    notes = [Note("too_few_breaks", shift.start, shift)] if too_few else []
    return notes + ([Note("too_many_breaks", min(beyond), shift)] if beyond else [])


def notes_of_totals(runs: list[Run], scheduled: dict[date, int], calendar: Calendar) -> list[Note]:
    """Days and weeks that passed a mark, at the last out of the worked shift that passed it."""
    notes = []
    for day in sorted({run.date for run in runs}):
        week = calendar.week(day)
        planned = [amount for other, amount in scheduled.items() if calendar.week(other) == week]
        before = sum(run.span.length for run in runs if calendar.week(run.date) == week and run.date < day)
        marks = [
            ("over_scheduled", 0, scheduled.get(day), calendar.rule("shift.over_scheduled_minutes", day)),
            ("over_daily_time", 0, 0, calendar.rule("exceptions.daily_worked_over_minutes", day)),
            (
                "over_weekly_scheduled",
                before,
                sum(planned) if planned else None,
                calendar.rule("shift.over_weekly_scheduled_minutes", week),
            ),
            ("over_weekly_time", before, 0, calendar.rule("exceptions.weekly_worked_over_minutes", week)),
        ]
        for kind, so_far, expected, over in marks:
            if expected is None or over is None:
                continue
            mark, total = expected + seconds(over), so_far
            for run in sorted((run for run in runs if run.date == day), key=lambda run: run.span):
                total += run.span.length
                if total - run.span.length <= mark < total:
                    notes.append(Note(kind, out_of(run.shift), run.shift, day))
    return notes


def notes_of_missing_time(
    runs: list[Run],
    scheduled: dict[date, int],
    attendances: dict[date, list[Attendance]],
    present: list[tuple[date, WorkedShift]],
    case: Case,
    calendar: Calendar,
) -> list[Note]:
    """Days with less work than planned, when nothing of them may change any more; `present` are worked shifts by workday."""
    notes = []
    for day, amount in scheduled.items():
        limit = calendar.rule("shift.under_scheduled_minutes", day)
        own = sorted((run for run in runs if run.date == day), key=lambda run: run.span)
        missing = amount - sum(run.span.length for run in own)
        shifts = [shift for on, shift in present if on == day]
        shifts += [shift for attendance in attendances[day] for shift in attendance.shifts]
        pending = any(outcome(attendance, case, calendar) == "pending" for attendance in attendances[day])
        if limit is None or missing <= seconds(limit) or day in case.holidays or pending:
            continue
        if not any(still_in(shift, case, calendar) for shift in shifts):
            shift = own[-1].shift if own else None
            start = min(attendance.plan.start for attendance in attendances[day])
            notes.append(Note("under_scheduled", out_of(shift) if shift else start, shift, day))
    return notes


def out_of(shift: WorkedShift) -> int:
    """Its last out; what is worked has one."""
    out = last_out(shift)
    assert out
    return out.at
