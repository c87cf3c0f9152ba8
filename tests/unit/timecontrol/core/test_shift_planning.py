"""Weekly patterns across clock changes, and overlaps."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from timecontrol.contracts.errors import Rejected
from timecontrol.core.local_time import day_bounds, instant, zone_of
from timecontrol.core.shift_planning import LocalBreak, Occupied, PatternDay, PlannedShift, expand, overlap

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_clock_times_across_the_changes_of_the_clock() -> None:
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert instant(spring, time(1, 59), BERLIN) == at("2026-03-29T00:59:00")
    assert instant(spring, time(2, 30), BERLIN) == at("2026-03-29T01:00:00")
    assert instant(spring, time(3, 0), BERLIN) == at("2026-03-29T01:00:00")
    assert instant(autumn, time(2, 30), BERLIN) == at("2026-10-25T00:30:00")
    assert day_bounds(spring, spring, BERLIN) == (at("2026-03-28T23:00:00"), at("2026-03-29T22:00:00"))


def test_an_unknown_zone_is_named() -> None:
    with pytest.raises(Rejected, match="Mars/Olympus"):
        zone_of("Mars/Olympus")


def test_a_pattern_keeps_its_clock_times_when_the_clock_changes() -> None:
    week = [
        PatternDay(weekday="friday", start=time(8), end=time(16)),
        PatternDay(weekday="monday", start=time(8), end=time(16)),
    ]
    shifts = list(expand(week, date(2026, 3, 27), date(2026, 3, 30), BERLIN))
    assert [shift.starts_at for shift in shifts] == [at("2026-03-27T07:00:00"), at("2026-03-30T06:00:00")]


def test_a_night_shift_ends_on_the_next_day_and_so_does_its_break() -> None:
    night = PatternDay(
        weekday="saturday", start=time(22), end=time(6), breaks=[LocalBreak(start=time(1), end=time(1, 30), paid=True)]
    )
    [shift] = expand([night], date(2026, 10, 24), date(2026, 10, 24), BERLIN)
    assert (shift.starts_at, shift.ends_at) == (at("2026-10-24T20:00:00"), at("2026-10-25T05:00:00"))
    assert shift.breaks_as_stored() == [{"start": "2026-10-24T23:00:00Z", "end": "2026-10-24T23:30:00Z", "paid": True}]


def test_a_pattern_that_ends_before_it_begins_or_never_is_refused() -> None:
    with pytest.raises(Rejected):
        list(expand([], date(2026, 3, 2), date(2026, 3, 1), BERLIN))
    with pytest.raises(Rejected):
        list(expand([], date(2026, 3, 2), date(2028, 3, 1), BERLIN))


@pytest.mark.parametrize(
    ("starts", "ends"), [("2026-03-02T08:00", "2026-03-02T08:00"), ("2026-03-02T08:00", "2026-03-04T08:00")]
)
def test_impossible_shifts_are_refused(starts: str, ends: str) -> None:
    with pytest.raises(ValidationError):
        PlannedShift(starts_at=at(starts), ends_at=at(ends))


def test_the_first_overlapping_shift_is_named_and_neighbours_are_none() -> None:
    planned = PlannedShift(starts_at=at("2026-03-02T08:00"), ends_at=at("2026-03-02T16:00"))
    before = Occupied("before", at("2026-03-02T00:00"), at("2026-03-02T08:00"))
    late = Occupied("late", at("2026-03-02T15:00"), at("2026-03-02T23:00"))
    inside = Occupied("inside", at("2026-03-02T09:00"), at("2026-03-02T10:00"))
    assert overlap(planned, [before]) is None
    assert overlap(planned, [late, inside, before]) == inside
