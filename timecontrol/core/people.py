"""People and sites: who is known, from the User Core and from the legacy HR system, and changes of those that are ours."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.legacy_values import legacy_date, legacy_text
from timecontrol.core.access import EVERYBODY, WORDS, Forbidden, Right, allows
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.core.local_time import zone_of
from timecontrol.core.tokens import Claims
from timecontrol.warehouse.core_store import current, write
from timecontrol.warehouse.core_tables import Employee, HrRow, Site

Origin = Literal["core", "hr"]


@dataclass(frozen=True)
class Person:
    """An employee as of a day; `origin` says where they are edited."""

    employee_id: str
    name: str
    email: str | None
    site_id: str | None
    team: str | None
    manager_id: str | None
    time_zone: str | None
    cost_center: str | None
    active: bool
    origin: Origin


@dataclass(frozen=True)
class Place:
    """A site; `origin` says where it is edited."""

    site_id: str
    name: str
    time_zone: str
    origin: Origin


@dataclass(frozen=True)
class PersonData:
    """What is known of a person from `valid_from` on."""

    valid_from: date
    name: str
    email: str | None
    site_id: str | None
    team: str | None
    manager_id: str | None
    time_zone: str | None
    cost_center: str | None
    active: bool
    facts: dict[str, Any]


def find_person(session: Session, employee_id: str, today: date) -> Person | None:
    """The employee as of today, None when neither side knows them."""
    ours = session.scalars(current(Employee, Employee.employee_id == employee_id)).all()
    return _effective(ours, today) or _from_hr(_hr_row(session, "employees", [employee_id]), today)


def need_person(session: Session, employee_id: str, today: date) -> Person:
    """The employee as of today; raises NotFound."""
    person = find_person(session, employee_id, today)
    if person is None:
        raise NotFound(f"There is no employee {employee_id!r}.")
    return person


def list_people(session: Session, today: date, manager_id: str | None = None) -> list[Person]:
    """Everybody by id, or the team of a manager."""
    rows = session.scalars(select(HrRow).where(HrRow.table_name == "employees"))
    people = {person.employee_id: person for row in rows if (person := _from_hr(row, today)) is not None}
    versions: dict[str, list[Employee]] = {}
    for version in session.scalars(current(Employee, true())):
        versions.setdefault(version.employee_id, []).append(version)
    for employee_id, ours in versions.items():
        person = _effective(ours, today)
        if person is not None:
            people[employee_id] = person
    wanted = (person for person in people.values() if manager_id is None or person.manager_id == manager_id)
    return sorted(wanted, key=lambda person: person.employee_id)


def check_right(session: Session, claims: Claims, right: Right, employee_id: str, today: date) -> None:
    """Raise Forbidden unless the caller may use this right on the employee's data."""
    manager_id = None
    if "manager" in claims.roles and not set(claims.roles) & EVERYBODY[right] and claims.employee_id != employee_id:
        person = find_person(session, employee_id, today)
        manager_id = person.manager_id if person else None
    if not allows(right, claims.roles, claims.employee_id, employee_id, manager_id):
        raise Forbidden(f"You may not {WORDS[right]} of employee {employee_id!r}.")


def save_person(
    session: Session, employee_id: str, data: PersonData, *, actor: str, now: datetime
) -> tuple[Person, bool]:
    """Make or change an employee of ours from a date on; True if they are new.

    Raises Conflict for one whom the legacy HR system knows, Rejected for an unknown site or zone.
    """
    _refuse_hr(session, "employees", [employee_id], f"Employee {employee_id!r}")
    if data.time_zone is not None:
        zone_of(data.time_zone)
    if data.site_id is not None and find_site(session, data.site_id) is None:
        raise Rejected("unknown_site", f"there is no site {data.site_id!r}; make it at PUT /v1/sites", "site_id")
    is_new = find_person(session, employee_id, data.valid_from) is None
    version = Employee(employee_id=employee_id, actor=actor, **vars(data))
    write(session, version, "created" if is_new else "updated", now)
    return _person(version), is_new


def remove_person(session: Session, employee_id: str, *, actor: str, now: datetime) -> None:
    """Delete an employee of ours with all dates; punches stay. Raises NotFound or Conflict."""
    _refuse_hr(session, "employees", [employee_id], f"Employee {employee_id!r}")
    versions = session.scalars(current(Employee, Employee.employee_id == employee_id)).all()
    if not versions:
        raise NotFound(f"There is no employee {employee_id!r}.")
    for version in versions:
        write(session, Employee(**(version.data() | {"actor": actor})), "deleted", now)


def find_site(session: Session, site_id: str) -> Place | None:
    """A site, None when neither side knows it."""
    ours = session.scalar(current(Site, Site.site_id == site_id))
    if ours is not None:
        return Place(ours.site_id, ours.name, ours.time_zone, "core")
    return _place(_hr_row(session, "sites", [site_id]))


def list_sites(session: Session) -> list[Place]:
    """All sites by id."""
    rows = session.scalars(select(HrRow).where(HrRow.table_name == "sites"))
    places = {place.site_id: place for row in rows if (place := _place(row)) is not None}
    for ours in session.scalars(current(Site, true())):
        places[ours.site_id] = Place(ours.site_id, ours.name, ours.time_zone, "core")
    return [places[site_id] for site_id in sorted(places)]


def save_site(session: Session, site: Place, *, actor: str, now: datetime) -> None:
    """Make or change a site of ours; raises Conflict for one of the legacy HR system, Rejected for an unknown zone."""
    _refuse_hr(session, "sites", [site.site_id], f"Site {site.site_id!r}")
    zone_of(site.time_zone)
    is_new = find_site(session, site.site_id) is None
    version = Site(site_id=site.site_id, name=site.name, time_zone=site.time_zone, actor=actor)
    write(session, version, "created" if is_new else "updated", now)


def zone_for(session: Session, person: Person, site_id: str | None = None) -> ZoneInfo:
    """The zone in which a person's clock times are meant: the given site's, else their own, else their site's.

    Raises Rejected when none is known.
    """
    if site_id is None and person.time_zone is not None:
        return zone_of(person.time_zone)
    wanted = site_id or person.site_id
    site = find_site(session, wanted) if wanted else None
    if site is None:
        reason = f"employee {person.employee_id!r} has neither a time zone nor a known site: say `site_id`"
        raise Rejected("unknown_zone", reason, "site_id")
    return zone_of(site.time_zone)


def shown_zone(session: Session, person: Person | None) -> ZoneInfo:
    """The zone in which times are shown to a person: as `zone_for`, UTC where none is known."""
    try:
        return zone_for(session, person) if person is not None else zone_of("UTC")
    except Rejected:
        return zone_of("UTC")


def hr_rows(session: Session, table: str, *conditions: ColumnElement[bool]) -> Iterable[HrRow]:
    """Rows of the legacy HR system's image."""
    return session.scalars(select(HrRow).where(HrRow.table_name == table, *conditions))


def _refuse_hr(session: Session, table: str, key: Sequence[object], what: str) -> None:
    if _hr_row(session, table, key) is not None:
        raise Conflict("kept_in_hr", f"{what} is kept in the legacy HR system: change it there, it arrives by itself.")


def _hr_row(session: Session, table: str, key: Sequence[object]) -> HrRow | None:
    return session.get(HrRow, (table, row_key(key)))


def row_key(key: Sequence[object]) -> str:
    """A primary key as the image names it."""
    return json.dumps(list(key), ensure_ascii=False, separators=(",", ":"))


def _effective(versions: Iterable[Employee], today: date) -> Person | None:
    """The version that holds today; the first to come where none does yet."""
    ordered = sorted(versions, key=lambda version: version.valid_from)
    holding = [version for version in ordered if version.valid_from <= today]
    chosen = holding[-1:] or ordered[:1]
    return _person(chosen[0]) if chosen else None


def _person(version: Employee) -> Person:
    return Person(
        employee_id=version.employee_id,
        name=version.name,
        email=version.email,
        site_id=version.site_id,
        team=version.team,
        manager_id=version.manager_id,
        time_zone=version.time_zone,
        cost_center=version.cost_center,
        active=version.active,
        origin="core",
    )


def _from_hr(row: HrRow | None, today: date) -> Person | None:
    """A person of the legacy system; columns may have been dropped there, and hold what is no text."""
    if row is None or (employee_id := legacy_text(row.row_data.get("employee_id"))) is None:
        return None
    data = row.row_data
    left_on = legacy_date(data.get("left_on"))
    return Person(
        employee_id=employee_id,
        name=legacy_text(data.get("name")) or employee_id,
        email=legacy_text(data.get("email")),
        site_id=legacy_text(data.get("site_id")),
        team=legacy_text(data.get("team")),
        manager_id=legacy_text(data.get("manager_id")),
        time_zone=legacy_text(data.get("time_zone")),
        cost_center=legacy_text(data.get("cost_center")),
        active=left_on is None or left_on > today,
        origin="hr",
    )


def _place(row: HrRow | None) -> Place | None:
    """A site of the legacy system; None without a time zone: no clock time of such a site is an instant."""
    if row is None:
        return None
    site_id, zone = legacy_text(row.row_data.get("site_id")), legacy_text(row.row_data.get("time_zone"))
    if site_id is None or zone is None:
        return None
    return Place(site_id, legacy_text(row.row_data.get("name")) or site_id, zone, "hr")
