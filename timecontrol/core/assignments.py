"""What is assigned to people by dates: badges of devices and labour policies."""

from datetime import UTC, date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from timecontrol.contracts.errors import Rejected
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.warehouse.core_store import current, lock, write
from timecontrol.warehouse.core_tables import Badge, PolicyAssignment
from timecontrol.warehouse.infinite import FIRST_INSTANT, LAST_INSTANT
from timecontrol.warehouse.named_sql import named_sql


def save_badge(
    session: Session,
    device_id: str,
    device_user: str,
    employee_id: str,
    valid_from: datetime | None,
    valid_to: datetime | None,
    *,
    actor: str,
    now: datetime,
) -> Badge:
    """Give a user number of a device to an employee for a time; `*` as device means every device without its own.

    Raises Conflict when somebody else has the number at that time.
    """
    starts, ends = valid_from or FIRST_INSTANT, valid_to or LAST_INSTANT
    if ends <= starts:
        raise Rejected("wrong_period", "valid_to must be after valid_from", "valid_to")
    lock(session, f"badge:{device_id}:{device_user}")
    for other in list_badges(session, device_id, device_user):
        if other.employee_id != employee_id and other.valid_from < ends and starts < other.valid_to:
            reason = f"User {device_user!r} of device {device_id!r} is employee {other.employee_id!r} at that time."
            raise Conflict("badge_taken", f"{reason} End that badge first.", {"employee_id": other.employee_id})
    badge = Badge(
        device_id=device_id,
        device_user=device_user,
        employee_id=employee_id,
        valid_from=starts.astimezone(UTC),
        valid_to=ends.astimezone(UTC),
        actor=actor,
    )
    write(session, badge, "created", now)
    return badge


def list_badges(session: Session, device_id: str, device_user: str | None = None) -> list[Badge]:
    """The badges of a device, or those of one of its user numbers, by number and date."""
    condition = Badge.device_id == device_id
    if device_user is not None:
        condition &= Badge.device_user == device_user
    return sorted(session.scalars(current(Badge, condition)), key=lambda badge: (badge.device_user, badge.valid_from))


def remove_badges(session: Session, device_id: str, device_user: str, *, actor: str, now: datetime) -> None:
    """Take all badges of a user number out; raises NotFound."""
    found = list_badges(session, device_id, device_user)
    if not found:
        raise NotFound(f"Device {device_id!r} has no badge for user {device_user!r}.")
    for badge in found:
        write(session, Badge(**(badge.data() | {"actor": actor})), "deleted", now)


def assign_policy(
    session: Session, employee_id: str, policy: str | None, valid_from: date, *, actor: str, now: datetime
) -> PolicyAssignment:
    """Give an employee a policy from a date on (None: none from then). Raises Rejected for one that is not loaded."""
    known = known_policies(session)
    if policy is not None and policy not in known:
        reason = f"there is no policy {policy!r}; known are {', '.join(known) or 'none: load them with `timecontrol policy load`'}"
        raise Rejected("unknown_policy", reason, "policy")
    assignment = PolicyAssignment(employee_id=employee_id, policy=policy, valid_from=valid_from, actor=actor)
    write(session, assignment, "created", now)
    return assignment


def known_policies(session: Session) -> list[str]:
    """The names of the policies that are loaded."""
    return sorted(row.policy for row in session.execute(text(named_sql("policies")["policies"].text)))


def list_policies(session: Session, employee_id: str) -> list[PolicyAssignment]:
    """The policy assignments of an employee by date."""
    found = session.scalars(current(PolicyAssignment, PolicyAssignment.employee_id == employee_id))
    return sorted(found, key=lambda assignment: assignment.valid_from)
