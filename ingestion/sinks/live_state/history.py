"""What is kept of the punches that were recorded under one id (an employee's, or a badge's). Pure.

Punches are kept by their instants, corrections and voids by their place in the log: one that moves a punch by weeks must
stay as long as the punch that it replaces.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from uuid import UUID

import msgspec

from timecontrol.contracts.badges import BADGE_PREFIX
from timecontrol.contracts.punch import Punch, PunchKind

# Punches that are kept: more than a week of four a day, so that a correction of last week still fits in.
KEPT_PUNCHES = 48
# Corrections and voids that are kept.
KEPT_REPLACEMENTS = 48

# A chain of corrections deeper than this is a circle, and its event counts: as is_in_force() of the models has it.
DEEPEST_CHAIN = 50

# Versions of a row of the legacy punch table replace each other for good: its delete is a void of the newest and brings
# back none.
LEGACY_SOURCE = "legacy_hr"


class RecentPunch(msgspec.Struct, frozen=True, array_like=True):
    """What of a punch decides the state; `device_user` is known of punches that were recorded under a badge."""

    event_id: UUID
    kind: PunchKind
    occurred_at: datetime
    break_type: str | None
    site_id: str | None
    device_id: str
    source: str
    offset: int = 0
    device_user: str | None = None

    @property
    def second(self) -> int:
        """The second in which it was made, since 1970: time is counted in whole seconds."""
        return int(self.occurred_at.timestamp())


class Replacement(msgspec.Struct, frozen=True, array_like=True):
    """An event that takes another out; `for_good`: also when it is itself replaced."""

    event_id: UUID
    target: UUID
    for_good: bool
    offset: int


class History(msgspec.Struct, frozen=True):
    """The newest punches recorded under one id, in their order, and the newest replacements that came with them."""

    punches: list[RecentPunch] = []
    replacements: list[Replacement] = []


def with_events(history: History, arrived: Iterable[tuple[Punch, int]]) -> History:
    """The history with these events (each with its offset in the log); of a repeated event the first stays.

    What is kept does not depend on the order in which events arrive.
    """
    punches = {punch.event_id: punch for punch in history.punches}
    replacements = {each.event_id: each for each in history.replacements}
    for event, offset in arrived:
        if event.event_id in punches or event.event_id in replacements:
            continue
        if event.voids is None:
            punches[event.event_id] = recent(event, offset)
        target = event.voids or event.supersedes
        if target is not None:
            for_good = event.supersedes is not None and event.source == LEGACY_SOURCE
            replacements[event.event_id] = Replacement(event.event_id, target, for_good, offset)
    return History(
        punches=in_order(punches.values())[-KEPT_PUNCHES:],
        replacements=sorted(replacements.values(), key=lambda each: (each.offset, each.event_id))[-KEPT_REPLACEMENTS:],
    )


def recent(punch: Punch, offset: int) -> RecentPunch:
    """The part of a punch that is kept."""
    badge_user = (punch.attributes or {}).get("device_user") if punch.employee_id.startswith(BADGE_PREFIX) else None
    return RecentPunch(
        event_id=punch.event_id,
        kind=punch.kind,
        occurred_at=punch.occurred_at.astimezone(UTC),
        break_type=punch.break_type,
        site_id=punch.site_id,
        device_id=punch.device_id,
        source=punch.source,
        offset=offset,
        device_user=badge_user if isinstance(badge_user, str) else None,
    )


def in_order(punches: Iterable[RecentPunch]) -> list[RecentPunch]:
    """The punches by their instants, at one instant as recorded."""
    return sorted(punches, key=lambda punch: (punch.occurred_at, punch.offset, punch.event_id.bytes))


def replaced(replacements: Iterable[Replacement]) -> frozenset[UUID]:
    """The events that do not count: each that an event in force replaces. A void of a correction brings back its target."""
    by_target: defaultdict[UUID, set[Replacement]] = defaultdict(set)
    for each in replacements:
        by_target[each.target].add(each)

    @cache
    def is_in_force(event_id: UUID, depth: int) -> bool:
        later: Sequence[Replacement] = tuple(by_target.get(event_id, ()))
        return depth > DEEPEST_CHAIN or not any(
            each.for_good or is_in_force(each.event_id, depth + 1) for each in later
        )

    return frozenset(target for target in list(by_target) if not is_in_force(target, 0))
