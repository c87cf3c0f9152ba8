"""`timecontrol stack ...`: start, stop and disturb the servers and services of this machine."""

import shutil
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from timecontrol.clock import SystemClock
from timecontrol.progress import Report
from timecontrol.settings import read_settings
from timecontrol.stack.control import Condition, Stack, open_stack, started_stack
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import holds_stack

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)

Names = Annotated[list[str] | None, typer.Argument(help="Servers or services; without names all.")]
SomeNames = Annotated[list[str], typer.Argument(help="Servers or services.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Log lines instead of progress bars.")]


@app.command()
def up(names: Names = None, *, quiet: Quiet = False) -> None:
    """Start what does not run and wait until it answers; what runs stays as it is, unless a setting given here changes it."""
    stack = open_stack()
    start(stack, names or [], Report(quiet=quiet))


def start(stack: Stack, names: list[str], report: Report) -> None:
    """Start programs of a stack, each shown when it answers."""
    total = len(names) or len(stack.programs)
    with report.step("Starting the programs", total) as step:

        def observe(name: str, seconds: float) -> None:
            step.advance()
            report.console.print(f"  {name:<18} answers ({seconds:.1f} s)", highlight=False)

        stack.up(names, observe)


@app.command()
def down(names: Names = None) -> None:
    """Stop, in order, within a bounded time; the data stays."""
    started_stack().down(names or [])
    typer.echo(f"Stopped: {', '.join(names) if names else 'everything'}. The data stays.")


@app.command()
def kill(names: SomeNames) -> None:
    """SIGKILL, as a crash would; the supervisor starts it again."""
    started_stack().kill(names)


@app.command()
def pause(names: SomeNames) -> None:
    """SIGSTOP: connections stay open, nothing answers, until `resume`."""
    started_stack().pause(names)


@app.command()
def resume(names: SomeNames) -> None:
    """Let what was paused go on."""
    started_stack().resume(names)


@app.command()
def status() -> None:
    """What runs, since when, on which ports."""
    Console().print(condition_table(started_stack().conditions(), SystemClock().now()))


@app.command()
def clean(*, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop everything and delete all its data, after asking."""
    home = read_settings().home
    if not home.exists():
        typer.echo(f"There is nothing at {home}.")
        return
    if not holds_stack(home):
        raise StackError(f"TIMECONTROL_HOME={home} holds no stack (no secrets.json of one): nothing is deleted.")
    if not yes:
        typer.confirm(f"Delete all data of the stack at {home}?", abort=True)
    started_stack().down()
    shutil.rmtree(home)
    typer.echo(f"Everything at {home} is deleted.")


def condition_table(conditions: list[Condition], now: datetime) -> Table:
    """One line for each server and service."""
    table = Table("name", "kind", "state", "pid", "up for", "port", title="Servers and services")
    for each in conditions:
        since = datetime.fromtimestamp(each.started_at, UTC) if each.pid else None
        table.add_row(
            each.name,
            each.kind,
            each.state.lower(),
            str(each.pid or ""),
            str(now - since).split(".", maxsplit=1)[0] if since else "",
            ", ".join(str(port) for port in each.ports),
            style=None if each.state in ("RUNNING", "EXTERNAL") else "red",
        )
    return table
