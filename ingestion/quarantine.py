"""`timecontrol quarantine list|show|replay|discard`: what was refused, and what is done about it."""

import getpass
import sys
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ingestion import replay as replaying
from timecontrol.errors import UserError
from timecontrol.settings import load_settings
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.quarantine import Quarantined, find, newest
from timecontrol.whole_table import print_whole

app = typer.Typer(no_args_is_help=True, help="What was refused, and what is done about it.")

Id = Annotated[int, typer.Argument(help="Number of the record, as `list` shows it.")]
Reason = Annotated[str, typer.Option(help="Why; kept with the record and in the audit log.")]

# Of the bytes in `show`: a screenful; the whole record is in raw.quarantine.
SHOWN_BYTES = 2000


@app.command("list")
def list_command(
    code: Annotated[str | None, typer.Option(help="Only this fault, such as content_conflict.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first.")] = 50,
    *,
    resolved: Annotated[bool, typer.Option("--resolved", help="Also those replayed or discarded.")] = False,
) -> None:
    """List refused records, the newest first."""
    with connect(load_settings(), "operator") as connection:
        entries = newest(connection, limit, code=code, open_only=not resolved)
    table = Table()
    for column in ("id", "at", "place", "code", "reason", "resolved"):
        # What other commands take or what one searches for stays in one piece on a narrow terminal.
        table.add_column(column, overflow="fold", no_wrap=column in ("id", "code"))
    for entry in entries:
        instant = entry.quarantined_at.isoformat(timespec="seconds")
        table.add_row(str(entry.quarantine_id), instant, entry.place, entry.code, entry.reason[:200], resolution(entry))
    if not entries:
        typer.echo("Nothing is in quarantine.")
    elif sys.stdout.isatty():
        literal_console().print(table)
    else:
        print_whole(table)


@app.command()
def show(quarantine_id: Id) -> None:
    """Show one refused record with its bytes and headers."""
    with connect(load_settings(), "operator") as connection:
        entry = find(connection, quarantine_id)
    if entry is None:
        raise UserError(f"There is no quarantined record {quarantine_id}. See: timecontrol quarantine list")
    table = Table(show_header=False)
    for label, value in (
        ("id", entry.quarantine_id),
        ("place", entry.place),
        ("code", entry.code),
        ("reason", entry.reason),
        ("at", entry.quarantined_at.isoformat()),
        ("key", "" if entry.record_key is None else repr(entry.record_key)),
        ("headers", "\n".join(f"{name}: {value}" for name, value in entry.headers or [])),
        ("resolved", resolution(entry)),
        (f"payload ({len(entry.payload)} bytes)", readable(entry.payload)),
    ):
        table.add_row(label, str(value))
    literal_console().print(table)


@app.command()
def replay(quarantine_id: Id, reason: Reason) -> None:
    """Send a refused record to its topic again, after what refused it was put right."""
    replaying.replay(load_settings(), quarantine_id, getpass.getuser(), reason)
    typer.echo(
        f"Record {quarantine_id} was sent again. If what refused it is still there, it comes back under a new number."
    )


@app.command()
def discard(quarantine_id: Id, reason: Reason) -> None:
    """Give a refused record up; its bytes stay in the quarantine."""
    replaying.discard(load_settings(), quarantine_id, getpass.getuser(), reason)
    typer.echo(f"Record {quarantine_id} was discarded.")


def literal_console() -> Console:
    """A console that shows text as it is: what strangers sent may hold brackets and colons that rich takes for its own."""
    return Console(markup=False, emoji=False)


def resolution(entry: Quarantined) -> str:
    """What was done about a record, empty for nothing."""
    return "" if entry.action is None else f"{entry.action} by {entry.actor}"


def readable(payload: bytes) -> str:
    """Bytes for a terminal: text where it is text, the rest as escapes."""
    shown = payload[:SHOWN_BYTES].decode("utf-8", "backslashreplace")
    text = "".join(
        character if character.isprintable() or character == "\n" else repr(character)[1:-1] for character in shown
    )
    return text if len(payload) <= SHOWN_BYTES else f"{text} … {len(payload) - SHOWN_BYTES} more bytes"
