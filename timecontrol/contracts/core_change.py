"""A change that people made in the User Core, as the value of a record of `core.changes.v1`."""

from datetime import datetime
from typing import Any, Literal

import msgspec

TOPIC = "core.changes.v1"
CLOUDEVENT_TYPE = "timecontrol.core-change.v1"

Entity = Literal[
    "employee",
    "shift",
    "shift_pattern",
    "leave",
    "site",
    "holiday",
    "badge",
    "policy_assignment",
    "policy_parameter",
    "correction",
    "document",
    "account",
    "token",
    "act",
]


class CoreChange(msgspec.Struct, frozen=True):
    """One entity that changed.

    Attributes:
        id: of the entity; what has versions by date carries the date in `data`.
        data: the entity as it is after the change, by the column names of its table; secrets are left out.
        actor: who made the change.
    """

    entity: Entity
    id: str
    change: Literal["created", "updated", "deleted"]
    data: dict[str, Any]
    actor: str
    at: datetime
