"""Who may do what. Pure: routes name the roles, this says whose data a person may see or change."""

from collections.abc import Iterable
from typing import Literal, get_args

Role = Literal["employee", "manager", "hr", "payroll", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

#: `read`: state, hours, schedule, leave. `plan`: shifts, leave, corrections of others. `documents`: contracts, sick notes.
Right = Literal["read", "plan", "documents"]

# As a sentence goes on: "You may not … of employee …".
WORDS: dict[Right, str] = {
    "read": "see the data",
    "plan": "change the plans and times",
    "documents": "open the documents",
}
# Whose data a role opens, everybody's; a manager's own team comes on top.
EVERYBODY: dict[Right, frozenset[Role]] = {
    "read": frozenset({"hr", "payroll", "admin"}),
    "plan": frozenset({"hr", "admin"}),
    "documents": frozenset({"hr"}),
}
# What a person may do with their own data; planning one's own time is for others to approve.
OWN: frozenset[Right] = frozenset({"read", "documents"})
# Contracts and sick notes are no business of a manager.
TEAM: frozenset[Right] = frozenset({"read", "plan"})


class Forbidden(Exception):
    """The holder of the token may not do this; refused and written down."""


def allows(
    right: Right, roles: Iterable[Role], own_employee_id: str | None, employee_id: str, manager_id: str | None
) -> bool:
    """Whether somebody with these roles may use the right on this employee, whose manager is `manager_id`."""
    held = frozenset(roles)
    if held & EVERYBODY[right]:
        return True
    if own_employee_id is None:
        return False
    if own_employee_id == employee_id:
        return right in OWN
    return "manager" in held and manager_id == own_employee_id and right in TEAM
