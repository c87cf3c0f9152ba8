"""One pay period as it is handed to payroll: its lines in a fixed order, and the manifest that says what they are."""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date

import pandas as pd

from timecontrol.errors import UserError
from timecontrol.serving.exports import csv, parquet
from timecontrol.serving.exports.parquet import SCHEMA
from timecontrol.serving.reads import Reads
from timecontrol.warehouse.named_sql import named_sql

#: Columns of an export, in order.
COLUMNS: list[str] = SCHEMA.names

#: Format by name: what its files end in, and what makes their bytes.
FORMATS: dict[str, Callable[[pd.DataFrame], bytes]] = {"csv": csv.encode, "parquet": parquet.encode}

# A page asks for less instead of waiting; a whole period has some 900,000 lines at 10,000 employees.
READ_SECONDS = 120

# Of the hash in a file's name: one pair in four thousand million of the few states at one watermark would share it.
HASH_DIGITS = 8


@dataclass(frozen=True)
class Period:
    """A period's pay lines as of a watermark: the run that last changed any of them.

    Attributes:
        sha256: of the lines as CSV, whatever the format: what the manifest in the database says.
    """

    period: str
    starts_on: date
    ends_on: date
    watermark: int
    sha256: str
    lines: pd.DataFrame


@dataclass(frozen=True)
class Manifest:
    """What a file of pay lines holds; written beside it as JSON.

    Attributes:
        rows: lines in the file.
        seconds: sum over the column `seconds`, to check the file by.
        paid_seconds: the same without lines that come on top of base pay: hours paid.
        employees: how many people have a line.
        sha256: of the file's bytes.
    """

    period: str
    starts_on: str
    ends_on: str
    watermark: int
    format: str
    file: str
    rows: int
    seconds: int
    paid_seconds: int
    employees: int
    sha256: str

    def as_dict(self) -> dict[str, str | int]:
        """The manifest as JSON holds it."""
        return asdict(self)


def read_period(reads: Reads, period: str) -> Period:
    """A period's lines of one snapshot; raises UserError when there is no such period."""
    lines_of_period = named_sql("payroll")["pay_lines_of_period"]
    rows = reads.fetch(lines_of_period, {"period": period}, timeout_seconds=READ_SECONDS).frame()
    if rows.empty:
        known = reads.fetch(named_sql("payroll")["periods"]).frame()["period"].tolist()
        raise UserError(
            f"There is no pay period {period!r} to export. Periods with hours: {', '.join(known) or 'none yet'}"
        )
    first = rows.iloc[0]
    lines = in_order(rows.dropna(subset=["employee_id"]))
    return Period(period, first["starts_on"], first["ends_on"], int(first["watermark"]), first["sha256"], lines)


def in_order(lines: pd.DataFrame) -> pd.DataFrame:
    """The columns of an export with their types; the order of rows is the caller's."""
    return lines[COLUMNS].astype({"seconds": "int64", "on_top": "bool"}).reset_index(drop=True)


def file_name(period: str, watermark: int, sha256: str, format_name: str) -> str:
    """The file's name, which two states of a period never share: pay depends on the instant of a run, too, and two runs may
    read up to the same watermark, so the lines themselves (their SHA-256 as CSV) are part of it.
    """
    return f"pay-lines_{period}_w{watermark}-{sha256[:HASH_DIGITS]}.{format_name}"


def encode(period: Period, format_name: str) -> tuple[bytes, Manifest]:
    """The file's bytes and its manifest; raises UserError for a format that there is not."""
    if format_name not in FORMATS:
        raise UserError(f"There is no format {format_name!r}; it may be {' or '.join(FORMATS)}")
    content = FORMATS[format_name](period.lines)
    lines = period.lines
    manifest = Manifest(
        period=period.period,
        starts_on=period.starts_on.isoformat(),
        ends_on=period.ends_on.isoformat(),
        watermark=period.watermark,
        format=format_name,
        file=file_name(period.period, period.watermark, period.sha256, format_name),
        rows=len(lines),
        seconds=int(lines["seconds"].sum()),
        paid_seconds=int(lines.loc[~lines["on_top"], "seconds"].sum()),
        employees=int(lines["employee_id"].nunique()),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    return content, manifest
