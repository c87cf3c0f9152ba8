"""Payroll's tables, brought up to the marts after a run: only rows that changed are written, so only they replicate."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from psycopg.rows import dict_row

from timecontrol.serving.exports import csv
from timecontrol.serving.exports.period import COLUMNS, in_order
from timecontrol.serving.takeover import Scope, hold_last_run
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection

# As it stands in ops.takeovers.
TAKER = "payroll"


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
    compared: Scope
    deleted: int = 0
    inserted: int = 0
    periods: tuple[str, ...] = ()


def fill(connection: Connection) -> Filled:
    """Bring `ledger` and `payroll` up to the last run, in one transaction, as role transform; raises as `hold_last_run`."""
    with connection.transaction():
        last = hold_last_run(connection)
        if last is None:
            return Filled(None, "nothing")
        taken = connection.execute(named_sql("takeovers")["taken_run"].for_psycopg(), {"taker": TAKER}).fetchone()
        compared = last.scope(taken[0] if taken else None)
        if compared == "nothing":
            return Filled(last.run_id, "nothing")
        connection.execute(_sql(f"scope_of_{compared}"))
        connection.execute(_sql("fresh_lines"))
        deleted = [row[0] for row in connection.execute(_sql("delete_changed"))]
        connection.execute(_sql("insert_periods"))
        inserted = [row[0] for row in connection.execute(_sql("insert_changed"))]
        connection.execute(_sql("delete_employees"))
        connection.execute(_sql("upsert_employees"))
        periods = tuple(sorted({*deleted, *inserted}))
        for period in periods:
            _write_manifest(connection, period, last.watermark, last.now_at)
        take_over = named_sql("takeovers")["take_over"]
        connection.execute(take_over.for_psycopg(), {"taker": TAKER, "run_id": last.run_id})
    return Filled(last.run_id, compared, len(deleted), len(inserted), periods)


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
