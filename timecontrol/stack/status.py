"""`timecontrol status`: what runs, how far each consumer is behind, how old buffer, replica and marts are."""

from collections.abc import Callable, Iterator

from rich.console import Console
from rich.table import Table

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.serving.buffer import buffer_status
from timecontrol.settings import Settings
from timecontrol.stack import measures
from timecontrol.stack.command import condition_table
from timecontrol.stack.control import started_stack

Row = tuple[str, str]


def status() -> None:
    """Show servers and services, and how far the pipeline is behind."""
    stack = started_stack()
    console = Console()
    console.print(condition_table(stack.conditions(), SystemClock().now()))
    table = Table("measure", "value", title="How far behind")
    for name, value in pipeline_rows(stack.settings):
        table.add_row(name, value)
    console.print(table)


def pipeline_rows(settings: Settings) -> Iterator[Row]:
    """Each measure in words; a server that does not answer says so in its own row."""
    yield from _measured("lag of the sinks", lambda: _lags(settings))
    yield from _measured("write buffer", lambda: _buffer(settings))
    yield from _measured("replica", lambda: [("age of the replica", _seconds(measures.replica_age_seconds(settings)))])
    yield from _measured("marts", lambda: [("age of the marts", _seconds(measures.watermark_age_seconds(settings)))])


def _measured(name: str, rows: Callable[[], list[Row]]) -> list[Row]:
    try:
        return rows()
    except Transient as error:
        return [(name, str(error).splitlines()[0])]


def _lags(settings: Settings) -> list[Row]:
    return [(f"lag of {lag.group}", f"{lag.records:,} records") for lag in measures.group_lags(settings)]


def _buffer(settings: Settings) -> list[Row]:
    buffer = buffer_status(settings)
    oldest = "nothing waits" if buffer.oldest_age_seconds is None else f"oldest {buffer.oldest_age_seconds:,.1f} s"
    return [("write buffer", f"{buffer.entries:,} entries, {oldest}")]


def _seconds(age: float | None) -> str:
    return "none yet" if age is None else f"{age:,.1f} s"
