"""Rows of the legacy punch table as punch events: an insert is a punch, an update its correction, a delete its void. Pure.

The events are not checked here: a kind that the contract does not know is quarantined by the sinks of `punches.v1`, with
its bytes and the reason, like any other.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from timecontrol.contracts.device_event import PROJECT_NAMESPACE

#: The legacy table that holds punches.
TABLE = "attendance"
SOURCE = "legacy_hr"
# What of a row is in the punch; a change of other columns is none of the punch.
PUNCH_COLUMNS = ("employee_id", "kind", "punched_at", "break_type")


class LegacyEvent(NamedTuple):
    """An event for `punches.v1`: its id, its record key and its JSON."""

    event_id: UUID
    key: str
    value: bytes


class Transition(NamedTuple):
    """What follows from one change of a row: the events, and the event that stands for the row from now on."""

    events: tuple[LegacyEvent, ...]
    punch_event_id: UUID | None


def transition(
    row_key: str, version: int, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, standing: UUID | None
) -> Transition:
    """Events of a change from `before` to `after` (None: no row), of which `standing` is the event until now.

    A correction keeps the employee: a row that goes to another employee is voided for the one and new for the other.
    """
    fresh = _event_id(row_key, version, "punch")
    if before is None or standing is None:
        return Transition((), None) if after is None else Transition((_event(fresh, row_key, after, {}),), fresh)
    void = _event(_event_id(row_key, version, "void"), row_key, before, {"voids": str(standing)})
    if after is None:
        return Transition((void,), None)
    if all(before.get(name) == after.get(name) for name in PUNCH_COLUMNS):
        return Transition((), standing)
    if before.get("employee_id") != after.get("employee_id"):
        return Transition((void, _event(fresh, row_key, after, {})), fresh)
    return Transition((_event(fresh, row_key, after, {"supersedes": str(standing)}),), fresh)


def _event_id(row_key: str, version: int, role: str) -> UUID:
    return uuid5(PROJECT_NAMESPACE, json.dumps([TABLE, row_key, version, role], separators=(",", ":")))


def _event(event_id: UUID, row_key: str, row: Mapping[str, Any], relation: Mapping[str, str]) -> LegacyEvent:
    punched_at = row.get("punched_at")
    body = {
        "event_id": str(event_id),
        "employee_id": row.get("employee_id"),
        "kind": row.get("kind"),
        # The legacy system's DATETIME columns hold UTC.
        "occurred_at": f"{punched_at}Z" if isinstance(punched_at, str) else punched_at,
        "source": SOURCE,
        "device_id": SOURCE,
        "break_type": row.get("break_type"),
        "attributes": {"legacy_key": row_key},
        **relation,
    }
    present = {name: value for name, value in body.items() if value is not None}
    return LegacyEvent(event_id, str(row.get("employee_id")), json.dumps(present, ensure_ascii=False).encode())
