"""Corrections of punches: proposed by anybody concerned, approved by somebody else, then a punch event of the User Core."""

from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

import uuid_utils
from pydantic import BaseModel, ConfigDict, model_validator
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from timecontrol.contracts.badges import BADGE_PREFIX
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import TOPIC, BreakType, Instant, Name, Punch, PunchKind, check_instant, to_json
from timecontrol.contracts.record import signed_headers
from timecontrol.core.access import Forbidden
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.warehouse.core_store import announce, driver, lock
from timecontrol.warehouse.core_tables import CapturedPunch, Correction
from timecontrol.warehouse.marts import Punch as MartPunch
from timecontrol.warehouse.outbox_store import add

# What a corrected punch says it came from.
SOURCE = "user_core"

Action = Literal["add", "replace", "void"]


class CorrectedPunch(BaseModel):
    """The punch as it should have been."""

    model_config = ConfigDict(extra="forbid")

    kind: PunchKind
    occurred_at: Instant
    break_type: BreakType | None = None
    site_id: Name | None = None
    cost_center: Name | None = None


class Change(BaseModel):
    """What a correction does: adds a punch that is missing, replaces one, or voids one."""

    model_config = ConfigDict(extra="forbid")

    action: Action
    event_id: UUID | None = None
    punch: CorrectedPunch | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Change":
        if (self.action == "add") != (self.event_id is None):
            raise ValueError("event_id names the punch to replace or void; a punch that is added has none")
        if (self.action == "void") != (self.punch is None):
            raise ValueError("punch says how it should have been; a punch that is voided has none")
        return self


def propose(
    session: Session,
    employee_id: str,
    change: Change,
    reason: str,
    correction_id: UUID | None = None,
    *,
    actor: str,
    now: datetime,
) -> Correction:
    """Propose a correction; raises NotFound for a punch that this employee does not have, Conflict, Rejected.

    `correction_id` is the client's own: proposed again under it, the same correction is returned as it stands by then.
    """
    if correction_id is None:
        correction_id = UUID(str(uuid_utils.uuid7()))
    elif (known := _proposed_before(session, correction_id)) is not None:
        if (known.employee_id, known.change, known.reason) != (employee_id, _jsonable(change), reason):
            raise Conflict("id_taken", f"There is another correction {correction_id}: give each an id of its own.")
        return known
    # Built now, so that what can never be approved is refused to the person who knows better.
    event_of(session, employee_id, change, correction_id, reason, approver=actor, now=now)
    return _step(session, correction_id, employee_id, "proposed", change, reason, actor=actor, now=now)


def decide(
    session: Session, correction: Correction, *, approve: bool, key: bytes, actor: str, now: datetime
) -> Correction:
    """Approve or refuse a proposal; an approved one is a punch event in the outbox of the same transaction.

    `key` signs records. Raises Conflict when it was decided before, or the punch was corrected otherwise meanwhile,
    Forbidden for the one who proposed it.
    """
    lock(session, f"correction:{correction.employee_id}")
    newest = find(session, correction.correction_id)
    if newest.status != "proposed":
        raise Conflict("decided", f"Correction {correction.correction_id} is {newest.status} already.")
    if newest.actor == actor:
        raise Forbidden("Somebody else decides about what you have proposed.")
    change = Change.model_validate(correction.change)
    if approve:
        event = event_of(
            session,
            correction.employee_id,
            change,
            correction.correction_id,
            correction.reason,
            approver=actor,
            now=now,
        )
        value = to_json(event)
        headers = signed_headers(
            event.event_id, SOURCE, value, "core", key, origin=f"correction:{correction.correction_id}"
        )
        add(driver(session), TOPIC, event.employee_id, headers, value)
    status = "approved" if approve else "refused"
    return _step(
        session,
        correction.correction_id,
        correction.employee_id,
        status,
        change,
        correction.reason,
        actor=actor,
        now=now,
    )


def event_of(
    session: Session,
    employee_id: str,
    change: Change,
    correction_id: UUID,
    reason: str,
    *,
    approver: str,
    now: datetime,
) -> Punch:
    """The punch event that a correction becomes; its `event_id` is the correction's. Raises NotFound, Conflict, Rejected."""
    target = None if change.event_id is None else _target(session, employee_id, change.event_id)
    details: dict[str, Any]
    if change.punch is not None:
        details = change.punch.model_dump()
        if target is not None:
            details["site_id"] = details["site_id"] or target.site_id
    else:
        assert target is not None
        details = {"kind": target.kind, "occurred_at": target.occurred_at, "break_type": target.break_type}
        details["site_id"] = target.site_id
    links = {"replace": {"supersedes": change.event_id}, "void": {"voids": change.event_id}, "add": {}}[change.action]
    try:
        event = Punch(
            event_id=correction_id,
            # Under the id that the punch was recorded with: consumers know the two to belong together by it.
            employee_id=employee_id if target is None else target.employee_id,
            received_at=now.astimezone(UTC),
            source=SOURCE,
            device_id=SOURCE,
            reason=reason,
            actor=approver,
            **details,
            **links,
        )
    except ValueError as error:
        raise Rejected("invalid_field", str(error), "punch") from error
    check_instant(event, now)
    return event


def find(session: Session, correction_id: UUID) -> Correction:
    """The newest step of a correction; raises NotFound."""
    found = _newest(session, correction_id)
    if found is None:
        raise NotFound(f"There is no correction {correction_id}.")
    return found


def list_corrections(session: Session, employee_ids: list[str] | None, status: str | None) -> list[Correction]:
    """The newest step of each correction, oldest first; of these employees, or of all."""
    newest = select(func.max(Correction.version_id)).group_by(Correction.correction_id)
    statement = select(Correction).where(Correction.version_id.in_(newest)).order_by(Correction.version_id)
    if employee_ids is not None:
        statement = statement.where(Correction.employee_id.in_(employee_ids))
    if status is not None:
        statement = statement.where(Correction.status == status)
    return list(session.scalars(statement))


def _newest(session: Session, correction_id: UUID) -> Correction | None:
    steps = select(Correction).where(Correction.correction_id == correction_id).order_by(Correction.version_id.desc())
    return session.scalar(steps.limit(1))


def _proposed_before(session: Session, correction_id: UUID) -> Correction | None:
    """What was proposed under an id; raises Conflict where a punch has it: the correction's event could not."""
    lock(session, f"correction_id:{correction_id}")
    known = _newest(session, correction_id)
    if known is None and session.get(CapturedPunch, correction_id) is not None:
        raise Conflict("id_taken", f"There is a punch {correction_id}: give the correction an id of its own.")
    return known


def _jsonable(change: Change) -> dict[str, Any]:
    return change.model_dump(mode="json", exclude_none=True)


def _target(session: Session, employee_id: str, event_id: UUID) -> CapturedPunch:
    target = session.get(CapturedPunch, event_id)
    if target is None or employee_id not in (target.employee_id, _holder(session, target)):
        raise NotFound(f"Employee {employee_id!r} has no punch {event_id}.")
    if target.voids is not None:
        raise Conflict("is_a_void", f"Event {event_id} voids another punch; propose the punch anew with action `add`.")
    replaced = session.scalar(
        select(CapturedPunch).where((CapturedPunch.supersedes == event_id) | (CapturedPunch.voids == event_id)).limit(1)
    )
    # An approved correction that has not come through Kafka yet counts too; its event has its id.
    approved = session.scalar(
        select(Correction.correction_id)
        .where(Correction.status == "approved", Correction.change["event_id"].astext == str(event_id))
        .limit(1)
    )
    if replaced is not None or approved is not None:
        other = replaced.event_id if replaced is not None else approved
        reason = f"Punch {event_id} was corrected already, by event {other}: correct that one."
        raise Conflict("corrected_already", reason, {"event_id": str(other)})
    return target


def _is_built(session: Session) -> bool:
    return inspect(session.connection()).has_table(MartPunch.__tablename__, schema="marts")


def _holder(session: Session, target: CapturedPunch) -> str | None:
    """Whose punch one recorded under a badge is, as last computed; None where that is not known yet."""
    if not target.employee_id.startswith(BADGE_PREFIX) or not _is_built(session):
        return None
    return session.scalar(select(MartPunch.employee_id).where(MartPunch.event_id == target.event_id))


def _step(
    session: Session,
    correction_id: UUID,
    employee_id: str,
    status: str,
    change: Change,
    reason: str,
    *,
    actor: str,
    now: datetime,
) -> Correction:
    step = Correction(
        correction_id=correction_id,
        employee_id=employee_id,
        status=status,
        change=_jsonable(change),
        reason=reason,
        actor=actor,
        recorded_at=now,
    )
    session.add(step)
    session.flush()
    data = {"employee_id": employee_id, "status": status, "change": step.change, "reason": reason}
    announce(
        session, "correction", str(correction_id), "created" if status == "proposed" else "updated", data, actor, now
    )
    return step
