"""What the day page says of a day, in words."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dashboards.day_view import in_sentences, shift_in_words
from dashboards.timeline import Day

DAY = Day(date(2026, 11, 25), ZoneInfo("UTC"), [], [], [], datetime(2026, 11, 28, tzinfo=UTC))
NIGHT = {
    "shift_start": datetime(2026, 11, 25, 22, tzinfo=UTC),
    "shift_end": datetime(2026, 11, 26, 6, 30, tzinfo=UTC),
    "outcome": "worked",
}


def said(worked_from: datetime | None, worked_to: datetime | None) -> str:
    shift: dict[str, Any] = NIGHT | {"worked_from": worked_from, "worked_to": worked_to}
    return shift_in_words(shift, DAY).partition(": ")[2]


def test_a_night_is_held_against_its_shift_whole_though_the_day_ends_at_midnight() -> None:
    assert said(datetime(2026, 11, 25, 21, 57, tzinfo=UTC), datetime(2026, 11, 26, 6, 31, tzinfo=UTC)) == "worked."


def test_what_began_late_and_ended_early_is_said_with_its_length() -> None:
    words = said(datetime(2026, 11, 25, 22, 20, tzinfo=UTC), datetime(2026, 11, 26, 5, 30, tzinfo=UTC))
    assert words == "worked, began 20 min after its start, ended 1 h before its end."


SUMS: dict[str, Any] = {
    "worked_seconds": 28_770,
    "paid_seconds": 28_800,
    "unpaid_break_seconds": 0,
    "is_open": False,
    "carried_since": None,
}


def test_hours_are_those_of_the_explanation_to_the_second() -> None:
    assert in_sentences(SUMS, DAY) == "Worked **7 h 59 min 30 s**, paid **8 h**."


def test_the_morning_after_a_night_says_since_when_there_was_work() -> None:
    words = in_sentences(SUMS | {"carried_since": datetime(2026, 11, 24, 22, tzinfo=UTC)}, DAY)
    assert words.endswith(". At work since 22:00 (Tue 24 Nov): the policy cuts the shift where the workday begins.")


def test_who_is_still_in_or_has_not_come_has_not_left_early() -> None:
    assert said(datetime(2026, 11, 25, 22, tzinfo=UTC), None) == "worked."
    assert said(None, None) == "worked."
