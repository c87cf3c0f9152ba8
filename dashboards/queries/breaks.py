"""Breaks: how long they were, which were paid and which required, and what the break rules say."""

from sqlalchemy import ColumnElement, Float, and_, case, cast, exists, func, or_, select

from dashboards.filters import Filters
from dashboards.queries.people import NAME, WHO, chosen
from dashboards.queries.sums import ALL_ROWS, Question, total, within
from timecontrol.warehouse.marts import Employee, Finding, Segment, Site, Workday

BIN_MINUTES = 5
# Longer breaks stand in the last bin: a distribution of meals and rests is read below two hours.
LAST_BIN_MINUTES = 120

#: The rules that speak of breaks.
IS_BREAK_RULE = or_(
    Finding.rule.like("meal\\_period\\_%"), Finding.rule.in_(("rest_periods", "break_total", "longest_work"))
)

#: A meal break is required where a meal rule asked for one on that day.
IS_REQUIRED = and_(
    Segment.break_type == "meal",
    exists().where(
        Finding.employee_id == Segment.employee_id,
        Finding.workweek == Segment.workweek,
        Finding.on_date == Segment.workday,
        Finding.rule.like("meal\\_period\\_%"),
        Finding.status.in_(("satisfied", "violated")),
    ),
)


def summary(filters: Filters) -> Question:
    """One row: breaks, unpaid and paid (seconds), people."""
    return (
        select(
            func.count().label("breaks"),
            func.count(Segment.employee_id.distinct()).label("people"),
            cast(func.coalesce(func.sum(Segment.seconds).filter(Segment.is_paid.is_not(True)), 0), Float).label(
                "unpaid"
            ),
            cast(func.coalesce(func.sum(Segment.seconds).filter(Segment.is_paid.is_(True)), 0), Float).label("paid"),
        )
        .join(Employee, Employee.employee_id == Segment.employee_id)
        .where(*taken(filters))
    )


def lengths(filters: Filters) -> Question:
    """The distribution: minutes (where the bin begins), break_type, is_paid, breaks."""
    minutes = func.least(func.floor(cast(Segment.seconds, Float) / 60 / BIN_MINUTES) * BIN_MINUTES, LAST_BIN_MINUTES)
    return (
        select(minutes.label("minutes"), Segment.break_type, Segment.is_paid, func.count().label("breaks"))
        .join(Employee, Employee.employee_id == Segment.employee_id)
        .where(*taken(filters), Segment.seconds.is_not(None))
        .group_by(minutes, Segment.break_type, Segment.is_paid)
        .order_by(minutes)
    )


def findings_by_rule(filters: Filters) -> Question:
    """What the break rules say: rule, status, reason, findings."""
    return (
        select(Finding.rule, Finding.status, Finding.reason, func.count().label("findings"))
        .join(Employee, Employee.employee_id == Finding.employee_id)
        .where(within(Finding.on_date, filters), chosen(filters), IS_BREAK_RULE)
        .group_by(Finding.rule, Finding.status, Finding.reason)
        .order_by(Finding.rule, Finding.status)
    )


def violations(filters: Filters) -> Question:
    """Missing, short and late breaks, the newest first: who, date, rule, reason, required and actual minutes, reference."""
    return (
        select(
            *WHO,
            Finding.on_date.label("date"),
            Finding.rule,
            Finding.reason,
            cast(Finding.required_minutes, Float).label("required"),
            cast(Finding.actual_minutes, Float).label("actual"),
            Finding.reference,
            ALL_ROWS,
        )
        .join(Employee, Employee.employee_id == Finding.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(Finding.on_date, filters), chosen(filters), IS_BREAK_RULE, Finding.status == "violated")
        .order_by(Finding.on_date.desc(), NAME, Employee.employee_id, Finding.rule)
    )


def listed(filters: Filters) -> Question:
    """Every break, the newest first: who, workday, started_at, ended_at, seconds, break_type, is_paid, required."""
    required: ColumnElement[bool] = case((IS_REQUIRED, True), else_=False)
    return (
        select(
            *WHO,
            Segment.workday,
            Segment.started_at,
            Segment.ended_at,
            Segment.seconds,
            Segment.break_type,
            Segment.is_paid,
            Segment.time_zone,
            required.label("required"),
            ALL_ROWS,
        )
        .join(Employee, Employee.employee_id == Segment.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(*taken(filters))
        .order_by(Segment.started_at.desc(), NAME, Employee.employee_id)
    )


def deducted(filters: Filters) -> Question:
    """One row: seconds that policies deducted by themselves, and the days concerned."""
    return (
        select(
            total(Workday.auto_deducted_seconds).label("seconds"),
            func.count().filter(Workday.auto_deducted_seconds > 0).label("days"),
        )
        .join(Employee, Employee.employee_id == Workday.employee_id)
        .where(within(Workday.workday, filters), chosen(filters))
    )


def taken(filters: Filters) -> tuple[ColumnElement[bool], ...]:
    """Breaks of the period and the people."""
    return (Segment.kind == "break", within(Segment.workday, filters), chosen(filters))
