"""Shifts, single and by weekly pattern."""

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from timecontrol.contracts.calendar import CalendarDay
from timecontrol.contracts.punch import Name
from timecontrol.core.people import check_right, need_person
from timecontrol.core.schedule import (
    add_pattern,
    add_shift,
    end_pattern,
    find_pattern,
    find_shift,
    move_shift,
    remove_shift,
)
from timecontrol.core.shift_planning import PatternDay, PlannedShift
from timecontrol.warehouse.core_tables import Shift
from user_api.auth import Planner
from user_api.errors import FAULTS, Fault
from user_api.services import ServicesOf, writing

OVERLAP: dict[int | str, dict[str, Any]] = {
    409: {"model": Fault, "description": "Overlaps a shift, which `detail` names, or is kept in the legacy HR system"}
}
router = APIRouter(prefix="/v1", tags=["schedule"], responses=FAULTS | OVERLAP)


class ShiftChange(PlannedShift):
    """When the shift is, and where."""

    site_id: Name | None = None


class NewShift(ShiftChange):
    """A shift to plan."""

    employee_id: Name


class ShiftView(BaseModel):
    """A shift; `origin` hr: edited in the legacy HR system."""

    shift_id: str
    employee_id: str
    starts_at: datetime
    ends_at: datetime
    breaks: list[dict[str, Any]]
    site_id: str | None
    pattern_id: str | None
    origin: str = "core"


class NewPattern(BaseModel):
    """Shifts of every week, by the clock of the site (or of the person, where no site is given)."""

    employee_id: Name
    week: list[PatternDay] = Field(min_length=1)
    valid_from: CalendarDay
    valid_to: CalendarDay = Field(description="Last day on which a shift begins, at most a year ahead")
    site_id: Name | None = None


class PatternView(BaseModel):
    """A pattern and its shifts."""

    pattern_id: str
    employee_id: str
    valid_from: date
    valid_to: date | None
    shifts: list[ShiftView]


class Removed(BaseModel):
    """How many shifts were taken out."""

    removed_shifts: int


@router.post("/shifts", status_code=201)
def post_shift(body: NewShift, claims: Planner, services: ServicesOf, response: Response) -> ShiftView:
    """Plan a shift; refused with the reason where it would overlap another."""
    now = services.clock.now()
    with writing(services, response) as session:
        check_right(session, claims, "plan", body.employee_id, now.date())
        person = need_person(session, body.employee_id, now.date())
        return view(add_shift(session, person, body, body.site_id, actor=claims.actor, now=now))


@router.put("/shifts/{shift_id}")
def put_shift(
    shift_id: Name, body: ShiftChange, claims: Planner, services: ServicesOf, response: Response
) -> ShiftView:
    """Move a shift."""
    now = services.clock.now()
    with writing(services, response) as session:
        check_right(session, claims, "plan", find_shift(session, shift_id).employee_id, now.date())
        return view(move_shift(session, shift_id, body, body.site_id, actor=claims.actor, now=now))


@router.delete("/shifts/{shift_id}", status_code=204)
def delete_shift(shift_id: Name, claims: Planner, services: ServicesOf, response: Response) -> None:
    """Take a shift out."""
    now = services.clock.now()
    with writing(services, response) as session:
        check_right(session, claims, "plan", find_shift(session, shift_id).employee_id, now.date())
        remove_shift(session, shift_id, actor=claims.actor, now=now)


@router.post("/shift-patterns", status_code=201)
def post_pattern(body: NewPattern, claims: Planner, services: ServicesOf, response: Response) -> PatternView:
    """Plan a weekly pattern: all its shifts, or none where one would overlap."""
    now = services.clock.now()
    with writing(services, response) as session:
        check_right(session, claims, "plan", body.employee_id, now.date())
        pattern, shifts = add_pattern(
            session,
            need_person(session, body.employee_id, now.date()),
            body.week,
            body.valid_from,
            body.valid_to,
            body.site_id,
            actor=claims.actor,
            now=now,
        )
    return PatternView(
        pattern_id=pattern.pattern_id,
        employee_id=pattern.employee_id,
        valid_from=pattern.valid_from,
        valid_to=pattern.valid_to,
        shifts=[view(shift) for shift in shifts],
    )


@router.delete("/shift-patterns/{pattern_id}")
def delete_pattern(pattern_id: Name, claims: Planner, services: ServicesOf, response: Response) -> Removed:
    """End a pattern: its shifts that have not begun are taken out."""
    now = services.clock.now()
    with writing(services, response) as session:
        pattern = find_pattern(session, pattern_id)
        check_right(session, claims, "plan", pattern.employee_id, now.date())
        return Removed(removed_shifts=end_pattern(session, pattern, actor=claims.actor, now=now))


def view(shift: Shift) -> ShiftView:
    """A shift of ours as the API shows it."""
    return ShiftView.model_validate(shift, from_attributes=True)
