"""Days and instants as people enter them, within a calendar in which every zone and every step of some days can be computed."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field

# What is entered without a date holds from here on: nobody at work today was hired before.
FIRST_DAY = date(1900, 1, 1)
# A leave, a shift or a token that ends later is a typing error. Python and PostgreSQL go further, but not equally far.
LAST_DAY = date(2199, 12, 31)

CalendarDay = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
CalendarInstant = Annotated[
    AwareDatetime,
    Field(ge=datetime(FIRST_DAY.year, 1, 1, tzinfo=UTC), lt=datetime(LAST_DAY.year + 1, 1, 1, tzinfo=UTC)),
]
