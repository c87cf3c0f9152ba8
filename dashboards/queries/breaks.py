"""Breaks: how long they were, which were paid and which required, and what the break rules say."""

from datetime import timedelta

from sqlalchemy import BigInteger, ColumnElement, Float, Subquery, and_, cast, exists, func, or_, select

from dashboards.filters import Filters
from dashboards.queries.answers import ANSWER
from dashboards.queries.people import NAME, WHO, chosen
from dashboards.queries.sums import ALL_ROWS, Question, total, within
from timecontrol.warehouse.marts import (
    CUT_AT_DAY,
    REST_OF_SLEEP,
    Employee,
    Finding,
    Segment,
    Site,
    Workday,
    WorkedShift,
)

BIN_MINUTES = 5
# Longer breaks stand in the last bin: a distribution of meals and rests is read below two hours.
LAST_BIN_MINUTES = 120

#: The rules that speak of breaks.
IS_BREAK_RULE = or_(
    Finding.rule.like("meal\\_period\\_%"), Finding.rule.in_(("rest_periods", "break_total", "longest_work"))
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def summary(filters: Filters) -> Question:
    """One row: breaks, unpaid and paid (seconds), people."""
    found = taken(filters).c
    return select(
        func.count().label("breaks"),
        func.count(found.employee_id.distinct()).label("people"),
        cast(func.coalesce(func.sum(found.seconds).filter(found.is_paid.is_not(True)), 0), Float).label("unpaid"),
        cast(func.coalesce(func.sum(found.seconds).filter(found.is_paid.is_(True)), 0), Float).label("paid"),
    )


def lengths(filters: Filters) -> Question:
    """The distribution: minutes (where the bin begins), break_type, is_paid, breaks."""
    found = taken(filters).c
    minutes = func.least(func.floor(cast(found.seconds, Float) / 60 / BIN_MINUTES) * BIN_MINUTES, LAST_BIN_MINUTES)
    return (
        select(minutes.label("minutes"), found.break_type, found.is_paid, func.count().label("breaks"))
        .group_by(minutes, found.break_type, found.is_paid)
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
    """Missing, short and late breaks, the newest first: who, and the answer."""
    return (
        select(*WHO, *ANSWER, ALL_ROWS)
        .join(Employee, Employee.employee_id == Finding.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(Finding.on_date, filters), chosen(filters), IS_BREAK_RULE, Finding.status == "violated")
        .order_by(Finding.on_date.desc(), NAME, Employee.employee_id, Finding.rule)
    )


def listed(filters: Filters) -> Question:
    """Every break, the newest first: who, workday, started_at, ended_at, seconds, break_type, is_paid, required."""
    found = taken(filters)
    return (
        select(
            *WHO,
            found.c.workday,
            found.c.started_at,
            found.c.ended_at,
            found.c.seconds,
            found.c.break_type,
            found.c.is_paid,
            found.c.time_zone,
            is_required(found).label("required"),
            ALL_ROWS,
        )
        .join_from(found, Employee, Employee.employee_id == found.c.employee_id)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .order_by(found.c.started_at.desc(), NAME, Employee.employee_id)
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


def taken(filters: Filters) -> Subquery:
    """The breaks of the period and the people, a row each: one that is cut at a boundary is whole, on the workday it began on."""
    whole = func.split_part(Segment.segment_id, CUT_AT_DAY, 1)
    of_the_break = (
        Segment.employee_id,
        Segment.worked_shift_id,
        Segment.break_type,
        Segment.is_paid,
        Segment.time_zone,
    )
    first_workday = func.min(Segment.workday)
    return (
        select(
            *of_the_break,
            func.min(Segment.workweek).label("workweek"),
            first_workday.label("workday"),
            func.min(Segment.started_at).label("started_at"),
            func.max(Segment.ended_at).label("ended_at"),
            cast(func.sum(Segment.seconds), BigInteger).label("seconds"),
        )
        .join(Employee, Employee.employee_id == Segment.employee_id)
        .where(
            Segment.kind == "break",
            whole.not_like(f"%{REST_OF_SLEEP}"),
            # Its other piece may lie on the day before the period, and then it is not of it, or on the day after.
            Segment.workday.between(filters.first_day - DAY, filters.last_day + DAY),
            chosen(filters),
        )
        .group_by(*of_the_break, whole)
        .having(first_workday.between(filters.first_day, filters.last_day))
        .subquery("taken")
    )


def is_required(found: Subquery) -> ColumnElement[bool]:
    """Whether a meal rule asked for a meal break on the workday that the break's worked shift began on."""
    return and_(
        found.c.break_type.is_not_distinct_from("meal"),
        exists().where(
            WorkedShift.worked_shift_id == found.c.worked_shift_id,
            WorkedShift.employee_id == found.c.employee_id,
            # The shift may have begun on the last day of the week before.
            WorkedShift.workweek.between(found.c.workweek - WEEK, found.c.workweek),
            Finding.employee_id == WorkedShift.employee_id,
            Finding.workweek == WorkedShift.workweek,
            Finding.on_date == WorkedShift.workday,
            Finding.rule.like("meal\\_period\\_%"),
            Finding.status.in_(("satisfied", "violated")),
        ),
    )
