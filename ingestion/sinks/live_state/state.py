"""From an employee's newest punches to the state that the live board shows. Pure; the order is that of the punches' instants.

The rules are those of policies.md with the defaults of its parameters: the live board shows who is there, hours and
findings come from the marts, which know each employee's own policy.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

from timecontrol.contracts.punch import Punch, PunchKind
from timecontrol.serving.live_keys import LiveStateName

# `pairing.repeat_within_seconds`, `pairing.new_shift_after_gap_minutes`, `pairing.max_shift_minutes`: their defaults.
REPEAT_WITHIN = timedelta(seconds=60)
NEW_SHIFT_AFTER_GAP = timedelta(minutes=240)
MAX_SHIFT = timedelta(minutes=960)

# Punches of one employee that are kept: more than a week of four a day, so that a correction of last week still fits in.
KEPT_PUNCHES = 48

# Punches at one instant are taken in this order.
ORDER_AT_ONE_INSTANT: dict[PunchKind, int] = {
    "break_end": 0,
    "clock_out": 1,
    "clock_in": 2,
    "break_start": 3,
    "unknown": 4,
}


class RecentPunch(msgspec.Struct, frozen=True, array_like=True):
    """What of a punch decides the state."""

    event_id: UUID
    kind: PunchKind
    occurred_at: datetime
    break_type: str | None
    site_id: str | None
    device_id: str
    source: str
    supersedes: UUID | None
    voids: UUID | None


class LiveState(msgspec.Struct, frozen=True):
    """One employee now: `since` is the instant of the punch that began the state, `session_since` that of the clock_in."""

    state: LiveStateName = "out"
    since: datetime | None = None
    session_since: datetime | None = None
    last: RecentPunch | None = None


def recent(punch: Punch) -> RecentPunch:
    """The part of a punch that is kept."""
    return RecentPunch(
        event_id=punch.event_id,
        kind=punch.kind,
        occurred_at=punch.occurred_at.astimezone(UTC),
        break_type=punch.break_type,
        site_id=punch.site_id,
        device_id=punch.device_id,
        source=punch.source,
        supersedes=punch.supersedes,
        voids=punch.voids,
    )


def merged(kept: Sequence[RecentPunch], arrived: Iterable[RecentPunch]) -> list[RecentPunch]:
    """The newest punches of both, in the order in which they count; of a repeated event the first stays."""
    by_id = {punch.event_id: punch for punch in kept}
    for punch in arrived:
        by_id.setdefault(punch.event_id, punch)
    return sorted(by_id.values(), key=_order)[-KEPT_PUNCHES:]


def state_of(punches: Sequence[RecentPunch]) -> LiveState:
    """The state after the punches, which stand in the order of `merged`; replaced and voided ones do not count."""
    gone = {punch.supersedes for punch in punches} | {punch.voids for punch in punches}
    state = LiveState()
    shift_start: datetime | None = None
    for punch in punches:
        if punch.event_id in gone or punch.voids is not None or _is_repeat(punch, state.last):
            continue
        if shift_start is None or _begins_new_shift(punch, shift_start, state):
            shift_start = punch.occurred_at
            state = LiveState(last=state.last)
        state = _after(state, punch)
    return state


def _order(punch: RecentPunch) -> tuple[datetime, int, bytes]:
    return punch.occurred_at, ORDER_AT_ONE_INSTANT[punch.kind], punch.event_id.bytes


def _is_repeat(punch: RecentPunch, used: RecentPunch | None) -> bool:
    if used is None or punch.occurred_at - used.occurred_at > REPEAT_WITHIN:
        return False
    return punch.kind in (used.kind, "unknown")


def _begins_new_shift(punch: RecentPunch, shift_start: datetime, state: LiveState) -> bool:
    if punch.occurred_at - shift_start > MAX_SHIFT:
        return True
    # Only after a clock_out there is off time: an open session has no gap.
    return state.state == "out" and state.since is not None and punch.occurred_at - state.since >= NEW_SHIFT_AFTER_GAP


def _after(state: LiveState, punch: RecentPunch) -> LiveState:
    at = punch.occurred_at
    kind = _direction(punch.kind, state.state)
    if kind == "clock_in":
        return LiveState("in", since=at, session_since=at, last=punch)
    if kind == "clock_out":
        return LiveState("out", since=at, last=punch)
    if kind == "break_start":
        return LiveState("break", since=at, session_since=state.session_since or at, last=punch)
    if state.state == "break":
        return LiveState("in", since=at, session_since=state.session_since, last=punch)
    # A break_end without a break is unused.
    return state


def _direction(kind: PunchKind, state: LiveStateName) -> PunchKind:
    """The kind as it counts: an `unknown` punch takes the opposite of the state before it."""
    if kind != "unknown":
        return kind
    opposite: dict[LiveStateName, PunchKind] = {"out": "clock_in", "in": "clock_out", "break": "break_end"}
    return opposite[state]
