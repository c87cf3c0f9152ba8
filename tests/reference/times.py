"""Instants are whole seconds since 1970 in UTC; local times exist only where a rule speaks of a clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Span:
    start: int
    end: int

    @property
    def length(self) -> int:
        return max(0, self.end - self.start)

    def common(self, other: "Span") -> "Span":
        return Span(max(self.start, other.start), min(self.end, other.end))


def seconds(minutes: float) -> int:
    """Comparisons are made in whole seconds."""
    return round(minutes * 60)


def instant(local: datetime, zone: ZoneInfo, fold: int = 0) -> int:
    """The instant of a local time; `fold` 1 is the second pass of a repeated hour."""
    return int(local.replace(tzinfo=zone, fold=fold).timestamp())


def local_time(at: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    return local_time(instant(local, zone), zone) == local


@cache
def minute_of(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


@cache
def on_clock(day: date, clock: str, zone: ZoneInfo, fold: int = 0) -> int:
    """The instant of a clock time on a local date; a skipped one is the first instant after it."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute_of(clock))
    if exists(local, zone):
        return instant(local, zone, fold)
    before, after = instant(local, zone, 1), instant(local, zone, 0)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (before, middle) if local_time(middle, zone) > local else (middle, after)
    return after


def windows(rule: dict[str, Any], around: Span, zone: ZoneInfo, holidays: frozenset[date]) -> Iterator[Span]:
    """The times at which a window of the local clock is open, by the date on which it begins.

    With `holidays: true` the days named and holidays are one list; with `holidays: false` no holiday is of it. An end not
    after its start is on the next day; one in a repeated hour is its second pass.
    """
    day = local_time(around.start, zone).date() - 2 * DAY
    while day <= local_time(around.end, zone).date():
        only_holidays = rule.get("holidays", False) and "days" not in rule
        named = WEEKDAYS[day.weekday()] in rule.get("days", [] if only_holidays else WEEKDAYS)
        is_open = rule.get("holidays", named) if day in holidays else named
        if is_open:
            overnight = minute_of(rule["to"]) <= minute_of(rule["from"])
            yield Span(
                on_clock(day, rule["from"], zone), on_clock(day + DAY if overnight else day, rule["to"], zone, fold=1)
            )
        day += DAY


def union(spans: list[Span]) -> list[Span]:
    """The same time, each second once."""
    joined: list[Span] = []
    for span in sorted(span for span in spans if span.length):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def without(span: Span, holes: list[Span]) -> list[Span]:
    """What is left of a span outside the holes."""
    left, at = [], span.start
    for hole in union(holes):
        if hole.end > at and hole.start < span.end:
            left.append(Span(at, hole.start))
            at = hole.end
    left.append(Span(at, span.end))
    return [piece for piece in left if piece.length]
