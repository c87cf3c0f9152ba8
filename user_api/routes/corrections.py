"""Corrections of punches: anybody proposes for themselves, managers and HR decide."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StringConstraints

from timecontrol.contracts.punch import Name
from timecontrol.core.access import EVERYBODY, Forbidden
from timecontrol.core.corrections import Change, decide, find, list_corrections, propose
from timecontrol.core.people import check_right, list_people
from timecontrol.warehouse.core_store import transaction
from timecontrol.warehouse.core_tables import Correction
from user_api.auth import Caller, Planner
from user_api.errors import FAULTS, Fault
from user_api.services import ServicesOf, writing

router = APIRouter(
    prefix="/v1/corrections",
    tags=["corrections"],
    responses=FAULTS | {409: {"model": Fault, "description": "Decided, or the punch corrected, before"}},
)

Reason = Annotated[str, StringConstraints(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class NewCorrection(BaseModel):
    """A correction to propose; without employee_id of one's own punches.

    Under a `correction_id` of the client's own the request can be repeated: it is one correction.
    """

    correction_id: UUID | None = None
    employee_id: Name | None = None
    change: Change = Field(
        examples=[{"action": "add", "punch": {"kind": "clock_out", "occurred_at": "2026-11-24T17:00:00+01:00"}}]
    )
    reason: Reason = Field(examples=["Forgot to clock out"])


class CorrectionView(BaseModel):
    """A correction; once approved it is the punch event of the same id."""

    correction_id: UUID
    employee_id: str
    status: Literal["proposed", "approved", "refused"]
    change: dict[str, Any]
    reason: str
    actor: str
    recorded_at: datetime


class Decision(BaseModel):
    """Yes or no."""

    approve: bool


@router.post("", status_code=201)
def post_correction(body: NewCorrection, claims: Caller, services: ServicesOf, response: Response) -> CorrectionView:
    """Propose to add, replace or void a punch."""
    now = services.clock.now()
    employee_id = body.employee_id or claims.employee_id
    if employee_id is None:
        raise Forbidden("This token belongs to no employee: say employee_id.")
    with writing(services, response) as session:
        if employee_id != claims.employee_id:
            check_right(session, claims, "plan", employee_id, now.date())
        proposed = propose(
            session, employee_id, body.change, body.reason, body.correction_id, actor=claims.actor, now=now
        )
        return view(proposed)


@router.get("")
def corrections(
    claims: Caller, services: ServicesOf, status: Literal["proposed", "approved", "refused"] | None = None
) -> list[CorrectionView]:
    """One's own and one's team's; HR, payroll and administrators see all."""
    today = services.clock.now().date()
    with transaction(services.engine) as session:
        wanted: list[str] | None = None
        if not set(claims.roles) & EVERYBODY["read"]:
            if claims.employee_id is None:
                raise Forbidden("This token belongs to no employee.")
            team = list_people(session, today, claims.employee_id) if "manager" in claims.roles else []
            wanted = [claims.employee_id, *(person.employee_id for person in team)]
        return [view(correction) for correction in list_corrections(session, wanted, status)]


@router.post("/{correction_id}/decision")
def post_decision(
    correction_id: UUID, body: Decision, claims: Planner, services: ServicesOf, response: Response
) -> CorrectionView:
    """Approve or refuse; nobody decides about their own punches, nor about what they have proposed."""
    now = services.clock.now()
    key = services.settings.secrets.record_signing.get_secret_value().encode()
    with writing(services, response) as session:
        correction = find(session, correction_id)
        if correction.employee_id == claims.employee_id:
            raise Forbidden("Somebody else decides about corrections of your own punches.")
        check_right(session, claims, "plan", correction.employee_id, now.date())
        return view(decide(session, correction, approve=body.approve, key=key, actor=claims.actor, now=now))


def view(correction: Correction) -> CorrectionView:
    """A correction as the API shows it."""
    return CorrectionView.model_validate(correction, from_attributes=True)
