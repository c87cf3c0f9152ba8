"""Hours as the API shows them."""

from datetime import UTC, date, datetime

from timecontrol.serving.result import Column, Computed, Result
from timecontrol.warehouse.marts import Workday
from user_api.routes.time_reads import _hours

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def workday(day: date, worked: int, paid: int) -> tuple[object, ...]:
    known = {"employee_id": "E1", "workday": day, "worked_seconds": worked, "paid_seconds": paid, "is_open": False}
    dates: dict[str, object] = {"first_in": None, "last_out": None}
    return tuple((known | dates).get(column.key, 0) for column in Workday.__table__.columns)


def test_hours_are_summed_and_say_who_answered() -> None:
    columns = tuple(Column(column.key, "text") for column in Workday.__table__.columns)
    rows = (workday(date(2026, 11, 23), 28_800, 28_800), workday(date(2026, 11, 24), 3_600, 1_800))
    hours = _hours("E1", NOW.date(), Result(columns, rows, "primary", 0.0, Computed(7, 42, NOW)))
    assert (hours.worked_seconds, hours.paid_seconds) == (32_400, 30_600)
    assert [day.workday for day in hours.days] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert (hours.source, hours.age_seconds, hours.computed_at) == ("primary", 0.0, NOW)
