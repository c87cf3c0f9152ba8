"""What becomes of sessions without a clock_out: no time until corrected, or closed as the policy says."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

from tests.reference.breaks import UNPAID
from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.matching import Planned, scheduled_by_day
from tests.reference.pairing import Mark, Note, Session, WorkedShift
from tests.reference.timeline import Piece, last_seen, raw_pieces
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
    target = expected + seconds(rule["close_after_worked_over_expected_minutes"])
    scheduled_breaks = [pause for plan in planned for pause in plan.scheduled.unpaid_breaks]
    earliest = max(last_seen(shift), session.start.at + 1)
    ends = [at for at in changes(session, shift, calendar, day) if earliest < at <= latest]
    for first, after in pairwise([earliest, *ends, latest + 1]):
        closed = Mark("closed", after - 1)
        as_if_closed = replace(shift, sessions=[*shift.sessions[:-1], replace(session, end=closed)])
        at = enough_work(raw_pieces(as_if_closed, calendar, day), scheduled_breaks, target)
        if at is not None and first <= at:
            return at
    return None


def enough_work(pieces: list[Piece], scheduled_breaks: list[Span], target: int) -> int | None:
    """Where the work outside scheduled breaks reaches the target; one of nothing is reached before anything is worked."""
    for piece in pieces if target else []:
        for work in without(piece.span, scheduled_breaks) if piece.kind != UNPAID else []:
            if work.length >= target:
                return work.start + target
            target -= work.length
    return None


def changes(session: Session, shift: WorkedShift, calendar: Calendar, day: date) -> list[int]:
    """From when on the worked shift would end with other breaks than a moment before.

    The duty is long enough for a sleep to be none of it, or the break that has not ended is too long to count as it did.
    """
    sleep = calendar.rule("breaks.sleep", day)
    counted = [other.start.at for other in shift.sessions if other.end] + [session.start.at]
    found = [counted[0] + seconds(sleep["min_duty_minutes"])] if sleep else []
    if session.breaks and not session.breaks[-1].end:
        keys = ("minimum_counted_minutes", "meal_unpaid_from_minutes", "rest_paid_up_to_minutes")
        lengths = [calendar.rule(f"breaks.{key}", day) for key in keys]
        lengths += [sleep["min_sleep_minutes"]] if sleep else []
        # A rest is paid up to its length and changes a second later, other breaks change at theirs.
        found += [session.breaks[-1].start.at + seconds(n) + more for n in lengths if n is not None for more in (0, 1)]
    return sorted(set(found))
