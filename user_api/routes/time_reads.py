"""State, hours and schedule, of oneself and of those whose data one may read."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from timecontrol.contracts.calendar import CalendarDay
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.contracts.punch import Name
from timecontrol.core.local_time import day_bounds, zone_of
from timecontrol.core.people import check_right, find_person, shown_zone
from timecontrol.core.schedule import scheduled
from timecontrol.core.tokens import Claims
from timecontrol.serving.result import Result
from timecontrol.warehouse.core_store import transaction
from timecontrol.warehouse.marts import Employee, Workday
from user_api.auth import Caller, Person, SignedPerson
from user_api.errors import FAULTS
from user_api.live_state import LiveState
from user_api.routes.planning import ShiftView
from user_api.services import READ_AFTER, Services, ServicesOf

router = APIRouter(prefix="/v1", tags=["time"], responses=FAULTS)

# More is a report, and reports are the dashboards' business.
LONGEST_PERIOD = timedelta(days=366)
# What is shown when no period is asked for.
SHOWN_SCHEDULE = timedelta(days=14)

From = Annotated[CalendarDay | None, Query(alias="from", description="First day, local")]
To = Annotated[CalendarDay | None, Query(description="Last day, local")]
ReadAfter = Annotated[
    str | None,
    Header(
        alias=READ_AFTER, pattern=r"^[0-9A-F]{1,8}/[0-9A-F]{1,8}$", description="An X-Write-Position of one's own write"
    ),
]


class DayHours(BaseModel):
    """A workday, in whole seconds."""

    workday: date
    worked_seconds: int
    paid_seconds: int
    unpaid_break_seconds: int
    paid_break_seconds: int
    scheduled_seconds: int
    balance_seconds: int
    first_in: datetime | None
    last_out: datetime | None
    is_open: bool


class Hours(BaseModel):
    """Hours by workday. `source` is who answered, `age_seconds` how old its data were; `computed_at` is the models' now.

    `today` is the employee's local day.
    """

    employee_id: str
    today: date
    days: list[DayHours]
    worked_seconds: int
    paid_seconds: int
    source: Literal["replica", "primary", "cache"]
    age_seconds: float
    computed_at: datetime | None


class Schedule(BaseModel):
    """Shifts in their order."""

    employee_id: str
    time_zone: str
    shifts: list[ShiftView]


@router.get("/me/state")
async def my_state(claims: SignedPerson, services: ServicesOf) -> LiveState:
    """Whether I am in, on break or out."""
    assert claims.employee_id is not None
    return await services.live.of(claims.employee_id, services.clock.now())


@router.get("/me/hours")
def my_hours(
    claims: SignedPerson,
    services: ServicesOf,
    response: Response,
    first: From = None,
    to: To = None,
    read_after: ReadAfter = None,
) -> Hours:
    """My hours: of this workweek, or of a period."""
    assert claims.employee_id is not None
    return hours(services, claims.employee_id, first, to, read_after, response)


@router.get("/me/schedule")
def my_schedule(claims: Person, services: ServicesOf, first: From = None, to: To = None) -> Schedule:
    """My shifts: of the next two weeks, or of a period."""
    assert claims.employee_id is not None
    return schedule(services, claims.employee_id, first, to)


@router.get("/employees/{employee_id}/state")
async def employee_state(employee_id: Name, claims: Caller, services: ServicesOf) -> LiveState:
    """Whether an employee is in, on break or out."""
    await run_in_threadpool(_check, services, claims, employee_id)
    return await services.live.of(employee_id, services.clock.now())


@router.get("/employees/{employee_id}/hours")
def employee_hours(
    employee_id: Name,
    claims: Caller,
    services: ServicesOf,
    response: Response,
    first: From = None,
    to: To = None,
    read_after: ReadAfter = None,
) -> Hours:
    """The hours of an employee."""
    _check(services, claims, employee_id)
    return hours(services, employee_id, first, to, read_after, response)


@router.get("/employees/{employee_id}/schedule")
def employee_schedule(
    employee_id: Name, claims: Caller, services: ServicesOf, first: From = None, to: To = None
) -> Schedule:
    """The shifts of an employee."""
    _check(services, claims, employee_id)
    return schedule(services, employee_id, first, to)


def hours(
    services: Services,
    employee_id: str,
    first: date | None,
    to: date | None,
    read_after: str | None,
    response: Response,
) -> Hours:
    """Hours of a period, or of the workweek from the cache; the header `X-Source` says who answered."""
    today = _today(services, employee_id)
    if first is None and to is None and read_after is None:
        result = services.cache.hours_of_week(employee_id, today)
    else:
        start, end = _period(first, to, today, timedelta(days=6))
        statement = (
            select(*Workday.__table__.columns)
            .where(Workday.employee_id == employee_id, Workday.workday.between(start, end))
            .order_by(Workday.workday)
        )
        result = services.reads.fetch(statement, not_before=read_after)
    response.headers["X-Source"] = result.origin
    return _hours(employee_id, today, result)


def schedule(services: Services, employee_id: str, first: date | None, to: date | None) -> Schedule:
    """Shifts that touch the local days of a period."""
    now = services.clock.now()
    with transaction(services.engine) as session:
        zone = shown_zone(session, find_person(session, employee_id, now.date()))
        start, end = _period(first, to, now.astimezone(zone).date(), SHOWN_SCHEDULE)
        shifts = scheduled(session, employee_id, *day_bounds(start, end, zone))
    return Schedule(employee_id=employee_id, time_zone=zone.key, shifts=[ShiftView(**vars(shift)) for shift in shifts])


def _period(first: date | None, to: date | None, today: date, length: timedelta) -> tuple[date, date]:
    start = first or (to - length if to else today)
    end = to or start + length
    if not start <= end or end - start > LONGEST_PERIOD:
        raise Rejected("wrong_period", f"`to` must be {start} or later, by at most {LONGEST_PERIOD.days} days", "to")
    return start, end


def _today(services: Services, employee_id: str) -> date:
    """The employee's local day, by the zone that the last run knew; UTC's where none is known, or nobody answers."""
    now = services.clock.now()
    try:
        found = services.cache.page(select(Employee.time_zone).where(Employee.employee_id == employee_id)).rows
        return now.astimezone(zone_of(found[0][0] if found and found[0][0] else "UTC")).date()
    except Transient:
        return now.date()


def _check(services: Services, claims: Claims, employee_id: str) -> None:
    with transaction(services.engine) as session:
        check_right(session, claims, "read", employee_id, services.clock.now().date())


def _hours(employee_id: str, today: date, result: Result) -> Hours:
    days: list[dict[str, Any]] = result.records()
    return Hours(
        employee_id=employee_id,
        today=today,
        days=[DayHours.model_validate(day) for day in days],
        worked_seconds=sum(day["worked_seconds"] for day in days),
        paid_seconds=sum(day["paid_seconds"] for day in days),
        source=result.origin,
        age_seconds=result.age_seconds,
        computed_at=result.computed.now_at if result.computed else None,
    )
