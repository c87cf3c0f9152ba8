"""PostgreSQL's infinite dates and instants as Python's extremes: psycopg refuses them, and `valid_from` is often one."""

from datetime import UTC, date, datetime

import psycopg
from psycopg.abc import Buffer
from psycopg.types.datetime import DateDumper, DateLoader, DatetimeDumper, TimestamptzLoader

#: What stands for `-infinity` and `infinity` of a timestamptz.
FIRST_INSTANT = datetime.min.replace(tzinfo=UTC)
LAST_INSTANT = datetime.max.replace(tzinfo=UTC)
#: What stands for `-infinity` of a date.
FIRST_DAY = date.min


class _DateLoader(DateLoader):
    def load(self, data: Buffer) -> date:
        """A date, the extremes for infinity."""
        extremes = {b"infinity": date.max, b"-infinity": date.min}
        return extremes.get(bytes(data)) or super().load(data)


class _DateDumper(DateDumper):
    def dump(self, obj: date) -> Buffer | None:
        """A date, infinity for the extremes."""
        if obj == date.max:
            return b"infinity"
        return b"-infinity" if obj == date.min else super().dump(obj)


class _InstantLoader(TimestamptzLoader):
    def load(self, data: Buffer) -> datetime:
        """An instant, the extremes for infinity."""
        extremes = {b"infinity": LAST_INSTANT, b"-infinity": FIRST_INSTANT}
        return extremes.get(bytes(data)) or super().load(data)


class _InstantDumper(DatetimeDumper):
    def dump(self, obj: datetime) -> Buffer | None:
        """An instant, infinity for the extremes."""
        if obj == LAST_INSTANT:
            return b"infinity"
        return b"-infinity" if obj == FIRST_INSTANT else super().dump(obj)


def register(connection: "psycopg.Connection[object]") -> None:
    """Let this connection read and write infinity."""
    connection.adapters.register_loader("date", _DateLoader)
    connection.adapters.register_dumper(date, _DateDumper)
    connection.adapters.register_loader("timestamptz", _InstantLoader)
    connection.adapters.register_dumper(datetime, _InstantDumper)
