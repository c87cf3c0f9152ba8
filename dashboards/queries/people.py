"""Who is looked at: the choices of the filter bar, and the part of every question that the filters decide."""

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from dashboards.filters import Filters
from dashboards.queries.sums import Question
from timecontrol.warehouse.marts import Employee, Site

NAME = func.coalesce(Employee.name, Employee.employee_id)
SITE_NAME = func.coalesce(Site.name, Employee.site_id, "No site")
TEAM = func.coalesce(Employee.team, "No team")

#: How every list names an employee.
WHO = (
    Employee.employee_id.label("employee_id"),
    NAME.label("name"),
    TEAM.label("team"),
    SITE_NAME.label("site"),
)


def sites() -> Question:
    """All sites: site_id, name, time_zone."""
    return select(Site.site_id, Site.name, Site.time_zone).order_by(Site.name, Site.site_id)


def teams(manager_id: str | None) -> Question:
    """Names of the teams that the viewer may see: team."""
    return select(Employee.team).distinct().where(Employee.team.is_not(None), under(manager_id)).order_by(Employee.team)


def names(site_ids: tuple[str, ...], team_names: tuple[str, ...], manager_id: str | None, most: int) -> Question:
    """The first `most` employees of these sites and teams by name: employee_id, name."""
    chosen = select(Employee.employee_id, Employee.name).where(under(manager_id))
    if site_ids:
        chosen = chosen.where(Employee.site_id.in_(site_ids))
    if team_names:
        chosen = chosen.where(Employee.team.in_(team_names))
    return chosen.order_by(Employee.name, Employee.employee_id).limit(most)


def under(manager_id: str | None) -> ColumnElement[bool]:
    """Employees of one manager; all where there is none."""
    return true() if manager_id is None else or_(Employee.manager_id == manager_id, Employee.employee_id == manager_id)


def chosen(filters: Filters) -> ColumnElement[bool]:
    """Employees that the filters let through; part of every question about people."""
    conditions = [under(filters.manager_id)]
    if filters.sites:
        conditions.append(Employee.site_id.in_(filters.sites))
    if filters.teams:
        conditions.append(Employee.team.in_(filters.teams))
    if filters.employee_id is not None:
        conditions.append(Employee.employee_id == filters.employee_id)
    elif filters.person:
        part = f"%{filters.person.strip()}%"
        conditions.append(or_(Employee.name.ilike(part), Employee.employee_id.ilike(part)))
    return and_(*conditions)


def listed(filters: Filters) -> Question:
    """Everybody whom the filters let through: employee_id, name, team, site."""
    return (
        select(*WHO)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(chosen(filters))
        .order_by(NAME, Employee.employee_id)
    )


def anybody(filters: Filters) -> Question:
    """One of those whom the filters let through, where there is one: employee_id."""
    return select(Employee.employee_id).where(chosen(filters)).limit(1)


def numbered(employee_id: str, manager_id: str | None) -> Question:
    """The employee with this number, if there is one whom the viewer may see: employee_id."""
    return select(Employee.employee_id).where(Employee.employee_id == employee_id, under(manager_id))


def employee(filters: Filters) -> Question:
    """The one employee of the filter with site and policy; no row where site, team or manager are others."""
    return (
        select(*WHO, Employee.policy, Employee.has_shifts, Employee.active, Employee.time_zone)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(Employee.employee_id == filters.employee_id, chosen(filters))
    )
