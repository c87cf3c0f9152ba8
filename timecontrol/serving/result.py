"""What a read answers: rows with their PostgreSQL types, and how fresh they are; survives the way through Redis unchanged."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import msgspec
import pandas as pd

Origin = Literal["replica", "primary", "cache"]

# MessagePack knows numbers, text, bytes, lists, maps and instants; these types travel as text and are read back by column.
FROM_TEXT: dict[str, Callable[[str], object]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "numeric": Decimal,
    "uuid": UUID,
}


@dataclass(frozen=True)
class Computed:
    """The run that made the marts: its number, the watermark it read up to and the instant it took as now.

    Attributes:
        is_overtaken: a later run is under way or has failed, so that parts of the marts may be its own.
    """

    run_id: int
    watermark: int
    now_at: datetime
    is_overtaken: bool = False


@dataclass(frozen=True)
class Column:
    """A column's name and its PostgreSQL type by name (`text`, `timestamptz`, `numeric` …)."""

    name: str
    type: str


@dataclass(frozen=True)
class Result:
    """Rows of one statement.

    Attributes:
        origin: the server that answered, or the cache.
        age_seconds: how old the server's data were when it answered; 0 on the primary.
        computed: the run behind the marts at that moment; None before the first run.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    origin: Origin
    age_seconds: float
    computed: Computed | None

    def records(self) -> list[dict[str, Any]]:
        """The rows as mappings by column name."""
        names = [column.name for column in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]

    def frame(self) -> pd.DataFrame:
        """The rows as a frame: instants as UTC timestamps even where all are null, dates as dates."""
        frame = pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])
        for column in self.columns:
            if column.type == "timestamptz":
                frame[column.name] = pd.to_datetime(frame[column.name], utc=True)
        return frame

    def from_cache(self) -> "Result":
        """The same rows, said to come from the cache."""
        return replace(self, origin="cache")


def encode(result: Result) -> bytes:
    """The result as MessagePack."""
    return msgspec.msgpack.encode(result)


def decode(content: bytes) -> Result:
    """What `encode` made; raises msgspec.MsgspecError for anything else (a value of an older version of this code)."""
    result = msgspec.msgpack.decode(content, type=Result)
    readers = [FROM_TEXT.get(column.type) for column in result.columns]
    rows = tuple(
        tuple(
            value if reader is None or value is None else reader(value)
            for reader, value in zip(readers, row, strict=True)
        )
        for row in result.rows
    )
    return replace(result, rows=rows)


def in_utc(value: object) -> object:
    """Instants with the one UTC object that decoding gives, so that a cached row equals the row it was made of."""
    return value.astimezone(UTC) if isinstance(value, datetime) else value
