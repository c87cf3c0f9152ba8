"""Employees, sites, policies and badges. What the legacy HR system keeps is read here and edited there."""

from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from timecontrol.contracts.calendar import FIRST_DAY, CalendarDay, CalendarInstant
from timecontrol.contracts.punch import Name
from timecontrol.core.access import EVERYBODY, Forbidden
from timecontrol.core.assignments import (
    assign_policy,
    list_badges,
    list_policies,
    remove_badges,
    save_badge,
)
from timecontrol.core.faults import NotFound
from timecontrol.core.people import (
    Person,
    PersonData,
    Place,
    check_right,
    find_site,
    list_people,
    list_sites,
    need_person,
    remove_person,
    save_person,
    save_site,
)
from timecontrol.warehouse.core_store import transaction
from timecontrol.warehouse.core_tables import Badge
from timecontrol.warehouse.infinite import FIRST_INSTANT, LAST_INSTANT
from user_api.auth import Anybody, Caller, Hr
from user_api.errors import FAULTS, Fault
from user_api.services import ServicesOf, writing

IN_HR: dict[int | str, dict[str, Any]] = {
    409: {"model": Fault, "description": "Kept in the legacy HR system, or in conflict"}
}
router = APIRouter(prefix="/v1", responses=FAULTS | IN_HR)


class PersonView(BaseModel):
    """An employee today; `origin` hr: edited in the legacy HR system."""

    employee_id: str
    name: str
    email: str | None
    site_id: str | None
    team: str | None
    manager_id: str | None
    time_zone: str | None
    cost_center: str | None
    active: bool
    origin: Literal["core", "hr"]


class PersonBody(BaseModel):
    """What is known of a person from `valid_from` on; without a date from ever."""

    name: Name = Field(examples=["Ada Abara"])
    valid_from: CalendarDay = FIRST_DAY
    email: Name | None = None
    site_id: Name | None = Field(default=None, examples=["HQ"])
    team: Name | None = None
    manager_id: Name | None = None
    time_zone: Name | None = Field(default=None, description="IANA zone; without it the site's")
    cost_center: Name | None = None
    active: bool = True
    facts: dict[Name, bool] = Field(
        default={}, description="meal_waiver_first, meal_waiver_second, minor, night_worker"
    )


class SiteBody(BaseModel):
    """A site."""

    name: Name = Field(examples=["Headquarters"])
    time_zone: Name = Field(examples=["Europe/Berlin"])


class SiteView(BaseModel):
    """A site; `origin` hr: edited in the legacy HR system."""

    site_id: str
    name: str
    time_zone: str
    origin: Literal["core", "hr"]


class PolicyBody(BaseModel):
    """A policy from a date on; null ends the one before."""

    policy: Name | None = Field(examples=["us-ca"])
    valid_from: CalendarDay = FIRST_DAY


class BadgeBody(BaseModel):
    """Whose user number it is, from `valid_from` to before `valid_to`; without them for ever."""

    employee_id: Name
    valid_from: CalendarInstant | None = None
    valid_to: CalendarInstant | None = None


class BadgeView(BaseModel):
    """A badge."""

    device_id: str
    device_user: str
    employee_id: str
    valid_from: datetime | None
    valid_to: datetime | None


@router.get("/employees", tags=["people"])
def employees(
    claims: Anybody,
    services: ServicesOf,
    team: str | None = None,
    site_id: str | None = None,
    search: str | None = Query(default=None, description="Part of a name or an id"),
) -> list[PersonView]:
    """Everybody for HR, payroll and administrators; managers get their own team."""
    everybody = bool(set(claims.roles) & EVERYBODY["read"])
    if not everybody and ("manager" not in claims.roles or claims.employee_id is None):
        raise Forbidden("This needs the role manager, hr, payroll or admin.")
    with transaction(services.engine) as session:
        found = list_people(session, services.clock.now().date(), None if everybody else claims.employee_id)
    wanted = (search or "").casefold()
    return [
        view(person)
        for person in found
        if (team is None or person.team == team)
        and (site_id is None or person.site_id == site_id)
        and (wanted in person.name.casefold() or wanted in person.employee_id.casefold())
    ]


@router.get("/employees/{employee_id}", tags=["people"])
def employee(employee_id: Name, claims: Caller, services: ServicesOf) -> PersonView:
    """One employee, for themselves, their manager, HR, payroll and administrators."""
    today = services.clock.now().date()
    with transaction(services.engine) as session:
        check_right(session, claims, "read", employee_id, today)
        return view(need_person(session, employee_id, today))


@router.put("/employees/{employee_id}", tags=["people"])
def put_employee(
    employee_id: Name, body: PersonBody, claims: Hr, services: ServicesOf, response: Response
) -> PersonView:
    """Make an employee (201) or change one from a date on (200)."""
    with writing(services, response) as session:
        person, is_new = save_person(
            session, employee_id, PersonData(**dict(body)), actor=claims.actor, now=services.clock.now()
        )
    response.status_code = 201 if is_new else 200
    return view(person)


@router.delete("/employees/{employee_id}", status_code=204, tags=["people"])
def delete_employee(employee_id: Name, claims: Hr, services: ServicesOf, response: Response) -> None:
    """Delete an employee; their punches stay."""
    with writing(services, response) as session:
        remove_person(session, employee_id, actor=claims.actor, now=services.clock.now())


@router.get("/sites", tags=["people"])
def sites(_claims: Anybody, services: ServicesOf) -> list[SiteView]:
    """All sites."""
    with transaction(services.engine) as session:
        return [SiteView(**vars(site)) for site in list_sites(session)]


@router.get("/sites/{site_id}", tags=["people"])
def site(site_id: Name, _claims: Anybody, services: ServicesOf) -> SiteView:
    """One site."""
    with transaction(services.engine) as session:
        found = find_site(session, site_id)
    if found is None:
        raise NotFound(f"There is no site {site_id!r}.")
    return SiteView(**vars(found))


@router.put("/sites/{site_id}", tags=["people"])
def put_site(site_id: Name, body: SiteBody, claims: Hr, services: ServicesOf, response: Response) -> SiteView:
    """Make or change a site."""
    place = Place(site_id, body.name, body.time_zone, "core")
    with writing(services, response) as session:
        save_site(session, place, actor=claims.actor, now=services.clock.now())
    return SiteView(**vars(place))


@router.get("/employees/{employee_id}/policies", tags=["people"])
def policies(employee_id: Name, claims: Caller, services: ServicesOf) -> list[PolicyBody]:
    """The policies that were assigned here, by date; one from the legacy HR system is not among them."""
    with transaction(services.engine) as session:
        check_right(session, claims, "read", employee_id, services.clock.now().date())
        return [
            PolicyBody(policy=each.policy, valid_from=each.valid_from) for each in list_policies(session, employee_id)
        ]


@router.put("/employees/{employee_id}/policy", tags=["people"])
def put_policy(employee_id: Name, body: PolicyBody, claims: Hr, services: ServicesOf, response: Response) -> PolicyBody:
    """Assign a policy from a date on."""
    now = services.clock.now()
    with writing(services, response) as session:
        need_person(session, employee_id, now.date())
        assign_policy(session, employee_id, body.policy, body.valid_from, actor=claims.actor, now=now)
    return body


@router.get("/devices/{device_id}/badges", tags=["devices"])
def badges(device_id: Name, _claims: Hr, services: ServicesOf) -> list[BadgeView]:
    """Whose user numbers a device has."""
    with transaction(services.engine) as session:
        return [badge_view(badge) for badge in list_badges(session, device_id)]


@router.put("/devices/{device_id}/badges/{device_user}", tags=["devices"])
def put_badge(
    device_id: Name, device_user: Name, body: BadgeBody, claims: Hr, services: ServicesOf, response: Response
) -> BadgeView:
    """Give a user number to an employee; `*` as device means every device that has none of its own."""
    now = services.clock.now()
    with writing(services, response) as session:
        need_person(session, body.employee_id, now.date())
        badge = save_badge(
            session,
            device_id,
            device_user,
            body.employee_id,
            body.valid_from,
            body.valid_to,
            actor=claims.actor,
            now=now,
        )
    return badge_view(badge)


@router.delete("/devices/{device_id}/badges/{device_user}", status_code=204, tags=["devices"])
def delete_badges(device_id: Name, device_user: Name, claims: Hr, services: ServicesOf, response: Response) -> None:
    """Take a user number's badges out."""
    with writing(services, response) as session:
        remove_badges(session, device_id, device_user, actor=claims.actor, now=services.clock.now())


def view(person: Person) -> PersonView:
    """A person as the API shows them."""
    return PersonView(**vars(person))


def badge_view(badge: Badge) -> BadgeView:
    """A badge, without the ends that are no dates."""
    return BadgeView(
        device_id=badge.device_id,
        device_user=badge.device_user,
        employee_id=badge.employee_id,
        valid_from=None if badge.valid_from == FIRST_INSTANT else badge.valid_from,
        valid_to=None if badge.valid_to == LAST_INSTANT else badge.valid_to,
    )
