"""`timecontrol export`: a pay period as a file for payroll."""

from pathlib import Path
from typing import Annotated

import typer

from timecontrol.serving.exports.export import export as write_export
from timecontrol.serving.reads import Reads
from timecontrol.settings import load_settings


def export(
    period: Annotated[str, typer.Option(help="The pay period, a calendar month such as 2026-10.")],
    out: Annotated[Path, typer.Option(help="Directory to write into; made where it is missing.")],
    format_name: Annotated[str, typer.Option("--format", help="csv or parquet.")] = "csv",
) -> None:
    """Write the pay lines of a period and their manifest; the same period and watermark give the same bytes."""
    reads = Reads(load_settings())
    try:
        manifest = write_export(reads, period, format_name, out)
    finally:
        reads.close()
    typer.echo(
        f"{out / manifest.file}: {manifest.rows:,} lines, {manifest.paid_seconds / 3600:,.2f} paid hours, "
        f"{manifest.employees:,} employees, watermark {manifest.watermark}, sha256 {manifest.sha256}"
    )
