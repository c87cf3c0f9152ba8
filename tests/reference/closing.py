"""What becomes of sessions without a clock_out: no time until corrected, or closed as the policy says."""

from tests.reference.breaks import UNPAID, kind_of_break
from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.matching import Planned, scheduled_by_day
from tests.reference.pairing import Mark, Note, Session, WorkedShift
from tests.reference.times import Span, seconds, without


def close_sessions(
    shift: WorkedShift, matched: Planned | None, planned: list[Planned], case: Case, calendar: Calendar
) -> list[Note]:
    """Ends the sessions that can be closed and says what a person must look at."""
    notes = []
    day = calendar.workday(shift.start)
    longest = seconds(calendar.rule("pairing.max_shift_minutes", day))
    for session in shift.sessions:
        if session.end:
            continue
        at = closing_instant(session, shift, matched, planned, case, calendar)
        if at is not None:
            close(session, at)
            notes.append(Note("auto_clock_out", at, shift))
        elif session.left_open_at is not None:
            notes.append(Note("missing_clock_out", session.start.at, shift))
        elif case.now > shift.first + longest:
            notes.append(Note("open_session", session.start.at, shift))
    return notes


def close(session: Session, at: int) -> None:
    session.end = Mark("closed", at)
    session.breaks = [taken for taken in session.breaks if taken.start.at < at]
    for taken in session.breaks:
        if taken.end is None or taken.end.at > at:
            taken.end = session.end


def closing_instant(
    session: Session,
    shift: WorkedShift,
    matched: Planned | None,
    planned: list[Planned],
    case: Case,
    calendar: Calendar,
) -> int | None:
    """Not before the session began, not later than the punch that left it open, not in the future."""
    day = calendar.workday(shift.start)
    rule = calendar.rule("pairing.open_session", day)
    latest = case.now if session.left_open_at is None else session.left_open_at
    if rule == "exclude":
        return None
    if rule == "close_at_scheduled_end":
        return matched.end if matched and session.start.at < matched.end <= latest else None
    expected = scheduled_by_day(planned, case, calendar).get(day, 0)
    open_for = expected + seconds(rule["close_after_worked_over_expected_minutes"])
    scheduled_breaks = [pause for plan in planned for pause in plan.scheduled.unpaid_breaks]
    for earlier in shift.sessions[: shift.sessions.index(session)]:
        if earlier.end:
            open_for -= sum(piece.length for piece in work_of(earlier, earlier.end.at, scheduled_breaks, calendar))
    for piece in work_of(session, latest, scheduled_breaks, calendar):
        if piece.length >= open_for:
            return piece.start + max(0, open_for)
        open_for -= piece.length
    return None


def work_of(session: Session, end: int, scheduled_breaks: list[Span], calendar: Calendar) -> list[Span]:
    """The session until `end` without its unpaid breaks and without scheduled ones."""
    day = calendar.workday(session.start.at)
    duty = end - session.start.at
    holes = [Span(b.start.at, b.end.at if b.end else end) for b in session.breaks]
    unpaid = [
        hole
        for taken, hole in zip(session.breaks, holes, strict=True)
        if kind_of_break(taken.type, hole.length, duty, calendar, day) == UNPAID
    ]
    return without(Span(session.start.at, end), unpaid + scheduled_breaks)
