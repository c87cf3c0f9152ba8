"""Leave and public holidays: asked for, decided, taken back."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.legacy_values import legacy_date, legacy_text
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.core.local_time import day_bounds
from timecontrol.core.people import Person, find_site, hr_rows, row_key, zone_for
from timecontrol.core.schedule import new_id
from timecontrol.core.shift_planning import rfc3339
from timecontrol.warehouse.core_store import current, lock, write
from timecontrol.warehouse.core_tables import Holiday, HrRow, Leave


@dataclass(frozen=True)
class WholeDays:
    """Leave of local days, both included."""

    first_day: date
    last_day: date


@dataclass(frozen=True)
class PartOfDay:
    """Leave between two instants."""

    starts_at: datetime
    ends_at: datetime


def ask_leave(
    session: Session,
    person: Person,
    wanted: WholeDays | PartOfDay,
    leave_type: str,
    *,
    approved: bool,
    actor: str,
    now: datetime,
) -> Leave:
    """Ask for leave, or enter it as approved; raises Conflict for leave that is there already, Rejected."""
    if isinstance(wanted, WholeDays):
        if wanted.last_day < wanted.first_day:
            raise Rejected("wrong_period", "last_day must not be before first_day", "last_day")
        starts_at, ends_at = day_bounds(wanted.first_day, wanted.last_day, zone_for(session, person))
        days: tuple[date | None, date | None] = (wanted.first_day, wanted.last_day)
    else:
        if wanted.ends_at <= wanted.starts_at:
            raise Rejected("wrong_period", "ends_at must be after starts_at", "ends_at")
        starts_at, ends_at = wanted.starts_at.astimezone(UTC), wanted.ends_at.astimezone(UTC)
        days = (None, None)
    lock(session, f"leave:{person.employee_id}")
    for other in list_leave(session, person.employee_id):
        if other.status != "refused" and other.starts_at < ends_at and starts_at < other.ends_at:
            reason = (
                f"There is leave {other.leave_id} from {rfc3339(other.starts_at)} to {rfc3339(other.ends_at)} already."
            )
            raise Conflict("overlapping_leave", reason, {"leave_id": other.leave_id})
    leave = Leave(
        leave_id=new_id(),
        employee_id=person.employee_id,
        starts_at=starts_at,
        ends_at=ends_at,
        first_day=days[0],
        last_day=days[1],
        leave_type=leave_type,
        status="approved" if approved else "requested",
        actor=actor,
    )
    write(session, leave, "created", now)
    return leave


def decide_leave(session: Session, leave: Leave, *, approve: bool, actor: str, now: datetime) -> Leave:
    """Approve or refuse a request; raises Conflict when it was decided before, NotFound when it was taken back."""
    newest = _locked(session, leave)
    if newest.status != "requested":
        raise Conflict("decided", f"Leave {leave.leave_id} is {newest.status} already.")
    decided = Leave(**(newest.data() | {"status": "approved" if approve else "refused", "actor": actor}))
    write(session, decided, "updated", now)
    return decided


def remove_leave(session: Session, leave: Leave, *, actor: str, now: datetime) -> None:
    """Take leave back; raises Conflict when it was decided since it was read, NotFound when it was taken back before."""
    newest = _locked(session, leave)
    if newest.status != leave.status:
        raise Conflict("decided", f"Leave {leave.leave_id} is {newest.status} by now.")
    write(session, Leave(**(newest.data() | {"actor": actor})), "deleted", now)


def find_leave(session: Session, leave_id: str) -> Leave:
    """A leave; raises NotFound."""
    found = session.scalar(current(Leave, Leave.leave_id == leave_id))
    if found is None:
        raise NotFound(f"There is no leave {leave_id!r}.")
    return found


def list_leave(session: Session, employee_id: str) -> list[Leave]:
    """All leave of an employee in its order."""
    return sorted(session.scalars(current(Leave, Leave.employee_id == employee_id)), key=lambda leave: leave.starts_at)


def list_holidays(session: Session, site_id: str) -> list[tuple[date, str]]:
    """Holidays of a site by date, those of the legacy HR system among them."""
    found = {
        day: legacy_text(row.row_data.get("name")) or day.isoformat()
        for row in hr_rows(session, "holidays", HrRow.row_data["site_id"].astext == site_id)
        if (day := legacy_date(row.row_data.get("holiday"))) is not None
    }
    found |= {each.holiday: each.name for each in session.scalars(current(Holiday, Holiday.site_id == site_id))}
    return sorted(found.items())


def save_holiday(session: Session, site_id: str, day: date, name: str, *, actor: str, now: datetime) -> None:
    """Make or rename a holiday; raises NotFound for an unknown site, Conflict for one of the legacy HR system."""
    _refuse_hr(session, site_id, day)
    if find_site(session, site_id) is None:
        raise NotFound(f"There is no site {site_id!r}.")
    known = _find_holiday(session, site_id, day)
    holiday = Holiday(site_id=site_id, holiday=day, name=name, actor=actor)
    write(session, holiday, "created" if known is None else "updated", now)


def remove_holiday(session: Session, site_id: str, day: date, *, actor: str, now: datetime) -> None:
    """Take a holiday out; raises NotFound, or Conflict for one of the legacy HR system."""
    _refuse_hr(session, site_id, day)
    known = _find_holiday(session, site_id, day)
    if known is None:
        raise NotFound(f"Site {site_id!r} has no holiday on {day}.")
    write(session, Holiday(**(known.data() | {"actor": actor})), "deleted", now)


def _locked(session: Session, leave: Leave) -> Leave:
    """The leave as it is once nobody else changes this employee's; raises NotFound."""
    lock(session, f"leave:{leave.employee_id}")
    return find_leave(session, leave.leave_id)


def _find_holiday(session: Session, site_id: str, day: date) -> Holiday | None:
    return session.scalar(current(Holiday, (Holiday.site_id == site_id) & (Holiday.holiday == day)))


def _refuse_hr(session: Session, site_id: str, day: date) -> None:
    if session.get(HrRow, ("holidays", row_key([site_id, day.isoformat()]))) is not None:
        reason = f"The holiday of {site_id!r} on {day} is kept in the legacy HR system: change it there."
        raise Conflict("kept_in_hr", reason)
