"""Local times of a case as instants: an hour that the clock skips is refused, the second pass of a repeated one is asked for."""

import re
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?")


def to_local(value: object) -> datetime:
    """A wall-clock time from its text; raises ValueError for anything else, an offset included."""
    if isinstance(value, str) and LOCAL.fullmatch(value):
        return datetime.fromisoformat(value)
    raise ValueError(f"a local time such as 2025-06-02T08:00:00 is expected, without offset, not {value!r}")


@cache
def zone(name: str) -> ZoneInfo:
    """The IANA zone of this name; raises ValueError for a name that does not exist."""
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name}; IANA names such as Europe/Berlin are expected")
    return ZoneInfo(name)


def instant(local: datetime, where: ZoneInfo, fold: int = 0) -> datetime:
    """The UTC instant of a wall-clock time; `fold` 1 is the second pass of a repeated hour.

    Raises ValueError for a time that the clock skips, and for a second pass where there is none.
    """
    first, second = (local.replace(tzinfo=where, fold=number) for number in (0, 1))
    if first.astimezone(UTC).astimezone(where).replace(tzinfo=None) != local:
        raise ValueError(f"{local.isoformat()} does not exist in {where.key}: the clock skips it")
    if fold and first.utcoffset() == second.utcoffset():
        raise ValueError(
            f"{local.isoformat()} comes only once in {where.key}: fold 1 is the second pass of a repeated hour"
        )
    return (second if fold else first).astimezone(UTC)


def end_after(start: datetime, local: datetime, where: ZoneInfo) -> datetime:
    """The instant of an end: its second pass where only that lies after the start. Raises ValueError where none does."""
    end = instant(local, where)
    if end <= start:
        # In a repeated hour this is its second pass, anywhere else the same instant again.
        end = local.replace(tzinfo=where, fold=1).astimezone(UTC)
    if end <= start:
        raise ValueError(f"the end {local.isoformat()} is not after the start")
    return end


def midnight(day: date, where: ZoneInfo) -> datetime:
    """The instant at which a local day begins; where the clock skips midnight, the first instant after it."""
    return datetime.combine(day, time()).replace(tzinfo=where).astimezone(UTC)
