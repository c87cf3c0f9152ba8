"""`timecontrol hours`: what the system knew of hours and pay at an instant, computed by today's models."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.console import Console
from rich.table import Table

from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.progress import Report
from timecontrol.serving.exports import csv
from timecontrol.serving.exports.period import in_order
from timecontrol.serving.replay import Days, KnownRun, beside
from timecontrol.settings import Settings, load_settings
from timecontrol.whole_table import print_whole

# A table for people; the file has all lines.
MOST_ROWS = 60


def hours(
    known_at: Annotated[
        str,
        typer.Option(help="The instant, RFC 3339 with an offset: 2026-11-01T09:00:00+01:00; `now` for the last run."),
    ],
    first_day: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First workday.")] = None,
    last_day: Annotated[datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last workday.")] = None,
    employee: Annotated[str | None, typer.Option(help="Only this employee.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the pay lines to this file, as an export to payroll has them.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="A line for each step instead of bars.")] = False,  # noqa: FBT002  typer's flags
) -> None:
    """Hours and pay lines as they were known at an instant: the inputs up to the watermark of the last run finished by then."""
    configure_logs("hours")
    days = Days(first_day.date() if first_day else date.min, last_day.date() if last_day else date.max, employee)
    report = Report(quiet=quiet)
    run, lines = known_at_instant(load_settings(), instant_of(known_at), days, report)
    if out is not None:
        out.write_bytes(csv.encode(in_order(lines)))
    console = Console()
    console.print(
        f"As known at {run.finished_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC: run {run.run_id}, "
        f"inputs up to transaction {run.watermark}, its now {run.now_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        highlight=False,
    )
    print_whole(table_of(lines))


def instant_of(text: str) -> datetime:
    """The instant that was typed; raises UserError for one without an offset, which could be any of many."""
    if text == "now":
        return datetime.max.replace(tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"--known-at {text!r} is no instant; write it like 2026-11-01T09:00:00+01:00") from error
    if instant.tzinfo is None:
        raise UserError(f"--known-at {text!r} has no offset; write it like {text}+00:00")
    return instant


def known_at_instant(
    settings: Settings, instant: datetime, days: Days, report: Report
) -> tuple[KnownRun, pd.DataFrame]:
    """The run and its pay lines (columns of payroll.pay_lines); raises UserError where no run had finished."""
    with beside(settings, instant) as replay:
        with report.step(f"Computing what run {replay.run.run_id} knew"):
            replay.compute()
        return replay.run, replay.read("pay_lines", days)


def table_of(lines: pd.DataFrame) -> Table:
    """A row for each employee and workday, or for each employee where those are too many."""
    keys = ["employee_id", "workday"]
    if len(lines.drop_duplicates(keys)) > MOST_ROWS:
        keys = ["employee_id"]
    table = Table(*[key.replace("_id", "").replace("_", " ") for key in keys], "paid hours", "pay codes (hours)")
    for key, of_key in lines.groupby(keys):
        paid = of_key.loc[~of_key["on_top"].astype(bool), "seconds"].sum() / 3600
        codes = of_key.groupby("pay_code")["seconds"].sum() / 3600
        table.add_row(*map(str, key), f"{paid:.2f}", ", ".join(f"{code} {hours:.2f}" for code, hours in codes.items()))
    return table
