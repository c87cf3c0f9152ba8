"""Days and instants at the ends of what people may enter."""

from datetime import date, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from timecontrol.contracts.calendar import CalendarDay, CalendarInstant

DAY: TypeAdapter[date] = TypeAdapter(CalendarDay)
INSTANT: TypeAdapter[datetime] = TypeAdapter(CalendarInstant)


@pytest.mark.parametrize("text", ["1900-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_are_taken(text: str) -> None:
    assert DAY.validate_python(text) == date.fromisoformat(text)


@pytest.mark.parametrize("text", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_days_outside_are_not(text: str) -> None:
    with pytest.raises(ValidationError, match=r"should be (less|greater) than or equal to"):
        DAY.validate_python(text)


@pytest.mark.parametrize("text", ["1900-01-01T00:00:00Z", "2199-12-31T23:59:59Z"])
def test_the_first_and_the_last_instant_are_taken(text: str) -> None:
    assert INSTANT.validate_python(text) == datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00+14:00", "1900-01-01T00:00:00+01:00", "2200-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00"],
)
def test_instants_outside_are_not(text: str) -> None:
    with pytest.raises(ValidationError, match=r"should be (less|greater) than"):
        INSTANT.validate_python(text)
