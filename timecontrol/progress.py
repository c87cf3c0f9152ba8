"""Progress of long work for people: bars on a terminal, a line for each finished step elsewhere or when quiet."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

COLUMNS = (
    TextColumn("{task.description}"),
    BarColumn(),
    MofNCompleteColumn(),
    TextColumn("{task.fields[rate]}"),
    TimeElapsedColumn(),
    TimeRemainingColumn(),
)


# Where there are no bars: a line this often says how far long work is.
LINE_SECONDS = 15.0


class Step:
    """One piece of work that says how far it is."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._started = self._told = monotonic()
        self.done = 0

    def reach(self, done: int, total: int | None = None) -> None:
        """So much is done, of so much where that is known."""
        self.done = done
        seconds = monotonic() - self._started
        rate = f"{done / seconds:,.0f}/s" if seconds > 0 else ""
        self._bar.update(self._task, completed=done, total=total, rate=rate)
        of = self._bar.tasks[self._task].total
        left = f", {(of - done) * seconds / done:,.0f} s left" if of and done else ""
        self._tell(f"{done:,}{f' of {of:,.0f}' if of else ''}, {rate}{left}")

    def say(self, state: str) -> None:
        """What the work is at, where it cannot be counted; shown beside the bar."""
        self._bar.update(self._task, rate=state)
        self._tell(state)

    def _tell(self, state: str) -> None:
        now = monotonic()
        if self._bar.disable and now - self._told >= LINE_SECONDS:
            self._told = now
            description = self._bar.tasks[self._task].description
            line = f"{description}: {state}, {now - self._started:.0f} s so far"
            self._bar.console.print(line, highlight=False)

    def advance(self, amount: int = 1) -> None:
        """So much more is done."""
        self.reach(self.done + amount)


class Report:
    """Shows the steps of one command and keeps the seconds that each took."""

    def __init__(self, *, quiet: bool) -> None:
        self.console = Console(stderr=True)
        self._bars = self.console.is_terminal and not quiet
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, description: str, total: int | None = None) -> Iterator[Step]:
        """A step for the block: its bar, or one line when it has ended; an error ends it without the line."""
        started = monotonic()
        with Progress(*COLUMNS, console=self.console, disable=not self._bars, transient=False) as bar:
            step = Step(bar, bar.add_task(description, total=total, rate=""))
            yield step
        self.seconds[description] = monotonic() - started
        if not self._bars:
            amount = f" {step.done:,}" if step.done else ""
            self.console.print(f"{description}:{amount} done in {self.seconds[description]:.1f} s", highlight=False)
