"""Scheduled shifts: weekly patterns as instants, and which shifts would overlap. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, field_validator, model_validator

from timecontrol.contracts.calendar import CalendarInstant
from timecontrol.contracts.errors import Rejected
from timecontrol.core.local_time import instant

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)

# A longer one is a typing error (a wrong date): nobody is on duty for two days at a stretch.
LONGEST_SHIFT = timedelta(hours=36)
# A pattern is planned for a year at most, then again: plans further ahead are never kept.
LONGEST_PATTERN = timedelta(days=366)


class Break(BaseModel):
    """A scheduled break."""

    start: CalendarInstant
    end: CalendarInstant
    paid: bool = False


class LocalBreak(BaseModel):
    """A scheduled break by the clock of the shift's place."""

    start: time
    end: time
    paid: bool = False


class PatternDay(BaseModel):
    """A shift of every week; an end not after the start is on the next day."""

    weekday: Weekday
    start: time = Field(examples=["08:00"])
    end: time = Field(examples=["16:30"])
    breaks: list[LocalBreak] = []

    @field_validator("start", "end")
    @classmethod
    def _without_zone(cls, value: time) -> time:
        if value.tzinfo is not None:
            raise ValueError("must be a clock time without an offset, such as 08:00; the zone is the site's")
        return value


class PlannedShift(BaseModel):
    """When somebody is to work; instants."""

    starts_at: CalendarInstant
    ends_at: CalendarInstant
    breaks: list[Break] = []

    @model_validator(mode="after")
    def _consistent(self) -> "PlannedShift":
        if not self.starts_at < self.ends_at:
            raise ValueError("ends_at must be after starts_at")
        if self.ends_at - self.starts_at > LONGEST_SHIFT:
            raise ValueError(f"a shift may last {LONGEST_SHIFT} at most")
        for each in self.breaks:
            if not self.starts_at <= each.start < each.end <= self.ends_at:
                raise ValueError("a break must lie inside the shift and end after its start")
        return self

    def breaks_as_stored(self) -> list[dict[str, Any]]:
        """The breaks as the table keeps them: RFC 3339 in UTC."""
        return [
            {"start": rfc3339(each.start), "end": rfc3339(each.end), "paid": each.paid}
            for each in sorted(self.breaks, key=lambda each: each.start)
        ]


@dataclass(frozen=True)
class Occupied:
    """Time of an employee that is planned already, and by which shift."""

    shift_id: str
    starts_at: datetime
    ends_at: datetime


def rfc3339(moment: datetime) -> str:
    """An instant as text in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def expand(week: Sequence[PatternDay], first: date, last: date, zone: ZoneInfo) -> Iterator[PlannedShift]:
    """The shifts of a weekly pattern that begin on the local days `first` to `last`; raises Rejected for a pattern that cannot be."""
    if not first <= last or last - first > LONGEST_PATTERN:
        reason = f"valid_to must be {first} or later, by at most {LONGEST_PATTERN.days} days; plan the rest in time"
        raise Rejected("wrong_period", reason, "valid_to")
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        for entry in week:
            if WEEKDAYS[day.weekday()] == entry.weekday:
                yield _shift_on(day, entry, zone)


def _shift_on(day: date, entry: PatternDay, zone: ZoneInfo) -> PlannedShift:
    def at(clock: time, not_before: time) -> datetime:
        return instant(day + timedelta(days=clock < not_before), clock, zone)

    start = instant(day, entry.start, zone)
    end = instant(day + timedelta(days=entry.end <= entry.start), entry.end, zone)
    breaks = [
        Break(start=at(each.start, entry.start), end=at(each.end, entry.start), paid=each.paid) for each in entry.breaks
    ]
    try:
        return PlannedShift(starts_at=start, ends_at=end, breaks=breaks)
    except ValueError as error:
        raise Rejected("wrong_shift", f"{entry.weekday} {entry.start:%H:%M} on {day}: {error}", "week") from error


def overlap(planned: PlannedShift, occupied: Iterable[Occupied]) -> Occupied | None:
    """The first shift that a planned one would overlap; one that begins when the other ends does not."""
    meets = (each for each in occupied if each.starts_at < planned.ends_at and planned.starts_at < each.ends_at)
    return min(meets, key=lambda each: each.starts_at, default=None)
