"""Payroll's tables, brought up to the marts after a run: only rows that changed are written, so only they replicate."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
import psycopg
from psycopg.rows import class_row, dict_row

from timecontrol.contracts.errors import Transient
from timecontrol.serving.exports import csv
from timecontrol.serving.exports.period import COLUMNS, in_order
from timecontrol.warehouse.named_sql import named_sql

Connection = psycopg.Connection[Any]


@dataclass(frozen=True)
class Filled:
    """What a fill did.

    Attributes:
        run_id: the run whose results payroll's tables hold now; None before the first run.
        compared: what was compared: `nothing` (held already), `touched` weeks, or `all`.
        deleted: lines removed, changed ones included.
        inserted: lines written, changed ones included.
        periods: periods whose manifest is new.
    """

    run_id: int | None
    compared: str
    deleted: int = 0
    inserted: int = 0
    periods: tuple[str, ...] = ()


@dataclass(frozen=True)
class RunState:
    """The last run that succeeded, and where payroll stands; see `payroll_fill.state`."""

    run_id: int
    watermark: int
    now_at: datetime
    full_refresh: bool
    previous_run_id: int | None
    taken_run_id: int | None
    is_running: bool


def fill(connection: Connection) -> Filled:
    """Bring `ledger` and `payroll` up to the last run, in one transaction, as role transform.

    Raises Transient while a run is under way: its marts are half new; the fill after it covers both.
    """
    with connection.transaction():
        # No run begins before this transaction ends: it would change the marts under the comparison.
        connection.execute("lock table ops.runs in share mode")
        state = connection.cursor(row_factory=class_row(RunState)).execute(_sql("state")).fetchone()
        if state is None:
            return Filled(None, "nothing")
        if state.is_running:
            raise Transient("A run of the models is under way; payroll's tables follow it")
        if state.taken_run_id == state.run_id:
            return Filled(state.run_id, "nothing")
        missed_none = state.taken_run_id is not None and state.taken_run_id == state.previous_run_id
        compared = "touched" if missed_none and not state.full_refresh else "all"
        connection.execute(_sql(f"scope_of_{compared}"))
        connection.execute(_sql("fresh_lines"))
        deleted = [row[0] for row in connection.execute(_sql("delete_changed"))]
        connection.execute(_sql("insert_periods"))
        inserted = [row[0] for row in connection.execute(_sql("insert_changed"))]
        connection.execute(_sql("delete_employees"))
        connection.execute(_sql("upsert_employees"))
        periods = tuple(sorted({*deleted, *inserted}))
        for period in periods:
            _write_manifest(connection, period, state.watermark, state.now_at)
        connection.execute(_sql("take_over"), {"run_id": state.run_id})
    return Filled(state.run_id, compared, len(deleted), len(inserted), periods)


def _write_manifest(connection: Connection, period: str, watermark: int, now_at: datetime) -> None:
    """The manifest of a period as its CSV export has it."""
    rows = connection.cursor(row_factory=dict_row).execute(_sql("lines_of_period"), {"period": period}).fetchall()
    lines = in_order(pd.DataFrame(rows, columns=COLUMNS))
    connection.execute(
        _sql("upsert_manifest"),
        {
            "period": period,
            "watermark": watermark,
            "rows": len(lines),
            "seconds": int(lines["seconds"].sum()),
            "employees": int(lines["employee_id"].nunique()),
            "sha256": hashlib.sha256(csv.encode(lines)).hexdigest(),
            "now_at": now_at,
        },
    )


def _sql(name: str) -> bytes:
    return named_sql("payroll_fill")[name].for_psycopg()
