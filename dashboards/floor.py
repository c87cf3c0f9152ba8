"""Who is on the floor: from presence, shifts and the policies' tolerances to one status for each person. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

from dashboards.words import BREAK_TYPES, so_far
from timecontrol.serving.live_keys import LiveStateName

# A policy that sets no `shift.no_show_after_minutes` calls nobody a no-show; the board still has to say who is missing.
MISSING_AFTER = timedelta(minutes=60)
# Lateness is said in minutes; less than one is not worth a word.
WORTH_A_WORD = timedelta(seconds=59)


#: The fields of a `live:` hash that the board reads, in the order of `presence_of`.
LIVE_FIELDS = ["state", "since", "session_since", "break_type", "counts_until"]


@dataclass(frozen=True)
class Presence:
    """One employee now.

    Attributes:
        since: since when in this state.
        came_at: the clock in of the session, where it is known.
        counts_until: who is in and beyond this instant forgot to clock out, and says nothing of now.
    """

    state: LiveStateName
    since: datetime | None
    came_at: datetime | None = None
    break_type: str = ""
    counts_until: datetime | None = None


def presence_of(values: Sequence[bytes | None]) -> Presence:
    """A hash of the live state, its fields in the order of LIVE_FIELDS; see docs/redis-live-keys.md."""
    state, since, came_at, break_type, counts_until = ((value or b"").decode() for value in values)
    return Presence(
        cast(LiveStateName, state), instant(since), instant(came_at), break_type, counts_until=instant(counts_until)
    )


def instant(text: str) -> datetime | None:
    """The instant that a field of the live state holds; None where it is empty."""
    return datetime.fromisoformat(text) if text else None


class Status(NamedTuple):
    """A status of the board: its word, its signs in text and on a tile, its meaning."""

    title: str
    sign: str
    icon: str
    meaning: str


#: In the order in which they want attention.
STATUSES = {
    "missing": Status(
        "Missing",
        "✖",
        ":material/person_alert:",
        "The shift began longer ago than the policy waits (else one hour), and no punch came",
    ),
    "late": Status("Late", "▲", ":material/alarm:", "The shift has begun, its grace is over, and no punch came yet"),
    "break": Status("On break", "◒", ":material/coffee:", "Clocked in and on a break"),
    "in": Status("In", "●", ":material/work:", "Clocked in and at work"),
    "forgotten": Status(
        "No clock out",
        "?",
        ":material/question_mark:",
        "In for longer than the policy's longest shift: the clock out was forgotten",
    ),
    "left": Status("Left", "○", ":material/logout:", "Came and clocked out before the shift ends"),
    "expected": Status("Expected", "◌", ":material/schedule:", "The shift begins within two hours, or has just begun"),
}


class Shift(NamedTuple):
    """A scheduled shift that is under way or begins soon."""

    start: datetime
    end: datetime


class Tolerance(NamedTuple):
    """What a policy allows: from when a person is late, from when missing."""

    grace: timedelta = timedelta()
    missing_after: timedelta = MISSING_AFTER


@dataclass(frozen=True)
class Placed:
    """A person on the board.

    Attributes:
        since: since when the status holds: the punch, or for those awaited the start of the shift.
        note: what else there is to say.
    """

    status: str
    since: datetime | None
    note: str = ""


def tolerances(rows: Iterable[Mapping[str, Any]]) -> dict[str, Tolerance]:
    """Tolerances by policy from the rows of `queries.floor.tolerances`."""
    found: dict[str, Tolerance] = {}
    for row in rows:
        if row["value"] is None:
            continue
        known = found.get(row["policy"], Tolerance())
        minutes = timedelta(minutes=float(row["value"]))
        is_grace = row["parameter"] == "shift.late_grace_minutes"
        found[row["policy"]] = known._replace(grace=minutes) if is_grace else known._replace(missing_after=minutes)
    return found


def place(presence: Presence | None, shift: Shift | None, tolerance: Tolerance, now: datetime) -> Placed | None:
    """Where one person stands; None for those who are neither here nor awaited."""
    if presence is not None and is_forgotten(presence, now):
        if shift is None:
            return Placed("forgotten", presence.since, "see the day and propose a correction")
        presence = None
    if presence is not None and presence.state != "out":
        note = lateness(presence.came_at, shift, tolerance)
        if presence.state == "break":
            kind = BREAK_TYPES.get(presence.break_type, "Break")
            return Placed("break", presence.since, ", ".join(part for part in (f"{kind} break", note) if part))
        return Placed("in", presence.since, note or ("" if shift else "no shift now"))
    if shift is None:
        return None
    if presence is not None and presence.since is not None and presence.since > shift.start:
        return Placed("left", presence.since, f"{so_far((shift.end - presence.since).total_seconds())} before the end")
    waited = now - shift.start
    if waited > max(tolerance.missing_after, tolerance.grace):
        return Placed("missing", shift.start, f"{so_far(waited.total_seconds())} without a punch")
    if waited > tolerance.grace:
        return Placed("late", shift.start, f"{so_far(waited.total_seconds())} late so far")
    return Placed("expected", shift.start)


def is_forgotten(presence: Presence, now: datetime) -> bool:
    """Whether someone who is still in cannot be any more."""
    return presence.state != "out" and presence.counts_until is not None and now > presence.counts_until


def lateness(came_at: datetime | None, shift: Shift | None, tolerance: Tolerance) -> str:
    """How late a person who is here came to this shift; empty when in time."""
    if came_at is None or shift is None or came_at - shift.start <= max(tolerance.grace, WORTH_A_WORD):
        return ""
    return f"came {so_far((came_at - shift.start).total_seconds())} late"
