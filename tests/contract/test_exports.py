"""What payroll takes: names and types of the columns, the keys of the manifest, the bytes of a file."""

import hashlib
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from timecontrol.serving.exports.export import manifest_path
from timecontrol.serving.exports.period import COLUMNS, Period, encode, in_order

FILE = Path(__file__).parent / "golden/export.csv"
SHA256 = "7a19b3d2" + 56 * "0"
LINES = [
    ("E1", date(2026, 10, 1), "regular", "work", 28800, Decimal("1.000"), False, "us-ca", "cc1", "la"),
    ("E1", date(2026, 10, 1), "meal_premium", "premium", 3600, Decimal("1.000"), True, "us-ca", None, None),
    ('Zoë, "Z"', date(2026, 10, 31), "overtime_150", "work", 90, Decimal("1.500"), False, "none", None, "la"),
]
TYPES = {
    "employee_id": ("string", False),
    "workday": ("date32[day]", False),
    "pay_code": ("string", False),
    "source": ("string", False),
    "seconds": ("int64", False),
    "multiplier": ("decimal128(6, 3)", False),
    "on_top": ("bool", False),
    "policy": ("string", False),
    "cost_center": ("string", True),
    "site_id": ("string", True),
}


def period() -> Period:
    lines = in_order(pd.DataFrame(LINES, columns=list(TYPES)))
    return Period("2026-10", date(2026, 10, 1), date(2026, 10, 31), 42, SHA256, lines)


def test_a_csv_file_has_these_bytes() -> None:
    assert encode(period(), "csv")[0].decode() == FILE.read_text(encoding="utf-8")


def test_a_parquet_file_has_these_columns_and_types() -> None:
    schema = pq.read_schema(io.BytesIO(encode(period(), "parquet")[0]))
    assert {field.name: (str(field.type), field.nullable) for field in schema} == TYPES
    assert list(TYPES) == COLUMNS


def test_the_manifest_says_this() -> None:
    assert encode(period(), "csv")[1].as_dict() == {
        "period": "2026-10",
        "starts_on": "2026-10-01",
        "ends_on": "2026-10-31",
        "watermark": 42,
        "format": "csv",
        "file": "pay-lines_2026-10_w42-7a19b3d2.csv",
        "rows": 3,
        "seconds": 32490,
        "paid_seconds": 28890,
        "employees": 2,
        "sha256": hashlib.sha256(FILE.read_bytes()).hexdigest(),
    }
    name = encode(period(), "parquet")[1].file
    assert manifest_path(Path("out"), name) == Path("out/pay-lines_2026-10_w42-7a19b3d2.parquet.manifest.json")
