"""What payroll takes: its tables, and the files of each pay period."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration.transient import retried
from timecontrol.serving.exports.export import export
from timecontrol.serving.exports.period import FORMATS, file_name
from timecontrol.serving.payroll import fill
from timecontrol.serving.reads import Reads
from timecontrol.settings import Settings
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import connect

PAY_LINES = dg.AssetKey(["marts", "fct_pay_lines"])
EMPLOYEES = dg.AssetKey(["marts", "dim_employees"])
TABLES = {
    dg.AssetKey(["payroll", "pay_lines"]): [PAY_LINES],
    dg.AssetKey(["payroll", "employees"]): [PAY_LINES, EMPLOYEES],
    dg.AssetKey(["payroll", "manifests"]): [PAY_LINES],
    dg.AssetKey(["ledger", "pay_periods"]): [PAY_LINES],
}


@dg.multi_asset(
    name="payroll_tables",
    group_name="payroll",
    specs=[dg.AssetSpec(key, deps=deps, kinds={"postgres"}) for key, deps in TABLES.items()],
)
def payroll_tables(settings: dg.ResourceParam[Settings]) -> Iterator[dg.MaterializeResult[Any]]:
    """Brought up to the last run by what it changed; replicated to payroll's own server."""
    with retried(), connect(settings, "transform") as connection:
        filled = fill(connection)
    for key in TABLES:
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "run_id": filled.run_id,
                "compared": filled.compared,
                "deleted": filled.deleted,
                "inserted": filled.inserted,
                "periods": list(filled.periods),
            },
        )


@dg.asset(
    key=["exports", "pay_period_files"],
    group_name="payroll",
    deps=[*TABLES],
    kinds={"csv", "parquet"},
)
def pay_period_files(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[Any]:
    """`<home>/exports`: a file in each format, and its manifest, for each state of a period that has none yet."""
    folder = settings.home / "exports"
    reads = Reads(settings)
    try:
        with retried():
            missing = [
                (period["period"], format_name)
                for period in reads.fetch(named_sql("payroll")["periods"]).records()
                for format_name in FORMATS
                if not (
                    folder / file_name(period["period"], period["watermark"], period["sha256"], format_name)
                ).exists()
            ]
            written = [export(reads, period, format_name, folder).file for period, format_name in missing]
    finally:
        reads.close()
    return dg.MaterializeResult(metadata={"folder": dg.MetadataValue.path(folder), "written": written})
