"""What becomes of sessions without a clock_out: no time until corrected, or closed as the policy says."""

from dataclasses import replace

from tests.reference.breaks import UNPAID
from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.matching import Planned, scheduled_by_day
from tests.reference.pairing import Mark, Note, Session, WorkedShift
from tests.reference.timeline import last_seen, raw_pieces
from tests.reference.times import seconds, without


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
            session.end = Mark("closed", at)
            notes.append(Note("auto_clock_out", at, shift))
        elif session.left_open_at is not None:
            notes.append(Note("missing_clock_out", session.start.at, shift))
        elif case.now > shift.first + longest:
            notes.append(Note("open_session", session.start.at, shift))
    return notes


def still_in(shift: WorkedShift, case: Case, calendar: Calendar) -> bool:
    """Whether its last session may still get its clock_out."""
    longest = seconds(calendar.rule("pairing.max_shift_minutes", calendar.workday(shift.first)))
    waits = shift.end is None and shift.sessions[-1].left_open_at is None
    return waits and case.now <= shift.first + longest


def closing_instant(
    session: Session,
    shift: WorkedShift,
    matched: Planned | None,
    planned: list[Planned],
    case: Case,
    calendar: Calendar,
) -> int | None:
    """Not before its last punch, not in the future, and not where a clock_in followed: that time does not count."""
    day = calendar.workday(shift.start)
    rule = calendar.rule("pairing.open_session", day)
    latest = case.now if session.left_open_at is None else session.left_open_at
    if rule == "exclude" or session is not shift.sessions[-1]:
        return None
    if rule == "close_at_scheduled_end":
        return matched.end if matched and last_seen(shift) < matched.end <= latest else None
    expected = scheduled_by_day(planned, case, calendar).get(day, 0)
    open_for = expected + seconds(rule["close_after_worked_over_expected_minutes"])
    scheduled_breaks = [pause for plan in planned for pause in plan.scheduled.unpaid_breaks]
    as_if_closed = replace(shift, sessions=[*shift.sessions[:-1], replace(session, end=Mark("closed", latest))])
    for piece in raw_pieces(as_if_closed, calendar, day):
        for work in without(piece.span, scheduled_breaks) if piece.kind != UNPAID else []:
            at = work.start + open_for
            if at <= work.end:
                return at if session.start.at < at and last_seen(shift) <= at else None
            open_for -= work.length
    return None
