"""A result goes through Redis unchanged."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import msgspec
import pytest

from timecontrol.serving.result import Column, Computed, Result, decode, encode

NOW = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
COLUMNS = tuple(
    Column(name, name) for name in ("text", "int8", "bool", "date", "timestamptz", "numeric", "uuid", "jsonb")
)
ROW = ("E1", 28800, True, date(2026, 10, 25), NOW, Decimal("1.500"), UUID(int=7), [{"paid": False}])


def result(*rows: tuple[object, ...]) -> Result:
    return Result(COLUMNS, rows, "replica", 0.5, Computed(3, 99, NOW))


def test_every_type_comes_back_as_it_was() -> None:
    original = result(ROW, (None,) * len(ROW))
    assert decode(encode(original)) == original


def test_what_another_version_wrote_is_not_taken_for_a_result() -> None:
    with pytest.raises(msgspec.MsgspecError):
        decode(b"\x81\xa1a\x01")


def test_a_frame_knows_instants_even_where_all_are_null() -> None:
    assert str(result((None,) * len(ROW)).frame()["timestamptz"].dtype).endswith("UTC]")
