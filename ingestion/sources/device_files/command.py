"""`timecontrol import`: one device file from the command line, with progress and a summary."""

import getpass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from ingestion.sources.device_files.importer import (
    ImportSummary,
    check_name,
    check_size,
    import_file,
    resolve_source,
)
from ingestion.sources.device_files.layout import CsvMapping, load_mapping
from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Rejected
from timecontrol.errors import UserError
from timecontrol.settings import load_settings

# ZKTeco's software names a dump `<serial>_attlog.dat`.
ATTLOG_SUFFIX = "_attlog"


def import_command(
    file: Annotated[
        Path,
        typer.Argument(
            exists=True, dir_okay=False, readable=True, help="An attlog dump, or a CSV file with --mapping."
        ),
    ],
    site: Annotated[str, typer.Option(help="Site at which the device stands; gives the time zone.")],
    device: Annotated[
        str | None, typer.Option(help="Serial of the device; an attlog named SERIAL_attlog.dat says it itself.")
    ] = None,
    zone: Annotated[str | None, typer.Option(help="IANA zone of the device's clock, where it is not the site's.")] = "",
    mapping: Annotated[
        Path | None, typer.Option(help="YAML file that says what a CSV file's columns and words mean.")
    ] = None,
    *,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Import the punches of a device file; the same or a longer dump adds only what is new."""
    check_name(file)
    check_size(file)
    settings = load_settings()
    layout = load_mapping(mapping) if mapping else None
    source = resolve_source(settings, site, _device(file, device, layout), layout, zone)
    # The name of a file may hold what rich takes for its own.
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    try:
        with Progress(*columns, console=console, disable=quiet or not console.is_terminal) as bar:
            task = bar.add_task(file.name, total=None)
            summary = import_file(
                settings,
                file.name,
                file.read_bytes(),
                source,
                imported_by=getpass.getuser(),
                clock=SystemClock(),
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
    except Rejected as error:
        raise UserError(f"{file} was not imported: {error.reason}") from error
    Console(markup=False, emoji=False).print(summary_table(file.name, summary))


def _device(file: Path, device: str | None, layout: CsvMapping | None) -> str | None:
    """The device that wrote the file. Raises UserError when nothing says it: guessing would give the punches new identities."""
    if device is not None:
        return device
    if layout is None and file.stem.endswith(ATTLOG_SUFFIX) and file.stem != ATTLOG_SUFFIX:
        return file.stem.removesuffix(ATTLOG_SUFFIX)
    if layout is not None and layout.columns.device is not None:
        return None
    raise UserError(
        f"{file}: say which device wrote it with --device SERIAL. The punches are known by it, so use the same name for each of its dumps."
    )


def summary_table(name: str, summary: ImportSummary) -> Table:
    """What became of the lines, as a table for people."""
    table = Table(title=f"{name} ({summary.file_sha256[:12]}…)", show_header=False)
    rows = {
        "lines": summary.lines,
        "header": summary.header,
        "blank": summary.blank,
        "punches sent": summary.punches,
        "  on their way to the database": summary.new,
        "  in the database before": summary.known,
        "repeats within the file": summary.repeats,
        "quarantined": summary.quarantined,
    }
    for label, count in rows.items():
        table.add_row(label, f"{count:,}")
    return table
