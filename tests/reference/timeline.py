"""The time of a worked shift as pieces, one after the other: work, and breaks that are work, paid or unpaid."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from tests.reference.breaks import UNPAID, WORK, kind_of_break
from tests.reference.calendar import Calendar
from tests.reference.matching import Planned
from tests.reference.pairing import Break, Mark, Session, WorkedShift
from tests.reference.rounding import rounded_punch, rounded_total
from tests.reference.times import Span, seconds


@dataclass(frozen=True)
class Piece:
    """`kind` is work, paid (a break that is paid) or unpaid; `taken` is the break, `session` the session around it."""

    span: Span
    kind: str
    session: Session | None
    taken: Break | None = None

    def moved(self, start: int, end: int) -> "Piece":
        return replace(self, span=Span(start, max(start, end)))


Between = tuple[Mark, Mark, Session | None, Break | None]


def last_out(shift: WorkedShift) -> Mark | None:
    ends = [session.end for session in shift.sessions if session.end] + shift.outs
    return max(ends, key=lambda mark: mark.at, default=None)


def last_seen(shift: WorkedShift) -> int:
    """Its end; while it is open, its last punch."""
    ends = [mark for session in shift.sessions for taken in session.breaks for mark in (taken.start, taken.end) if mark]
    starts = [session.start for session in shift.sessions]
    return shift.end if shift.end is not None else max(mark.at for mark in starts + ends + shift.outs)


def between_punches(shift: WorkedShift) -> list[Between]:
    """Beside each piece its session and, where it is one, the break. A session that does not count has no piece."""
    counted = [session for session in shift.sessions if session.end]
    pieces: list[Between] = []
    for session in shift.sessions:
        if session.gap_from and pieces and counted[-1].start.at >= session.start.at:
            pieces.append((session.gap_from, session.start, None, Break("meal", session.gap_from, session.start)))
        if not session.end:
            continue
        at = session.start
        for taken in session.breaks:
            end = taken.end or session.end
            pieces += [(at, taken.start, session, None), (taken.start, end, session, taken)]
            at = end
        pieces.append((at, session.end, session, None))
    return pieces


def without_holes(pieces: list[Between], shift: WorkedShift) -> list[Between]:
    """All between the first in and the last out, also what a missing punch leaves uncertain."""
    out = last_out(shift)
    if not shift.sessions or not out:
        return []
    start = shift.sessions[0].start
    filled: list[Between] = []
    for piece in [*pieces, (out, out, None, None)]:
        at = filled[-1][1] if filled else start
        begins = [session.start for session in shift.sessions if at.at < session.start.at < piece[0].at]
        for first, last in pairwise([at, *begins, piece[0]]):
            around = [session for session in shift.sessions if session.start.at <= first.at][-1]
            filled += [(first, last, None if around.end else around, None)] if first.at < last.at else []
        filled.append(piece)
    return filled


def lay_out(
    shift: WorkedShift, calendar: Calendar, day: date, place: Callable[[Mark], int], not_before: int = 0
) -> list[Piece]:
    """Pieces with their ends where `place` puts them, never negative and none over the one before."""
    between = between_punches(shift)
    all_counts = calendar.rule("pairing.hours_from", day) == "first_in_last_out"
    if all_counts:
        between = without_holes(between, shift)
    duty = between[-1][1].at - between[0][0].at if between else 0
    sleep = calendar.rule("breaks.sleep", day)
    sleep_left = seconds(sleep["max_excluded_minutes"]) if sleep else 0
    pieces = []
    for first, last, session, taken in between:
        start = max(not_before, place(first))
        not_before = max(start, place(last))
        kind = WORK
        if taken and not all_counts:
            kind = kind_of_break(taken.type, last.at - first.at, duty, calendar, day)
        piece = Piece(Span(start, not_before), kind, session, taken)
        if sleep and taken and taken.type == "sleep" and kind == UNPAID:
            cut = min(not_before, start + sleep_left)
            sleep_left -= cut - start
            pieces += [piece.moved(start, cut), Piece(Span(cut, not_before), WORK, session)]
        else:
            pieces.append(piece)
    return pieces


def raw_pieces(shift: WorkedShift, calendar: Calendar, day: date) -> list[Piece]:
    """As it was punched."""
    return lay_out(shift, calendar, day, lambda mark: mark.at)


def rounded_pieces(
    shift: WorkedShift, matched: Planned | None, calendar: Calendar, day: date, not_before: int
) -> list[Piece]:
    """With each punch where it counts."""
    return lay_out(shift, calendar, day, lambda mark: rounded_punch(mark, matched, calendar, day), not_before)


def with_totals(pieces: list[Piece], shift: WorkedShift, calendar: Calendar, day: date) -> list[Piece]:
    """Then each session's total rounded, then that of the breaks."""
    for session in shift.sessions:
        pieces = with_session_total(pieces, session, calendar, day)
    return with_break_total(pieces, calendar, day)


def with_session_total(pieces: list[Piece], session: Session, calendar: Calendar, day: date) -> list[Piece]:
    """Out − in of the session; the seconds cut or added are its last."""
    rule = calendar.rule("rounding.session_total", day)
    own = [piece for piece in pieces if piece.session is session]
    if not own or not rule:
        return pieces
    start, end = own[0].span.start, own[-1].span.end
    rounded_end = start + rounded_total(end - start, rule)
    result = []
    for piece in pieces:
        inside = piece.session is session
        result.append(
            piece.moved(min(piece.span.start, rounded_end), min(piece.span.end, rounded_end)) if inside else piece
        )
        if piece is own[-1] and rounded_end > end:
            result.append(Piece(Span(end, rounded_end), WORK, session))
    return result


def with_break_total(pieces: list[Piece], calendar: Calendar, day: date) -> list[Piece]:
    """All unpaid breaks together; the seconds cut or added are their last, given to or taken from the work right after them."""
    pieces = [piece for piece in pieces if piece.span.length]
    total = sum(piece.span.length for piece in pieces if piece.kind == UNPAID)
    change = rounded_total(total, calendar.rule("rounding.break_total", day)) - total
    result: list[Piece] = []  # from the last piece to the first
    for piece in reversed(pieces):
        end = piece.span.end
        if piece.kind == UNPAID and change < 0:
            end = max(piece.span.start, end + change)
            result.append(Piece(Span(end, piece.span.end), WORK, piece.session))
        elif piece.kind == UNPAID and change > 0 and result and is_work_from(result[-1], end):
            after = result.pop()
            end = min(after.span.end, end + change)
            result.append(after.moved(end, after.span.end))
        change -= end - piece.span.end
        result.append(piece.moved(piece.span.start, end))
    return result[::-1]


def is_work_from(piece: Piece, at: int) -> bool:
    return piece.kind == WORK and piece.span.start == at
