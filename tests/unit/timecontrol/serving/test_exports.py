"""Bytes of exports, and files that appear whole."""

import io
from datetime import date
from decimal import Decimal

import pandas as pd
import pyarrow.parquet as pq
import pytest

from timecontrol.errors import UserError
from timecontrol.serving.exports.period import COLUMNS, Period, encode, in_order, read_period
from timecontrol.serving.reads import Reads
from timecontrol.serving.result import Column, Result
from timecontrol.settings import Settings

ROWS = [
    ("E1", date(2026, 10, 1), "regular", "work", 28800, Decimal("1.000"), False, "us-ca", "cc1", "la"),
    ("E1", date(2026, 10, 1), "meal_premium", "premium", 3600, Decimal("1.000"), True, "us-ca", None, None),
]


def period(rows: list[tuple[object, ...]]) -> Period:
    lines = in_order(pd.DataFrame(rows, columns=COLUMNS))
    return Period("2026-10", date(2026, 10, 1), date(2026, 10, 31), 42, "7a19b3d2" + 56 * "0", lines)


def test_csv_says_every_value() -> None:
    content, manifest = encode(period(ROWS), "csv")
    assert content.decode().splitlines() == [
        "employee_id,workday,pay_code,source,seconds,multiplier,on_top,policy,cost_center,site_id",
        "E1,2026-10-01,regular,work,28800,1.000,false,us-ca,cc1,la",
        "E1,2026-10-01,meal_premium,premium,3600,1.000,true,us-ca,,",
    ]
    assert (manifest.rows, manifest.seconds, manifest.paid_seconds, manifest.employees) == (2, 32400, 28800, 1)
    assert manifest.file == "pay-lines_2026-10_w42-7a19b3d2.csv"


def test_parquet_keeps_the_types() -> None:
    content, _ = encode(period(ROWS), "parquet")
    assert [tuple(row.values()) for row in pq.read_table(io.BytesIO(content)).to_pylist()] == ROWS


@pytest.mark.parametrize("format_name", ["csv", "parquet"])
@pytest.mark.parametrize("rows", [ROWS, []])
def test_equal_lines_give_equal_bytes(format_name: str, rows: list[tuple[object, ...]]) -> None:
    assert encode(period(rows), format_name) == encode(period(list(rows)), format_name)


def test_a_whole_period_has_more_time_than_a_page(
    monkeypatch: pytest.MonkeyPatch, settings_with_secrets: Settings
) -> None:
    limits: list[float | None] = []

    def fetch(*_: object, timeout_seconds: float | None = None) -> Result:
        limits.append(timeout_seconds)
        names = ["watermark", "sha256", "starts_on", "ends_on", *COLUMNS]
        row = (42, "7a19b3d2", date(2026, 10, 1), date(2026, 10, 31), *ROWS[0])
        return Result(tuple(Column(name, "text") for name in names), (row,), "replica", 0.0, None)

    monkeypatch.setattr(Reads, "fetch", fetch)
    assert len(read_period(Reads(settings_with_secrets), "2026-10").lines) == 1
    assert limits == [120]


def test_an_unknown_format_names_those_there_are() -> None:
    with pytest.raises(UserError, match="csv or parquet"):
        encode(period(ROWS), "xls")
