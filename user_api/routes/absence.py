"""Leave and public holidays."""

from datetime import date, datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, model_validator

from timecontrol.contracts.calendar import CalendarDay, CalendarInstant
from timecontrol.contracts.punch import Name
from timecontrol.core.absence import (
    PartOfDay,
    WholeDays,
    ask_leave,
    decide_leave,
    find_leave,
    list_holidays,
    list_leave,
    remove_holiday,
    remove_leave,
    save_holiday,
)
from timecontrol.core.access import Forbidden
from timecontrol.core.people import check_right, need_person
from timecontrol.warehouse.core_store import transaction
from timecontrol.warehouse.core_tables import Leave
from user_api.auth import Anybody, Caller, Hr, Planner
from user_api.errors import FAULTS, Fault
from user_api.services import ServicesOf, writing

router = APIRouter(
    prefix="/v1",
    tags=["leave"],
    responses=FAULTS | {409: {"model": Fault, "description": "In conflict with what is there"}},
)


class NewLeave(BaseModel):
    """Whole days (`first_day` to `last_day`) or part of a day (`starts_at` to `ends_at`); without employee_id one's own."""

    employee_id: Name | None = None
    first_day: CalendarDay | None = None
    last_day: CalendarDay | None = None
    starts_at: CalendarInstant | None = None
    ends_at: CalendarInstant | None = None
    leave_type: Name = Field(default="leave", examples=["vacation"])

    @model_validator(mode="after")
    def _one_of_both(self) -> "NewLeave":
        self.wanted()
        return self

    def wanted(self) -> WholeDays | PartOfDay:
        """The time that is asked for."""
        whole = (self.first_day, self.last_day)
        part = (self.starts_at, self.ends_at)
        if whole[0] is not None and whole[1] is not None and part == (None, None):
            return WholeDays(whole[0], whole[1])
        if part[0] is not None and part[1] is not None and whole == (None, None):
            return PartOfDay(part[0], part[1])
        raise ValueError("give first_day and last_day, or starts_at and ends_at")


class LeaveView(BaseModel):
    """A leave."""

    leave_id: str
    employee_id: str
    starts_at: datetime
    ends_at: datetime
    first_day: date | None
    last_day: date | None
    leave_type: str
    status: Literal["requested", "approved", "refused"]


class Decision(BaseModel):
    """Yes or no."""

    approve: bool


class HolidayBody(BaseModel):
    """A holiday's name."""

    name: Name = Field(examples=["New Year"])


class HolidayView(BaseModel):
    """A holiday of a site."""

    holiday: date
    name: str


@router.post("/leave", status_code=201)
def post_leave(body: NewLeave, claims: Caller, services: ServicesOf, response: Response) -> LeaveView:
    """Ask for leave of one's own; what managers and HR enter for others is approved."""
    now = services.clock.now()
    employee_id = body.employee_id or claims.employee_id
    if employee_id is None:
        raise Forbidden("This account belongs to no employee: say employee_id.")
    own = employee_id == claims.employee_id
    with writing(services, response) as session:
        if not own:
            check_right(session, claims, "plan", employee_id, now.date())
        person = need_person(session, employee_id, now.date())
        leave = ask_leave(
            session, person, body.wanted(), body.leave_type, approved=not own, actor=claims.actor, now=now
        )
        return view(leave)


@router.get("/employees/{employee_id}/leave")
def employee_leave(employee_id: Name, claims: Caller, services: ServicesOf) -> list[LeaveView]:
    """The leave of an employee, whatever became of it."""
    with transaction(services.engine) as session:
        check_right(session, claims, "read", employee_id, services.clock.now().date())
        return [view(leave) for leave in list_leave(session, employee_id)]


@router.post("/leave/{leave_id}/decision")
def decide(leave_id: Name, body: Decision, claims: Planner, services: ServicesOf, response: Response) -> LeaveView:
    """Approve or refuse a request; nobody decides on their own."""
    now = services.clock.now()
    with writing(services, response) as session:
        leave = find_leave(session, leave_id)
        if leave.employee_id == claims.employee_id:
            raise Forbidden("Somebody else decides about your own leave.")
        check_right(session, claims, "plan", leave.employee_id, now.date())
        return view(decide_leave(session, leave, approve=body.approve, actor=claims.actor, now=now))


@router.delete("/leave/{leave_id}", status_code=204)
def delete_leave(leave_id: Name, claims: Caller, services: ServicesOf, response: Response) -> None:
    """Take leave back: one's own while it is only requested, managers and HR at any time."""
    now = services.clock.now()
    with writing(services, response) as session:
        leave = find_leave(session, leave_id)
        if leave.employee_id != claims.employee_id or leave.status != "requested":
            check_right(session, claims, "plan", leave.employee_id, now.date())
        remove_leave(session, leave, actor=claims.actor, now=now)


@router.get("/sites/{site_id}/holidays")
def holidays(site_id: Name, _claims: Anybody, services: ServicesOf) -> list[HolidayView]:
    """The holidays of a site."""
    with transaction(services.engine) as session:
        return [HolidayView(holiday=day, name=name) for day, name in list_holidays(session, site_id)]


@router.put("/sites/{site_id}/holidays/{holiday}")
def put_holiday(
    site_id: Name, holiday: CalendarDay, body: HolidayBody, claims: Hr, services: ServicesOf, response: Response
) -> HolidayView:
    """Make or rename a holiday."""
    with writing(services, response) as session:
        save_holiday(session, site_id, holiday, body.name, actor=claims.actor, now=services.clock.now())
    return HolidayView(holiday=holiday, name=body.name)


@router.delete("/sites/{site_id}/holidays/{holiday}", status_code=204)
def delete_holiday(site_id: Name, holiday: CalendarDay, claims: Hr, services: ServicesOf, response: Response) -> None:
    """Take a holiday out."""
    with writing(services, response) as session:
        remove_holiday(session, site_id, holiday, actor=claims.actor, now=services.clock.now())


def view(leave: Leave) -> LeaveView:
    """A leave as the API shows it."""
    return LeaveView.model_validate(leave, from_attributes=True)
