"""Changes of HR and of the User Core: profiles of people and sites, badges, policies; and whose state may follow from them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog

from ingestion.sinks.live_state import badges, policies
from ingestion.sinks.live_state.commands import Command, Reader
from ingestion.sinks.live_state.documents import Documents, Kind
from ingestion.sinks.live_state.hr_rows import PartitionRows, RowId
from ingestion.sinks.live_state.kinds import (
    ASSIGNMENTS,
    BADGES_HELD,
    DEVICE_USERS,
    EMPLOYEES,
    HR_BADGES,
    PAIRING,
    SITES,
)
from ingestion.sinks.live_state.profiles import (
    HR_ENTITIES,
    Entity,
    Parts,
    hr_identity,
    hr_policy,
    profile,
    with_core,
    with_hr,
)
from timecontrol.contracts.badges import ANY_DEVICE, Badge
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.hr_change import MARKERS, HrChange
from timecontrol.serving.live_keys import SITES_KEY, policy_people_key, profile_key, site_key

log = structlog.get_logger()

Row = dict[str, Any]

PARTS: dict[Entity, Kind[Parts]] = {"employee": EMPLOYEES, "site": SITES}


@dataclass
class Touched:
    """Whose state may have changed: people, and all who ever had a policy; and who has a policy from now on."""

    people: set[str] = field(default_factory=set)
    policies: set[str] = field(default_factory=set)
    assigned: set[tuple[str, str]] = field(default_factory=set)

    def assign(self, policy: str | None, employee_id: str) -> None:
        """An employee has a policy, at some date."""
        self.people.add(employee_id)
        if policy is not None:
            self.assigned.add((policy, employee_id))

    def commands(self) -> Iterator[Command]:
        """The commands that remember who has which policy."""
        for policy, employee_id in sorted(self.assigned):
            yield "SADD", policy_people_key(policy), employee_id


def project_core(known: Documents, touched: Touched, changes: Sequence[CoreChange]) -> None:
    """Take in changes of the User Core; those that nothing here follows from are passed over."""
    known.load(EMPLOYEES, (change.id for change in changes if change.entity == "employee"))
    for change in changes:
        try:
            _change_core(known, touched, change)
        except (KeyError, TypeError, ValueError) as error:
            log.warning("change_passed_over", entity=change.entity, id=change.id, error=repr(error))


def project_hr(
    reader: Reader, known: Documents, touched: Touched, partition: int, changes: Sequence[HrChange]
) -> list[Command]:
    """Take in changes of the legacy rows in one partition, in their order; returns the commands for the rows themselves.

    The end of a snapshot deletes what the snapshot did not name; a record of a snapshot that is over is passed over.
    """
    rows = PartitionRows(reader, partition)
    _load_rows(known, changes)
    for change in changes:
        if not rows.is_current(change.snapshot_id):
            continue
        gone: list[RowId] = []
        if change.op == "snapshot_end":
            gone = rows.remove_others(change.snapshot_id)
        elif change.op == "truncate":
            gone = rows.remove_table(change.table)
        elif change.table in HR_ENTITIES or change.table == badges.TABLE:
            rows.put(change)
            _change_row(known, touched, RowId(change.table, change.row_key), change.row)
        for row_id in gone:
            _change_row(known, touched, row_id, None)
    return rows.commands()


def profile_commands(known: Documents, today: date) -> Iterator[Command]:
    """The commands that write the profiles whose parts were changed, as they are on this day."""
    for entity, kind in PARTS.items():
        for identity in known.changed(kind):
            key = profile_key(identity) if entity == "employee" else site_key(identity)
            parts = known.get(kind, identity)
            if parts.empty:
                yield "DEL", key
            else:
                yield "HSET", key, *(each for pair in profile(entity, parts, today).items() for each in pair)
            if entity == "site":
                yield "SREM" if parts.empty else "SADD", SITES_KEY, identity


def _load_rows(known: Documents, changes: Sequence[HrChange]) -> None:
    """What most of the changes need, in few round trips."""
    named = [change for change in changes if change.op not in MARKERS]
    for entity, kind in PARTS.items():
        rows = (change for change in named if HR_ENTITIES.get(change.table) == entity)
        known.load(kind, (hr_identity(change.table, change.row_key)[1] for change in rows))
    held = [change for change in named if change.table == badges.TABLE]
    known.load(HR_BADGES, (change.row_key for change in held))
    rows_of_badges = (change.row for change in held if change.row is not None)
    known.load(DEVICE_USERS, (str(row.get("device_user")) for row in rows_of_badges))


def _change_core(known: Documents, touched: Touched, change: CoreChange) -> None:
    """One change; raises KeyError, TypeError or ValueError and changes nothing where its data have another shape."""
    if change.entity == "employee":
        known.put(EMPLOYEES, change.id, with_core(known.get(EMPLOYEES, change.id), change))
        touched.people.add(change.id)
    elif change.entity == "site":
        known.put(SITES, change.id, with_core(known.get(SITES, change.id), change))
    elif change.entity == "badge":
        row, badge = badges.core_badge(change)
        _change_badge(known, touched, row, badge.device_user, None if change.change == "deleted" else badge)
    elif change.entity == "policy_assignment":
        employee_id, policy = change.data["employee_id"], change.data["policy"]
        assignments = policies.with_assignment(known.get(ASSIGNMENTS, employee_id), change)
        known.put(ASSIGNMENTS, employee_id, assignments)
        touched.assign(policy, employee_id)
    elif change.entity == "policy_parameter" and str(change.data["parameter"]).startswith(policies.PREFIX):
        policy = change.data["policy"]
        known.put(PAIRING, policy, policies.with_parameter(known.get(PAIRING, policy), change))
        touched.policies.add(policy)


def _change_row(known: Documents, touched: Touched, row_id: RowId, row: Row | None) -> None:
    if row_id.table == badges.TABLE:
        _change_hr_badge(known, touched, row_id.row_key, row)
        return
    entity, identity = hr_identity(row_id.table, row_id.row_key)
    known.put(PARTS[entity], identity, with_hr(known.get(PARTS[entity], identity), row))
    if entity == "employee":
        touched.assign(hr_policy(row), identity)


def _change_hr_badge(known: Documents, touched: Touched, row_key: str, row: Row | None) -> None:
    name = f"{badges.ROW_OF_HR}:{row_key}"
    try:
        badge = badges.hr_badge(row) if row is not None else None
    except (KeyError, TypeError, ValueError) as error:
        log.warning("badge_passed_over", row_key=row_key, error=str(error))
        badge = None
    before = known.get(HR_BADGES, row_key)
    if before and (badge is None or badge.device_user != before):
        _change_badge(known, touched, name, before, None)
    if badge is not None:
        _change_badge(known, touched, name, badge.device_user, badge)
    known.put(HR_BADGES, row_key, badge.device_user if badge else "")


def _change_badge(known: Documents, touched: Touched, row: str, device_user: str, badge: Badge | None) -> None:
    before = known.get(DEVICE_USERS, device_user)
    changed = badges.with_badge(before, row, badge)
    known.put(DEVICE_USERS, device_user, changed)
    for each in filter(None, (before.badges.get(row), badge)):
        for recorded_id, device_id in changed.recorded_ids.items():
            if each.device_id in (device_id, ANY_DEVICE):
                touched.people |= {recorded_id} | changed.holders(device_id)
    if badge is not None:
        held = known.get(BADGES_HELD, badge.employee_id)
        known.put(BADGES_HELD, badge.employee_id, sorted({*held, device_user}))
