"""What is expected of a case against an answer: only what is named is compared."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.reference.case import Json

MINUTES = 1e-6


def differences(expected: dict[str, Any], answered: dict[str, Any], timezone: str) -> list[str]:
    """A line for each thing that is named and not met."""
    zone = ZoneInfo(timezone)
    if "error" in answered:
        return [f"error {answered['error']}"]
    lines: list[str] = []
    for key, wanted in expected.items():
        if key == "absent":
            lines += [
                f"{part}: {row} must not occur"
                for part, rows in wanted.items()
                for row in rows
                if any(meets(row, found, zone) for found in answered[part])
            ]
        elif isinstance(wanted, list):
            lines += [f"{key}: no {row} in {answered[key]}" for row in unmet(wanted, answered[key], zone)]
            lines += [f"{key}: none expected, {answered[key]}"] if not wanted and answered[key] else []
        elif not meets(wanted, answered[key], zone):
            lines.append(f"{key}: expected {wanted}, answered {answered[key]}")
    return lines


def unmet(wanted: list[Any], found: list[Any], zone: ZoneInfo) -> Iterator[Any]:
    """Named rows must exist; one row answers one expectation."""
    left = list(found)
    for row in wanted:
        match = next((one for one in left if meets(row, one, zone)), None)
        if match is None:
            yield row
        else:
            left.remove(match)


def meets(wanted: Json, found: Json, zone: ZoneInfo) -> bool:
    """An absent day or pay code is 0, instants are compared as instants."""
    if isinstance(wanted, dict):
        return all(meets(value, (found or {}).get(key), zone) for key, value in wanted.items())
    if isinstance(wanted, list):
        return not list(unmet(wanted, found or [], zone)) and (bool(wanted) or not found)
    if isinstance(wanted, int | float) and not isinstance(wanted, bool):
        return abs(wanted - (found or 0)) <= MINUTES
    if isinstance(wanted, str) and isinstance(found, str) and "T" in wanted:
        return instant(wanted, zone) == instant(found, zone)
    return bool(wanted == found)


def instant(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone).astimezone()
