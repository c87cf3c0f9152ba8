"""Shifts of people: single ones and weekly patterns, never two at once; shifts of the legacy HR system are read only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import uuid_utils
from sqlalchemy.orm import Session

from timecontrol.contracts.legacy_values import legacy_breaks, legacy_instant, legacy_text
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.core.people import Person, hr_rows, row_key, zone_for
from timecontrol.core.shift_planning import Occupied, PatternDay, PlannedShift, expand, overlap, rfc3339
from timecontrol.warehouse.core_store import current, lock, write
from timecontrol.warehouse.core_tables import HrRow, Shift, ShiftPattern


@dataclass(frozen=True)
class Scheduled:
    """A shift as readers see it; `origin` says where it is edited."""

    shift_id: str
    employee_id: str
    starts_at: datetime
    ends_at: datetime
    breaks: list[dict[str, Any]]
    site_id: str | None
    pattern_id: str | None
    origin: str


def scheduled(session: Session, employee_id: str, start: datetime, end: datetime) -> list[Scheduled]:
    """The shifts of an employee that touch the time from `start` to before `end`, in their order."""
    ours = [
        Scheduled(
            shift_id=shift.shift_id,
            employee_id=employee_id,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            breaks=shift.breaks,
            site_id=shift.site_id,
            pattern_id=shift.pattern_id,
            origin="core",
        )
        for shift in session.scalars(
            current(Shift, (Shift.employee_id == employee_id) & (Shift.starts_at < end) & (Shift.ends_at > start))
        )
    ]
    theirs = [
        shift
        for row in hr_rows(session, "schedules", HrRow.row_data["employee_id"].astext == employee_id)
        if (shift := _from_hr(row)) is not None and shift.starts_at < end and shift.ends_at > start
    ]
    return sorted(ours + theirs, key=lambda shift: (shift.starts_at, shift.shift_id))


def add_shift(
    session: Session, person: Person, planned: PlannedShift, site_id: str | None, *, actor: str, now: datetime
) -> Shift:
    """Plan a shift; raises Conflict naming the shift that it would overlap."""
    lock(session, f"schedule:{person.employee_id}")
    _refuse_overlap(planned, _occupied(session, person.employee_id, planned.starts_at, planned.ends_at))
    shift = _version(new_id(), person.employee_id, planned, site_id, None, actor)
    write(session, shift, "created", now)
    return shift


def move_shift(
    session: Session, shift_id: str, planned: PlannedShift, site_id: str | None, *, actor: str, now: datetime
) -> Shift:
    """Change a shift of ours; raises NotFound, or Conflict for an overlap or a shift of the legacy HR system."""
    found = _locked(session, shift_id)
    occupied = _occupied(session, found.employee_id, planned.starts_at, planned.ends_at)
    _refuse_overlap(planned, [each for each in occupied if each.shift_id != shift_id])
    shift = _version(shift_id, found.employee_id, planned, site_id or found.site_id, found.pattern_id, actor)
    write(session, shift, "updated", now)
    return shift


def remove_shift(session: Session, shift_id: str, *, actor: str, now: datetime) -> None:
    """Take a shift of ours out; raises NotFound or Conflict."""
    found = _locked(session, shift_id)
    write(session, Shift(**(found.data() | {"actor": actor})), "deleted", now)


def find_shift(session: Session, shift_id: str) -> Shift:
    """A shift of ours; raises NotFound, or Conflict for one of the legacy HR system."""
    found = session.scalar(current(Shift, Shift.shift_id == shift_id))
    if found is not None:
        return found
    if session.get(HrRow, ("schedules", row_key([shift_id]))) is not None:
        reason = f"Shift {shift_id!r} is kept in the legacy HR system: change it there, it arrives by itself."
        raise Conflict("kept_in_hr", reason)
    raise NotFound(f"There is no shift {shift_id!r}.")


def add_pattern(
    session: Session,
    person: Person,
    week: Sequence[PatternDay],
    valid_from: date,
    valid_to: date,
    site_id: str | None,
    *,
    actor: str,
    now: datetime,
) -> tuple[ShiftPattern, list[Shift]]:
    """Plan a weekly pattern, all its shifts or none; raises Conflict for the first that would overlap, Rejected."""
    lock(session, f"schedule:{person.employee_id}")
    planned = list(expand(week, valid_from, valid_to, zone_for(session, person, site_id)))
    taken: list[Occupied] = []
    if planned:
        end = max(each.ends_at for each in planned)
        taken = _occupied(session, person.employee_id, planned[0].starts_at, end)
    pattern = ShiftPattern(
        pattern_id=new_id(),
        employee_id=person.employee_id,
        valid_from=valid_from,
        valid_to=valid_to,
        week=[entry.model_dump(mode="json") for entry in week],
        actor=actor,
    )
    write(session, pattern, "created", now)
    shifts = []
    for each in planned:
        _refuse_overlap(each, taken)
        shift = _version(new_id(), person.employee_id, each, site_id or person.site_id, pattern.pattern_id, actor)
        taken.append(Occupied(shift.shift_id, shift.starts_at, shift.ends_at))
        write(session, shift, "created", now)
        shifts.append(shift)
    return pattern, shifts


def find_pattern(session: Session, pattern_id: str) -> ShiftPattern:
    """A pattern; raises NotFound."""
    found = session.scalar(current(ShiftPattern, ShiftPattern.pattern_id == pattern_id))
    if found is None:
        raise NotFound(f"There is no pattern {pattern_id!r}.")
    return found


def end_pattern(session: Session, pattern: ShiftPattern, *, actor: str, now: datetime) -> int:
    """Take a pattern out with its shifts that have not begun; returns how many. What has begun stays. Raises NotFound."""
    lock(session, f"schedule:{pattern.employee_id}")
    pattern = find_pattern(session, pattern.pattern_id)
    ahead = session.scalars(current(Shift, (Shift.pattern_id == pattern.pattern_id) & (Shift.starts_at > now))).all()
    for shift in ahead:
        write(session, Shift(**(shift.data() | {"actor": actor})), "deleted", now)
    write(session, ShiftPattern(**(pattern.data() | {"actor": actor})), "deleted", now)
    return len(ahead)


def new_id() -> str:
    """An id for something that we make: sorts by the instant at which it was made."""
    return str(UUID(str(uuid_utils.uuid7())))


def _locked(session: Session, shift_id: str) -> Shift:
    """The shift as it is once nobody else changes this employee's schedule; raises NotFound or Conflict."""
    lock(session, f"schedule:{find_shift(session, shift_id).employee_id}")
    return find_shift(session, shift_id)


def _version(
    shift_id: str, employee_id: str, planned: PlannedShift, site_id: str | None, pattern_id: str | None, actor: str
) -> Shift:
    return Shift(
        shift_id=shift_id,
        employee_id=employee_id,
        starts_at=planned.starts_at.astimezone(UTC),
        ends_at=planned.ends_at.astimezone(UTC),
        breaks=planned.breaks_as_stored(),
        site_id=site_id,
        pattern_id=pattern_id,
        actor=actor,
    )


def _occupied(session: Session, employee_id: str, start: datetime, end: datetime) -> list[Occupied]:
    return [
        Occupied(shift.shift_id, shift.starts_at, shift.ends_at)
        for shift in scheduled(session, employee_id, start, end)
    ]


def _refuse_overlap(planned: PlannedShift, occupied: Sequence[Occupied]) -> None:
    met = overlap(planned, occupied)
    if met is not None:
        reason = (
            f"The shift from {rfc3339(planned.starts_at)} to {rfc3339(planned.ends_at)} overlaps the shift {met.shift_id} "
            f"from {rfc3339(met.starts_at)} to {rfc3339(met.ends_at)}: move or delete one of them."
        )
        detail = {"shift_id": met.shift_id, "starts_at": rfc3339(met.starts_at), "ends_at": rfc3339(met.ends_at)}
        raise Conflict("overlapping_shift", reason, detail)


def _from_hr(row: HrRow) -> Scheduled | None:
    """A shift of the legacy system; None for one that cannot be, which the exception `invalid_shift` names."""
    data = row.row_data
    starts_at, ends_at = legacy_instant(data.get("starts_at")), legacy_instant(data.get("ends_at"))
    shift_id, employee_id = legacy_text(data.get("schedule_id")), legacy_text(data.get("employee_id"))
    if shift_id is None or employee_id is None or starts_at is None or ends_at is None or starts_at >= ends_at:
        return None
    return Scheduled(
        shift_id=shift_id,
        employee_id=employee_id,
        starts_at=starts_at,
        ends_at=ends_at,
        breaks=legacy_breaks(data.get("breaks")),
        site_id=None,
        pattern_id=None,
        origin="hr",
    )
