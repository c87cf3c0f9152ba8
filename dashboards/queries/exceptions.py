"""Exceptions: how many of each kind, and each with its place in time; those of people whom nobody knows are in it too."""

from sqlalchemy import case, func, select

from dashboards.filters import Filters
from dashboards.queries.people import NAME, SITE_NAME, TEAM, chosen
from dashboards.queries.sums import ALL_ROWS, Question, within
from timecontrol.warehouse.marts import Employee, Site, Workday, WorkException

WORST_FIRST = case({"error": 0, "warning": 1}, value=WorkException.severity, else_=2)


def counts(filters: Filters) -> Question:
    """kind, severity, site, exceptions."""
    return (
        select(WorkException.kind, WorkException.severity, SITE_NAME.label("site"), func.count().label("exceptions"))
        .outerjoin(Employee, Employee.employee_id == WorkException.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(WorkException.workday, filters), chosen(filters))
        .group_by(WorkException.kind, WorkException.severity, SITE_NAME)
        .order_by(WorkException.kind)
    )


def listed(filters: Filters, kind: str | None, severity: str | None) -> Question:
    """The exceptions, the newest day first and the worst of it at the top: who, workday, kind, at, severity, detail."""
    rows = (
        select(
            WorkException.employee_id,
            func.coalesce(Employee.name, WorkException.employee_id).label("name"),
            TEAM.label("team"),
            SITE_NAME.label("site"),
            func.coalesce(Workday.time_zone, Employee.time_zone, Site.time_zone, "UTC").label("time_zone"),
            WorkException.workday,
            WorkException.kind,
            WorkException.at,
            WorkException.severity,
            WorkException.detail,
            ALL_ROWS,
        )
        .outerjoin(Employee, Employee.employee_id == WorkException.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .outerjoin(
            Workday, (Workday.employee_id == WorkException.employee_id) & (Workday.workday == WorkException.workday)
        )
        .where(within(WorkException.workday, filters), chosen(filters))
        .order_by(WorkException.workday.desc(), WORST_FIRST, NAME, WorkException.exception_id)
    )
    if kind is not None:
        rows = rows.where(WorkException.kind == kind)
    if severity is not None:
        rows = rows.where(WorkException.severity == severity)
    return rows
