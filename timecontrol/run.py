"""`timecontrol run`: everything from nothing to a paid hour on a screen: start, load the examples, compute, say what came of it."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.first_accounts import FIRST_ACCOUNTS, accounts_file
from timecontrol.policy.command import load as load_policies
from timecontrol.progress import Report
from timecontrol.serving.compute import run as compute
from timecontrol.serving.exports.export import export
from timecontrol.serving.reads import Reads
from timecontrol.serving.waiting import waiting
from timecontrol.settings import Settings, load_settings
from timecontrol.simulator.keycard import drop_keycard_file, write_card_holders
from timecontrol.simulator.plan import make_plan
from timecontrol.simulator.simulate import await_sites, simulate
from timecontrol.stack.command import start
from timecontrol.stack.control import open_stack
from timecontrol.stack.wait import wait_until
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection, connect

# The simulated company of the example: three sites in three zones, four weeks up to today, always the same one.
EMPLOYEES = 200
DAYS = 28
SEED = 1
# The whole example arrives within seconds; two minutes cover a machine that is busy with its first start.
CAPTURE_SECONDS = 120


@dataclass(frozen=True)
class Export:
    """One file that was written for payroll."""

    file: str
    lines: int
    hours: float


def run(*, quiet: Annotated[bool, typer.Option("--quiet", help="Log lines instead of progress bars.")] = False) -> None:
    """Start everything, load the examples through the real front doors, compute, export; services go on."""
    report = Report(quiet=quiet)
    start(open_stack(), [], report)
    settings = load_settings()
    with report.step("Loading the policies"):
        load_policies()
    with report.step("Key-card example to the legacy HR system and the watched folder"):
        write_card_holders(settings)
        await_sites(settings, {"GATE"})
        drop_keycard_file(settings)
    plan = make_plan(employees=EMPLOYEES, days=DAYS, seed=SEED, mess="normal", now=SystemClock().now())
    simulate(settings, plan, "normal", report)
    with report.step("Waiting until everything is captured"):
        await_capture(settings)
    with report.step("Computing hours, findings and pay lines"):
        compute(settings, reason="timecontrol run")
    with report.step("Exporting for payroll"):
        exports = write_exports(settings)
    Console().print(summary(settings, exports, report))


def await_capture(settings: Settings) -> None:
    """Wait until nothing is on its way; raises Transient saying what still is after CAPTURE_SECONDS."""
    if not wait_until(lambda: not list(waiting(settings)), CAPTURE_SECONDS):
        raise Transient(
            f"After {CAPTURE_SECONDS} s not everything has arrived: {', '.join(waiting(settings))} still wait. "
            "See which service stands still: timecontrol status"
        )


def write_exports(settings: Settings) -> list[Export]:
    """Write each period of the example as CSV and Parquet into `<home>/exports`."""
    with connect(settings, "operator") as connection:
        periods = [row["period"] for row in rows(connection, "periods")]
    reads = Reads(settings)
    try:
        manifests = [
            export(reads, period, format_name, settings.home / "exports")
            for period in periods
            for format_name in ("csv", "parquet")
        ]
    finally:
        reads.close()
    return [Export(manifest.file, manifest.rows, manifest.paid_seconds / 3600) for manifest in manifests]


def rows(connection: Connection, name: str) -> list[dict[str, Any]]:
    """The rows of a statement of `sql/summary.sql`, by column name."""
    cursor = connection.execute(named_sql("summary")[name].for_psycopg())
    names = [column.name for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def summary(settings: Settings, exports: list[Export], report: Report) -> Table:
    """What was captured, computed, found and exported, where the pages are, and how long each step took."""
    table = Table("", "", title="Employee Time Control runs", show_header=False)
    with connect(settings, "operator") as connection:
        for row in rows(connection, "captured"):
            table.add_row(f"captured from {row['source']}", f"{row['punches']:,} punches of {row['people']:,} people")
        for name in ("capture_totals", "computed"):
            for label, value in rows(connection, name)[0].items():
                table.add_row(label.replace("_", " "), f"{value or 0:,}")
    table.add_section()
    for each in exports:
        table.add_row(f"export {each.file}", f"{each.lines:,} lines, {each.hours:,.1f} paid hours")
    table.add_row("exports lie in", str(settings.home / "exports"))
    table.add_section()
    for label, address in (
        ("dashboards", settings.dashboards),
        ("Dagster", settings.dagster),
        ("API", settings.api),
    ):
        table.add_row(label, f"http://{address.host}:{address.port}")
    table.add_row("web clock", f"http://{settings.api.host}:{settings.api.port}/clock/")
    table.add_row("sign in as", f"{', '.join(FIRST_ACCOUNTS)}; the passwords are in {accounts_file(settings)}")
    table.add_section()
    for step, seconds in report.seconds.items():
        table.add_row(step, f"{seconds:.1f} s")
    return table
