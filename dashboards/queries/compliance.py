"""Shift outcomes and findings: the counts, and the rows behind each count."""

from sqlalchemy import func, select

from dashboards.filters import Filters
from dashboards.queries.answers import ANSWER
from dashboards.queries.people import NAME, SITE_NAME, WHO, chosen
from dashboards.queries.sums import ALL_ROWS, Question, total, within
from timecontrol.warehouse.marts import Employee, Finding, ShiftOutcome, Site, Workday


def outcomes_by_day(filters: Filters) -> Question:
    """workday, outcome, shifts."""
    return (
        select(ShiftOutcome.workday, ShiftOutcome.outcome, func.count().label("shifts"))
        .join(Employee, Employee.employee_id == ShiftOutcome.employee_id)
        .where(within(ShiftOutcome.workday, filters), chosen(filters))
        .group_by(ShiftOutcome.workday, ShiftOutcome.outcome)
        .order_by(ShiftOutcome.workday)
    )


def outcomes_by_site(filters: Filters) -> Question:
    """site, outcome, shifts."""
    return (
        select(SITE_NAME.label("site"), ShiftOutcome.outcome, func.count().label("shifts"))
        .join(Employee, Employee.employee_id == ShiftOutcome.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(ShiftOutcome.workday, filters), chosen(filters))
        .group_by(SITE_NAME, ShiftOutcome.outcome)
        .order_by(SITE_NAME)
    )


def shifts(filters: Filters, outcome: str) -> Question:
    """The shifts with one outcome, the newest first: who, workday, shift_start, shift_end, worked, late and early seconds."""
    return (
        select(
            *WHO,
            func.coalesce(Workday.time_zone, Employee.time_zone, Site.time_zone, "UTC").label("time_zone"),
            ShiftOutcome.workday,
            ShiftOutcome.shift_start,
            ShiftOutcome.shift_end,
            ShiftOutcome.worked_seconds,
            ShiftOutcome.late_seconds,
            ShiftOutcome.early_leave_seconds,
            ALL_ROWS,
        )
        .join(Employee, Employee.employee_id == ShiftOutcome.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .outerjoin(
            Workday, (Workday.employee_id == ShiftOutcome.employee_id) & (Workday.workday == ShiftOutcome.workday)
        )
        .where(within(ShiftOutcome.workday, filters), chosen(filters), ShiftOutcome.outcome == outcome)
        .order_by(ShiftOutcome.workday.desc(), NAME, Employee.employee_id, ShiftOutcome.shift_start)
    )


def findings_by_rule(filters: Filters) -> Question:
    """rule, status, findings."""
    return (
        select(Finding.rule, Finding.status, func.count().label("findings"))
        .join(Employee, Employee.employee_id == Finding.employee_id)
        .where(within(Finding.on_date, filters), chosen(filters))
        .group_by(Finding.rule, Finding.status)
        .order_by(Finding.rule, Finding.status)
    )


def findings(filters: Filters, rule: str, status: str) -> Question:
    """The findings behind one count, the newest first: who, and the answer."""
    return (
        select(*WHO, *ANSWER, ALL_ROWS)
        .join(Employee, Employee.employee_id == Finding.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(Finding.on_date, filters), chosen(filters), Finding.rule == rule, Finding.status == status)
        .order_by(Finding.on_date.desc(), NAME, Employee.employee_id)
    )


def without_shift(filters: Filters) -> Question:
    """Active employees who have no scheduled shift at all, with what they worked in the period: who, days, worked (seconds), last_day."""
    return (
        select(
            *WHO,
            func.count().filter(Workday.worked_seconds > 0).label("days"),
            total(Workday.worked_seconds).label("worked"),
            func.max(Workday.workday).filter(Workday.worked_seconds > 0).label("last_day"),
            ALL_ROWS,
        )
        .outerjoin(Workday, (Workday.employee_id == Employee.employee_id) & within(Workday.workday, filters))
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(chosen(filters), Employee.active, Employee.has_shifts.is_(False))
        .group_by(Employee.employee_id, Employee.name, Employee.team, Site.name, Employee.site_id)
        .order_by(NAME, Employee.employee_id)
    )
