"""Texts, dates, instants and breaks as the legacy HR system has them: its columns hold what nobody checked.

MySQL keeps days that no calendar has ("0000-00-00", "2026-02-30"), mostly where "no date" is meant; they are None here,
as in the models (`legacy_values.sql`).
"""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any


def legacy_text(value: object) -> str | None:
    """A text, of numbers their digits; None where there is none, or bytes that are not of the column's character set.

    NUL characters, with which a text comes as tagged UTF-8 (docs/hr-image.md), are left out: nobody means them.
    """
    if isinstance(value, dict):
        tagged = value.get("utf8_base64")
        return None if tagged is None else base64.b64decode(tagged).decode().replace("\0", "")
    return None if value is None else str(value)


def legacy_date(value: object) -> date | None:
    """A date; None where there is none."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def legacy_instant(value: object) -> datetime | None:
    """An instant, aware; a wall clock without a zone is UTC. None where there is none."""
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def legacy_breaks(text: object) -> list[dict[str, Any]]:
    """Of the breaks of a scheduled shift (JSON text of a list) those that have two instants in order."""
    try:
        breaks = json.loads(str(text))
    except ValueError:
        return []
    return list(_in_order(breaks)) if isinstance(breaks, list) else []


def _in_order(breaks: list[Any]) -> Iterator[dict[str, Any]]:
    for each in breaks:
        if isinstance(each, dict):
            start, end = legacy_instant(each.get("start")), legacy_instant(each.get("end"))
            if start is not None and end is not None and start < end:
                yield each
