"""Automatic deductions and additions of a worked shift, on its pieces."""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from tests.reference.breaks import UNPAID, WORK
from tests.reference.calendar import Calendar
from tests.reference.timeline import Piece
from tests.reference.times import Span, seconds, union, without


@dataclass(frozen=True)
class Adjusted:
    """The work that is left, what was deducted from it, and what is added: as work and beside it."""

    work: list[Piece]
    deducted: list[Piece] = field(default_factory=list)
    added_work: list[Piece] = field(default_factory=list)
    added_paid: list[Piece] = field(default_factory=list)


def length(pieces: list[Piece]) -> int:
    return sum(piece.span.length for piece in pieces)


def adjust(pieces: list[Piece], scheduled_breaks: list[Span], calendar: Calendar, day: date) -> Adjusted:
    """First scheduled breaks, then automatic deductions, then additions."""
    work = [piece for piece in pieces if piece.kind != UNPAID]
    unpaid = [piece for piece in pieces if piece.kind == UNPAID]
    deducted: list[Piece] = []
    if calendar.rule("breaks.from_schedule", day):
        deducted = [replace(p, span=s) for p in work for b in union(scheduled_breaks) if (s := p.span.common(b)).length]
        work = [replace(p, span=s) for p in work for s in without(p.span, scheduled_breaks)]
    for amount, place in deductions(calendar.rule("breaks.auto_deduct", day) or [], length(work), pieces):
        taken, work = cut(work, amount, place)
        deducted += taken
    end = pieces[-1].span.end if pieces else 0
    added_work, added_paid = additions(
        calendar.rule("breaks.auto_add", day) or [], length(pieces) - length(unpaid), unpaid, end
    )
    return Adjusted(work, deducted, added_work, added_paid)


def deductions(entries: list[dict[str, Any]], worked: int, pieces: list[Piece]) -> list[tuple[int, int]]:
    """Of each entry that counts: how much, and after how much work. The largest counts, additive ones besides."""
    punched = length([piece for piece in pieces if piece.kind == UNPAID])
    given = []
    for entry in entries:
        basis = length(pieces) if entry.get("basis") == "gross" else worked
        trigger = seconds(entry["after_minutes"] if "after_minutes" in entry else entry["from_minutes"])
        if not (basis > trigger if "after_minutes" in entry else basis >= trigger):
            continue
        amount = seconds(entry["minutes"])
        if entry.get("counts_punched", True):
            amount = max(0, amount - punched)
        if entry.get("capped", False):
            amount = min(amount, basis - trigger)
        at_end = entry.get("place", "at_trigger") == "end"
        place = worked if at_end else worked_until(trigger, pieces) if entry.get("basis") == "gross" else trigger
        given.append((amount, place, entry.get("additive", False)))
    largest = sorted((one for one in given if not one[2]), key=lambda one: one[0], reverse=True)[:1]
    return [(amount, place) for amount, place, _ in largest + [one for one in given if one[2]]]


def worked_until(gross: int, pieces: list[Piece]) -> int:
    """How much work lies in the first `gross` seconds of presence."""
    worked = 0
    for piece in pieces:
        inside = min(piece.span.length, gross)
        gross -= inside
        worked += inside if piece.kind != UNPAID else 0
    return worked


def cut(work: list[Piece], amount: int, place: int) -> tuple[list[Piece], list[Piece]]:
    """The work from `place` on, or the last of it where less than the amount comes after it; and the work that is left."""
    first = max(0, min(place, length(work) - amount))
    taken, left, passed = [], [], 0
    for piece in work:
        start = piece.span.start + max(0, min(first - passed, piece.span.length))
        end = piece.span.start + max(0, min(first + amount - passed, piece.span.length))
        around = [Span(piece.span.start, start), Span(end, piece.span.end)] if start < end else [piece.span]
        taken += [replace(piece, span=Span(start, end))] if start < end else []
        left += [replace(piece, span=span) for span in around if span.length]
        passed += piece.span.length
    return taken, left


def additions(
    entries: list[dict[str, Any]], worked: int, unpaid: list[Piece], end: int
) -> tuple[list[Piece], list[Piece]]:
    """What is added as work and what is only paid; the largest entry counts, additive ones pool their minutes."""
    applying = [entry for entry in entries if worked > seconds(entry["after_minutes"])]
    pooled = [entry for entry in applying if entry.get("additive", False)]
    single = [[entry] for entry in applying if not entry.get("additive", False)]
    pools = [pool for pool in [*single, pooled] if pool]
    if not pools:
        return [], []
    best = max(pools, key=lambda pool: length(added_by(pool, unpaid, end)))
    added = added_by(best, unpaid, end)
    return (added, []) if best[0].get("counts_as_work", False) else ([], added)


def added_by(entries: list[dict[str, Any]], unpaid: list[Piece], end: int) -> list[Piece]:
    """The first seconds of the breaks that the entries are for; without `counts_punched` also seconds after the end."""
    breaks = [
        piece
        for piece in unpaid
        if piece.taken and any("types" not in entry or piece.taken.type in entry["types"] for entry in entries)
    ]
    amount = sum(seconds(entry["minutes"]) for entry in entries)
    beyond = max(0, amount - length(breaks))
    taken, _ = cut(breaks, amount - beyond, 0)
    if beyond and not all(entry.get("counts_punched", False) for entry in entries):
        taken.append(Piece(Span(end, end + beyond), WORK, None))
    return taken
