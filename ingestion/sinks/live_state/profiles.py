"""Profiles of people and sites out of the changes of HR and of the User Core. Pure: from stored parts to new ones.

Both sides are kept as they say it, and the profile is what follows: the User Core's value counts, where it has none the
legacy HR system's. So changes of the two may arrive in any order.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

import msgspec

from timecontrol.contracts.core_change import CoreChange
from timecontrol.contracts.legacy_values import legacy_date

Entity = Literal["employee", "site"]

# Which table of the legacy system is which entity.
HR_ENTITIES: Mapping[str, Entity] = {"employees": "employee", "sites": "site"}

FIELDS: Mapping[Entity, tuple[str, ...]] = {
    "employee": ("name", "email", "site_id", "team", "manager_id", "time_zone", "cost_center", "active"),
    "site": ("name", "time_zone"),
}

# The version of an entity that has no date of its own holds from ever.
ALWAYS = date.min.isoformat()


class Parts(msgspec.Struct):
    """What is known of one entity: HR's row, and the User Core's versions by the date from which they hold."""

    hr: dict[str, Any] | None = None
    core: dict[str, dict[str, Any]] = {}

    @property
    def empty(self) -> bool:
        """Whether neither side knows the entity any more."""
        return self.hr is None and not self.core


def hr_identity(table: str, row_key: str) -> tuple[Entity, str]:
    """Which entity a row of one of these tables is: the primary key of both is the one column that names it."""
    return HR_ENTITIES[table], str(json.loads(row_key)[0])


def with_hr(parts: Parts, row: dict[str, Any] | None) -> Parts:
    """The parts after a change of HR's row (None: deleted)."""
    return Parts(hr=row, core=parts.core)


def with_core(parts: Parts, change: CoreChange) -> Parts:
    """The parts after a change by the User Core; a delete without a date takes all its versions away."""
    valid_from = change.data.get("valid_from")
    if change.change == "deleted":
        kept = {} if valid_from is None else {day: data for day, data in parts.core.items() if day != valid_from}
        return Parts(hr=parts.hr, core=kept)
    return Parts(hr=parts.hr, core=parts.core | {str(valid_from or ALWAYS): change.data})


def hr_policy(row: Mapping[str, Any] | None) -> str | None:
    """The policy that HR's row of an employee names; its column may hold anything."""
    policy = row.get("policy") if row else None
    return policy if isinstance(policy, str) else None


def profile(entity: Entity, parts: Parts, today: date) -> dict[str, str]:
    """The fields that readers see, all as text, an unknown one empty; `origin` is `core` or `hr`."""
    holding = [day for day in parts.core if day <= today.isoformat() or day == "-infinity"]
    core = parts.core[max(holding, key=_rank)] if holding else {}
    hr = parts.hr or {}
    left_on = legacy_date(hr.get("left_on"))
    if left_on is not None:
        hr = hr | {"active": left_on > today}
    values = {name: core.get(name) if core.get(name) is not None else hr.get(name) for name in FIELDS[entity]}
    if entity == "employee" and values["active"] is None:
        values["active"] = True
    return {name: as_text(value) for name, value in values.items()} | {"origin": "core" if core else "hr"}


def _rank(day: str) -> str:
    return "" if day == "-infinity" else day


def as_text(value: object) -> str:
    """A value as a Redis hash holds it: text, None as empty, truth as 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)
