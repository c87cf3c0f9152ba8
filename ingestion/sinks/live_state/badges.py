"""Who held a user number of a device, by the badge tables of the User Core and of the legacy HR system. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from timecontrol.contracts.badges import ANY_DEVICE, Badge, BadgeTable
from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.legacy_values import legacy_instant

#: The legacy table that holds badges.
TABLE = "badges"

ROW_OF_CORE, ROW_OF_HR = "core", "hr"


class DeviceUser(msgspec.Struct, frozen=True):
    """One user number, on whatever devices.

    Attributes:
        badges: the rows of both systems by an id of their own, which begins with the system.
        ever_held: by device who ever held it: a correction stays in force when its maker holds the badge no more.
        recorded_ids: the ids under which its punches were recorded, and the device of each.
    """

    badges: dict[str, Badge] = {}
    ever_held: dict[str, list[str]] = {}
    recorded_ids: dict[str, str] = {}

    def table(self) -> BadgeTable:
        """The rows as they are asked: where two begin at once the User Core's counts, then the smaller employee id."""
        order = sorted(self.badges.items(), key=lambda item: (not item[0].startswith(ROW_OF_CORE), item[1].employee_id))
        return BadgeTable(badge for _, badge in order if _has_length(badge))

    def holders(self, device_id: str) -> set[str]:
        """Everybody who ever held it on a device."""
        return {*self.ever_held.get(device_id, ()), *self.ever_held.get(ANY_DEVICE, ())}

    def ids_of(self, employee_id: str) -> set[str]:
        """The ids under which punches of an employee may have been recorded."""
        return {recorded for recorded, device in self.recorded_ids.items() if employee_id in self.holders(device)}


def with_badge(user: DeviceUser, row: str, badge: Badge | None) -> DeviceUser:
    """The user number after a change of a row (None: deleted)."""
    others = {name: known for name, known in user.badges.items() if name != row}
    if badge is None:
        return DeviceUser(others, user.ever_held, user.recorded_ids)
    held = sorted({*user.ever_held.get(badge.device_id, ()), badge.employee_id})
    return DeviceUser(others | {row: badge}, user.ever_held | {badge.device_id: held}, user.recorded_ids)


def with_recorded_id(user: DeviceUser, recorded_id: str, device_id: str) -> DeviceUser:
    """The user number, of which punches were recorded under this id."""
    return DeviceUser(user.badges, user.ever_held, user.recorded_ids | {recorded_id: device_id})


def core_badge(change: CoreChange) -> tuple[str, Badge]:
    """The row of a badge of the User Core, and its id; raises ValueError or KeyError for what is none."""
    data = change.data
    row = f"{ROW_OF_CORE}:{data['device_id']}@{data['valid_from']}"
    valid_from, valid_to = (
        None if data[name] in ("-infinity", "infinity") else datetime.fromisoformat(data[name])
        for name in ("valid_from", "valid_to")
    )
    return row, Badge(data["device_id"], data["device_user"], data["employee_id"], valid_from, valid_to)


def hr_badge(row: Mapping[str, Any]) -> Badge:
    """A row of the legacy table, whose instants are UTC; raises KeyError where a column is missing."""
    valid_from, valid_to = (legacy_instant(row[name]) for name in ("valid_from", "valid_to"))
    return Badge(str(row["device_id"]), str(row["device_user"]), str(row["employee_id"]), valid_from, valid_to)


def _has_length(badge: Badge) -> bool:
    return badge.valid_from is None or badge.valid_to is None or badge.valid_from < badge.valid_to
