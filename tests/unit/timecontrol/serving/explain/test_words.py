"""Local times and values as an explanation says them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from timecontrol.serving.explain.words import Wall, value_words

BERLIN, NEW_YORK, SAO_PAULO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("America/Sao_Paulo")


def utc(day: int, hour: int, minute: int = 0, second: int = 0, month: int = 10) -> datetime:
    return datetime(2026, month, day, hour, minute, second, tzinfo=UTC)


def test_a_time_of_the_workday_is_a_time_of_day() -> None:
    wall = Wall(date(2026, 10, 7), BERLIN)
    assert wall.span(utc(7, 6), utc(7, 14, 30, 5)) == "08:00 – 16:30:05"


def test_another_date_is_named() -> None:
    assert Wall(date(2026, 10, 7), BERLIN).span(utc(7, 20), utc(8, 4)) == "22:00 – 06:00 (Thu 8 Oct)"


@pytest.mark.parametrize(
    ("zone", "day", "start", "end", "said"),
    [
        # The hour from 2 to 3 occurs twice on 25 October in Berlin.
        (BERLIN, 25, utc(25, 0, 30), utc(25, 1, 30), "02:30 CEST – 02:30 CET"),
        (NEW_YORK, 1, utc(1, 5, 30, month=11), utc(1, 6, 30, month=11), "01:30 EDT – 01:30 EST"),
        (SAO_PAULO, 25, utc(25, 12), utc(25, 13), "09:00 – 10:00"),
    ],
)
def test_near_a_clock_change_the_zone_is_named(
    zone: ZoneInfo, day: int, start: datetime, end: datetime, said: str
) -> None:
    assert Wall(start.date().replace(day=day), zone).span(start, end) == said


def test_a_zone_without_a_name_is_an_offset() -> None:
    # Sao Paulo had its last change on 17 February 2019.
    wall = Wall(date(2019, 2, 16), SAO_PAULO)
    assert wall.clock(datetime(2019, 2, 17, 1, 30, tzinfo=UTC)) == "23:30 UTC-02"
    assert wall.clock(datetime(2019, 2, 17, 2, 30, tzinfo=UTC)) == "23:30 UTC-03"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("breaks.meal_unpaid_from_minutes", 30, "30 min"),
        ("pairing.repeat_within_seconds", 60, "1 min"),
        ("breaks.paid_types", [], "none"),
        ("breaks.paid_types", ["rest", "meal"], "rest, meal"),
        ("workday.attribution", "split_at_boundary", "split_at_boundary"),
        (
            "overtime.daily_tiers",
            [{"pay_code": "overtime_150", "over_minutes": 480}, {"pay_code": "double_time_200", "over_minutes": 720}],
            "over 8 h, pay code overtime_150; over 12 h, pay code double_time_200",
        ),
        ("compliance.daily_max", {"minutes": 600, "note_over_minutes": 480}, "10 h, note over 8 h"),
        ("premium.windows", {"to": "06:00", "from": "23:00", "factor": 0.5}, "from 23:00, factor 0.5, to 06:00"),
        ("compliance.average_week", {"weeks": 24, "rolling": True}, "weeks 24, rolling yes"),
    ],
)
def test_a_value_is_read_with_its_unit_and_without_brackets(name: str, value: object, said: str) -> None:
    assert value_words(value, name) == said
