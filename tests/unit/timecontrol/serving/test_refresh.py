"""Which hours are those of now, by each employee's own zone."""

from datetime import UTC, date, datetime

from timecontrol.serving.refresh import hours_of_now
from timecontrol.serving.result import Column, Computed, Result

# Tuesday in Berlin, still Monday in Los Angeles.
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
COLUMNS = tuple(
    Column(name, kind)
    for name, kind in (("employee_id", "text"), ("workweek", "date"), ("workday", "date"), ("time_zone", "text"))
)


def workdays(employee_id: str, zone: str) -> list[tuple[object, ...]]:
    days = [date(2026, 11, number) for number in (22, 23, 24)]
    return [(employee_id, date(2026, 11, 16) if day.day == 22 else date(2026, 11, 23), day, zone) for day in days]


def test_today_is_the_day_where_the_employee_is() -> None:
    rows = workdays("A", "Europe/Berlin") + workdays("B", "America/Los_Angeles")
    recent = Result(COLUMNS, tuple(rows), "primary", 0, Computed(1, 1, NOW))
    values = hours_of_now(recent, {"A": "Europe/Berlin", "B": "America/Los_Angeles"}, NOW, None)
    assert sorted(values) == [
        "hours:A:day:2026-11-24",
        "hours:A:week:2026-11-24",
        "hours:B:day:2026-11-23",
        "hours:B:week:2026-11-23",
    ]
    assert [row[2] for row in values["hours:B:day:2026-11-23"].rows] == [date(2026, 11, 23)]
    assert [row[2].day for row in values["hours:A:week:2026-11-24"].rows] == [23, 24]
    assert set(hours_of_now(recent, {}, NOW, {"A"})) == {"hours:A:day:2026-11-24", "hours:A:week:2026-11-24"}
