"""`timecontrol policy`: load policies into the database, show what counts, check case files."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.policy.cases.report import report_lines
from timecontrol.policy.cases.run import check as check_cases
from timecontrol.policy.cases.run import supported_parameters
from timecontrol.policy.difference import choose, compare
from timecontrol.policy.difference_json import to_json
from timecontrol.policy.difference_tables import tables
from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.problems import InvalidFiles
from timecontrol.policy.rows import ParameterRow, rows_of
from timecontrol.policy.store import store
from timecontrol.policy.values import did_you_mean
from timecontrol.progress import Report
from timecontrol.serving.replay import Days
from timecontrol.settings import load_settings
from timecontrol.warehouse.pools import connect
from timecontrol.whole_table import print_whole

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Labour rules: load, show and check policies.")

Folder = Annotated[
    Path,
    typer.Option(
        "--policies",
        exists=True,
        file_okay=False,
        help="Folder with pay_codes.yaml and a folder for each jurisdiction.",
    ),
]


@app.command()
def load(policies: Folder = DEFAULT_FOLDER) -> None:
    """Write to the database what the policy files say anew; the same files again add nothing."""
    rows = rows_of(read_folder(policies))
    with connect(load_settings(), "transform") as connection:
        done = store(connection, rows, remove=not rows.problems)
    for table, found in done.items():
        typer.echo(f"{table.replace('_', ' ')}: {len(found.written)} new or changed, {len(found.removed)} removed")
    computed = supported_parameters()
    for name in sorted({row.policy for row in rows.parameters}):
        idle = {row.parameter for row in rows.parameters if row.policy == name and row.value is not None} - computed
        if idle:
            typer.secho(f"{name}: not yet computed: {', '.join(sorted(idle))}", fg="yellow", err=True)
    if rows.problems:
        raise InvalidFiles(rows.problems)


@app.command()
def show(
    policy: Annotated[str, typer.Argument(help="Name of a policy, such as us-ca.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what counts on this date.")] = None,
    policies: Folder = DEFAULT_FOLDER,
) -> None:
    """Print the dated values of a policy, inherited ones included, with their references."""
    rows = rows_of(read_folder(policies))
    names = [row.policy for row in rows.policies]
    if policy not in names:
        problems = "".join(f"\n{problem}" for problem in rows.problems)
        raise UserError(f"unknown policy {policy}{did_you_mean(policy, names)}{problems}")
    for row in counting([row for row in rows.parameters if row.policy == policy], on.date() if on else None):
        value = "abolished" if row.value is None else json.dumps(row.value)
        typer.echo(f"{row.parameter} from {row.valid_from}: {value}\n    {row.reference} ({row.file}:{row.line})")


def counting(rows: list[ParameterRow], on: date | None) -> list[ParameterRow]:
    """All dated values, or those that count on a date; rows of a parameter rise by date."""
    if on is None:
        return rows
    newest = {row.parameter: row for row in rows if row.valid_from <= on}
    return [row for row in newest.values() if row.value is not None]


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="Name of a policy, or a policy's file.")],
    new: Annotated[str, typer.Argument(help="Name of another, or the file of a draft.")],
    first_day: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First workday.")],
    last_day: Annotated[datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last workday.")],
    rate: Annotated[float | None, typer.Option(min=0, help="Pay of an hour, to see the difference in money.")] = None,
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Write hours and findings of everybody to this file.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="A line for each step instead of bars.")] = False,  # noqa: FBT002  typer's flags
    policies: Folder = DEFAULT_FOLDER,
) -> None:
    """What if: the whole population under both policies, beside production; hours, money and findings that differ."""
    configure_logs("policy_diff")
    folder = read_folder(policies)
    sides = choose(folder, old, "old"), choose(folder, new, "new")
    days = Days(first_day.date(), last_day.date())
    found = compare(load_settings(), folder, *sides, days, Report(quiet=quiet))
    if json_out is not None:
        json_out.write_text(to_json(found, rate), encoding="utf-8")
    for table in tables(found, rate):
        print_whole(table)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Case files, or folders of them.")],
    json_out: Annotated[
        Path | None, typer.Option("--json", help="Write what was computed for every case to this file.")
    ] = None,
    policies: Folder = DEFAULT_FOLDER,
) -> None:
    """Run cases through the models in a scratch schema and say which differ; exit code 1 if any does or is wrong."""
    paths = [path for given in files for path in (sorted(given.rglob("*.yaml")) if given.is_dir() else [given])]
    report = check_cases(load_settings(), paths, policies)
    if json_out is not None:
        json_out.write_text(json.dumps(report.to_json(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for line in report_lines(report):
        typer.echo(line)
    if not report.passed:
        raise typer.Exit(1)
