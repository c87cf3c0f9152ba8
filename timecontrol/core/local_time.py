"""Local clock times as instants, true across clock changes. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from timecontrol.contracts.errors import Rejected

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def zone_of(name: str, field: str = "time_zone") -> ZoneInfo:
    """The IANA zone of this name; raises Rejected for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Rejected("unknown_zone", f"{name!r} is no IANA time zone; for example Europe/Berlin", field) from error


def instant(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a clock time on a local day, in UTC.

    A repeated time is its first pass; one that is skipped is the first instant after the skipped hour.
    """
    local = datetime.combine(day, clock, zone)
    found = local.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return found
    # The clock was put forward between these two; its change is the first instant after.
    before, after = local.replace(fold=1).astimezone(UTC), found
    while after - before > _SECOND:
        middle = before + (after - before) // 2
        if middle.astimezone(zone).utcoffset() == before.astimezone(zone).utcoffset():
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the start of one local day to the end of another, in UTC; 23 or 25 h at a clock change."""
    return instant(first, time(0), zone), instant(last + _DAY, time(0), zone)
