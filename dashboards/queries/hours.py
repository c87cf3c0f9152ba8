"""Hours: totals by employee and week, and all that is known of an employee's days."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import BigInteger, ColumnElement, Subquery, and_, case, cast, func, or_, select

from dashboards.filters import Filters
from dashboards.queries.answers import ANSWER
from dashboards.queries.people import NAME, WHO, chosen
from dashboards.queries.sums import ALL_ROWS, Question, total, within
from timecontrol.serving.explain.day import of_shifts
from timecontrol.warehouse.marts import (
    Employee,
    Finding,
    PayLine,
    PolicyParameter,
    Punch,
    Segment,
    ShiftOutcome,
    Site,
    Workday,
    WorkedShift,
    WorkException,
)

DAY = timedelta(days=1)

#: What sets an account of hours.
ACCOUNT = "overtime.against_schedule"
#: Base pay at more than the plain rate; premiums on top are not overtime.
IS_OVERTIME = and_(PayLine.on_top.is_(False), PayLine.multiplier > 1)


def summary(filters: Filters) -> Question:
    """One row: workdays (also those planned alone), people with hours, worked_days, and seconds worked, paid, scheduled, balance;
    open_days.
    """
    return (
        select(
            # A workday is there for a shift or leave without hours, too.
            func.count().label("workdays"),
            func.count(Workday.employee_id.distinct())
            .filter(or_(Workday.worked_seconds > 0, Workday.paid_seconds > 0))
            .label("people"),
            func.count().filter(Workday.worked_seconds > 0).label("worked_days"),
            total(Workday.worked_seconds).label("worked"),
            total(Workday.paid_seconds).label("paid"),
            total(Workday.scheduled_seconds).label("scheduled"),
            total(Workday.balance_seconds).label("balance"),
            func.count().filter(Workday.is_open).label("open_days"),
        )
        .join(Employee, Employee.employee_id == Workday.employee_id)
        .where(within(Workday.workday, filters), chosen(filters))
    )


def overtime(filters: Filters) -> Question:
    """One row: seconds paid at more than the plain rate."""
    return (
        select(total(PayLine.seconds).label("seconds"))
        .join(Employee, Employee.employee_id == PayLine.employee_id)
        .where(within(PayLine.workday, filters), chosen(filters), IS_OVERTIME)
    )


def by_week(filters: Filters) -> Question:
    """Seconds by workweek, pay_code and on_top."""
    return (
        select(PayLine.workweek, PayLine.pay_code, PayLine.on_top, total(PayLine.seconds).label("seconds"))
        .join(Employee, Employee.employee_id == PayLine.employee_id)
        .where(within(PayLine.workday, filters), chosen(filters))
        .group_by(PayLine.workweek, PayLine.pay_code, PayLine.on_top)
        .order_by(PayLine.workweek, PayLine.on_top, PayLine.pay_code)
    )


def by_employee(filters: Filters) -> Question:
    """One row for each employee by name: who, days, worked, paid, scheduled, balance, unpaid_breaks (seconds).

    The balance is null where on none of the days the policy keeps an account of hours.
    """
    account = versions(ACCOUNT)
    return (
        select(
            *WHO,
            func.count().filter(Workday.worked_seconds > 0).label("days"),
            total(Workday.worked_seconds).label("worked"),
            total(Workday.paid_seconds).label("paid"),
            total(Workday.scheduled_seconds).label("scheduled"),
            cast(func.sum(Workday.balance_seconds).filter(account.c.policy.is_not(None)), BigInteger).label("balance"),
            total(Workday.unpaid_break_seconds).label("unpaid_breaks"),
            ALL_ROWS,
        )
        .join(Employee, Employee.employee_id == Workday.employee_id)
        .outerjoin(account, is_of_workday(account))
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(within(Workday.workday, filters), chosen(filters))
        .group_by(Employee.employee_id, NAME, Employee.team, Site.name, Employee.site_id)
        .order_by(NAME, Employee.employee_id)
    )


def versions(parameter: str) -> Subquery:
    """A parameter of each policy, from when until before when (null: still) it has which value: policy, since, until, value.

    Abolished values are left out.
    """
    every = (
        select(
            PolicyParameter.policy,
            PolicyParameter.valid_from.label("since"),
            func.lead(PolicyParameter.valid_from)
            .over(partition_by=PolicyParameter.policy, order_by=PolicyParameter.valid_from)
            .label("until"),
            PolicyParameter.value,
        )
        .where(PolicyParameter.parameter == parameter)
        .subquery()
    )
    return select(*every.c).where(func.jsonb_typeof(every.c.value) != "null").subquery()


def is_of_workday(version: Subquery) -> ColumnElement[bool]:
    """Joins a workday to the one of the `versions` that its policy has on it."""
    return and_(
        version.c.policy == Workday.policy,
        version.c.since <= Workday.workday,
        or_(version.c.until.is_(None), Workday.workday < version.c.until),
    )


def pay_of(employee_ids: Sequence[str], filters: Filters) -> Question:
    """Seconds by employee_id and pay_code of these employees."""
    return (
        select(PayLine.employee_id, PayLine.pay_code, total(PayLine.seconds).label("seconds"))
        .where(PayLine.employee_id.in_(employee_ids), within(PayLine.workday, filters))
        .group_by(PayLine.employee_id, PayLine.pay_code)
        .order_by(PayLine.employee_id, PayLine.pay_code)
    )


def days(employee_id: str, first_day: date, last_day: date) -> Question:
    """The workdays of an employee, the newest first, each with what its policy says of it and what it has of an earlier one.

    That is has_account, attribution and begins_at (null: the default), carried_since and carried_until.
    """
    account, attribution, begin = map(versions, (ACCOUNT, "workday.attribution", "workday.starts_at"))
    # A worked shift that the policy cuts at the boundary of a workday has its first in and last out on the first of them.
    carried = (
        select(
            Segment.workday,
            func.min(WorkedShift.started_at).label("carried_since"),
            func.max(WorkedShift.ended_at).label("carried_until"),
        )
        .join(
            WorkedShift,
            and_(
                WorkedShift.worked_shift_id == Segment.worked_shift_id,
                WorkedShift.employee_id == Segment.employee_id,
                WorkedShift.workday < Segment.workday,
            ),
        )
        .where(
            Segment.employee_id == employee_id,
            Segment.workday.between(first_day, last_day),
            Segment.kind != "off",
        )
        .group_by(Segment.workday)
        .subquery()
    )
    return (
        select(
            *Workday.__table__.columns,
            account.c.policy.is_not(None).label("has_account"),
            attribution.c.value.label("attribution"),
            begin.c.value.label("begins_at"),
            carried.c.carried_since,
            carried.c.carried_until,
        )
        .outerjoin(account, is_of_workday(account))
        .outerjoin(attribution, is_of_workday(attribution))
        .outerjoin(begin, is_of_workday(begin))
        .outerjoin(carried, carried.c.workday == Workday.workday)
        .where(Workday.employee_id == employee_id, Workday.workday.between(first_day, last_day))
        .order_by(Workday.workday.desc())
    )


def segments(employee_id: str, first_day: date, last_day: date) -> Question:
    """The segments of an employee's workdays but time off, in order: workday, kind, break_type, is_paid, started_at, ended_at, seconds."""
    return (
        select(
            Segment.workday,
            Segment.kind,
            Segment.break_type,
            Segment.is_paid,
            Segment.started_at,
            Segment.ended_at,
            Segment.seconds,
            Segment.time_zone,
        )
        .where(Segment.employee_id == employee_id, Segment.workday.between(first_day, last_day), Segment.kind != "off")
        .order_by(Segment.started_at)
    )


def shifts(employee_id: str, first_day: date, last_day: date) -> Question:
    """The scheduled shifts of an employee's workdays: workday, shift_start, shift_end, outcome, late_seconds, early_leave_seconds.

    With worked_from and worked_to of the worked shift that matches; a day may have a part of it only. Those of the day
    before the first are read too: one may reach into it.
    """
    return (
        select(
            ShiftOutcome.workday,
            ShiftOutcome.shift_start,
            ShiftOutcome.shift_end,
            ShiftOutcome.outcome,
            ShiftOutcome.late_seconds,
            ShiftOutcome.early_leave_seconds,
            WorkedShift.started_at.label("worked_from"),
            WorkedShift.ended_at.label("worked_to"),
        )
        .outerjoin(WorkedShift, WorkedShift.worked_shift_id == ShiftOutcome.worked_shift_id)
        .where(ShiftOutcome.employee_id == employee_id, ShiftOutcome.workday.between(first_day - DAY, last_day))
        .order_by(ShiftOutcome.shift_start)
    )


def punches(employee_id: str, day: date) -> Question:
    """The punches of an employee's workday in order, unused ones too, with those of a worked shift that has a part in it."""
    return of_shifts(Punch, employee_id, day).order_by(Punch.occurred_at, Punch.event_id)


def pay_lines(employee_id: str, day: date) -> Question:
    """The pay lines of one workday: pay_code, source, seconds, multiplier, on_top, policy."""
    return (
        select(PayLine.pay_code, PayLine.source, PayLine.seconds, PayLine.multiplier, PayLine.on_top, PayLine.policy)
        .where(PayLine.employee_id == employee_id, PayLine.workday == day)
        .order_by(PayLine.on_top, PayLine.multiplier, PayLine.pay_code)
    )


def findings(employee_id: str, day: date) -> Question:
    """What each rule says of one workday, the worst first."""
    worst_first = case({"violated": 0, "pending": 1, "waived": 2, "satisfied": 3}, value=Finding.status, else_=4)
    return (
        select(*ANSWER)
        .where(Finding.employee_id == employee_id, Finding.on_date == day)
        .order_by(worst_first, Finding.rule)
    )


def exceptions(employee_id: str, day: date) -> Question:
    """What must be looked at on one workday: kind, at, severity, detail."""
    return (
        select(WorkException.kind, WorkException.at, WorkException.severity, WorkException.detail)
        .where(WorkException.employee_id == employee_id, WorkException.workday == day)
        .order_by(WorkException.at)
    )
