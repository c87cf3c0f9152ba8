"""The identity and content of a punch that a device recorded: the same event whether it comes by file or by push.

Every part of it is a function of what the device wrote down, so a second dump of the same memory, or the same punch
pushed live, gives the same `event_id` with the same content and is dropped as a repeat.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from timecontrol.contracts.badges import badge_employee_id
from timecontrol.contracts.punch import Punch, PunchKind

#: Namespace of every UUIDv5 that this project derives. It must never change: known punches would arrive anew.
PROJECT_NAMESPACE = UUID("be072a25-d2f8-4060-a84a-16e6b9eef764")
SOURCE = "device"

# The states of ZKTeco terminals; what is not listed (255: no key pressed) gives no direction.
ZKTECO_STATES: dict[str, PunchKind] = {
    "0": "clock_in",
    "1": "clock_out",
    "2": "break_start",
    "3": "break_end",
    "4": "clock_in",  # start of overtime
    "5": "clock_out",  # end of overtime
}


@dataclass(frozen=True)
class DevicePunch:
    """What a device recorded: `local` is its wall clock (naive), `fold` the pass of a repeated hour, `state` its own word."""

    device_id: str
    device_user: str
    local: datetime
    fold: int
    state: str

    def event_id(self) -> UUID:
        """UUIDv5 over device, user, local time, fold and state."""
        name = [self.device_id, self.device_user, self.local.isoformat(), self.fold, self.state]
        return uuid5(PROJECT_NAMESPACE, json.dumps(name, ensure_ascii=False, separators=(",", ":")))


def device_event(
    recorded: DevicePunch,
    *,
    kind: PunchKind,
    occurred_at: datetime,
    received_at: datetime,
    site_id: str,
    employee_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> Punch:
    """The punch event of a device record; `details` are further attributes, `employee_id` is for devices that know it.

    Raises pydantic's ValidationError for what the contract does not allow (an endless user number, control characters).
    """
    attributes = {"device_user": recorded.device_user, "device_state": recorded.state, **(details or {})}
    return Punch(
        event_id=recorded.event_id(),
        employee_id=employee_id or badge_employee_id(recorded.device_id, recorded.device_user),
        kind=kind,
        occurred_at=occurred_at,
        received_at=received_at,
        source=SOURCE,
        device_id=recorded.device_id,
        site_id=site_id,
        attributes=attributes,
    )
