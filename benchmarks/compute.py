"""The benchmark of computing: `python -m benchmarks.compute`.

All models over a year of punches of 10,000 people, then one more day with its corrections; the same day over a tenth of that
history. A run is the one that Dagster and `timecontrol compute` make, its tests included.
"""

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.machine import describe
from benchmarks.measure import Gauge, Taken
from benchmarks.population import Population
from benchmarks.report import tables
from benchmarks.scratch_stack import scratch_stack
from benchmarks.yardstick import pairing_seconds
from timecontrol.clock import FixedClock
from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.serving.compute import RunResult, run
from timecontrol.settings import Settings

# The day of the increment; both clock changes lie in the year before it.
THE_DAY = date(2026, 11, 4)
# When the last night shift of a day is over, in the zone farthest west: so late on the day after it is computed.
COMPUTED_AT = time(15, tzinfo=UTC)

# A day over a history is compared with the same day over this part of it.
SHORT_PART = 10

# The benchmark may use no more than this, whatever is free.
MOST_DISK_BYTES = 50 * 10**9
# Disk for each punch at the peak of a full run (inputs, all models, what sorts spill), measured, and what there is besides:
# the log (max_wal_size and what a checkpoint has not yet freed) and an empty stack.
DISK_BYTES_PER_PUNCH = 2_850
OTHER_DISK_BYTES = 2 * 10**9
PUNCHES_PER_DAY = 4.4


@dataclass(frozen=True)
class Run:
    """One run of all models."""

    taken: Taken
    touched_weeks: int
    model_seconds: dict[str, float]
    test_seconds: dict[str, float]


@dataclass(frozen=True)
class History:
    """A history of so many days and the day after it."""

    days: int
    punches: int
    generated_in_seconds: float
    full: Run
    day_punches: int
    day_corrections: int
    day: Run


@dataclass(frozen=True)
class Result:
    """What one call of the benchmark measured, the shorter history first."""

    employees: int
    seed: int
    histories: Sequence[History]
    duckdb_pairing_seconds: float

    @property
    def day_cost_ratio(self) -> float:
        """How many times as long the day takes over the long history as over the short one."""
        short, long = self.histories
        return long.day.taken.seconds / short.day.taken.seconds


def measure(settings: Settings, gauge: Gauge, employees: int, days: int, seed: int) -> Result:
    """Both histories, one after the other, in place of whatever the database holds; the long one stays there."""
    population = Population(settings, employees, seed)
    histories = [_history(population, gauge, length) for length in (max(days // SHORT_PART, 1), days)]
    return Result(employees, seed, histories, pairing_seconds(settings))


def _history(population: Population, gauge: Gauge, days: int) -> History:
    settings = population.settings
    first_day, yesterday = THE_DAY - timedelta(days=days), THE_DAY - timedelta(days=1)
    with gauge.measured() as generated:
        population.found(first_day, THE_DAY)
        punches = population.punch(first_day, yesterday)
        population.analyze()
    full = _run(settings, gauge, yesterday)
    population.settle()
    day_punches, corrections = population.punch(THE_DAY, THE_DAY), population.correct(THE_DAY)
    day = _run(settings, gauge, THE_DAY)
    return History(days, punches, generated.seconds, full, day_punches, corrections, day)


def _run(settings: Settings, gauge: Gauge, last_day: date) -> Run:
    clock = FixedClock(datetime.combine(last_day + timedelta(days=1), COMPUTED_AT))
    with gauge.measured() as taken:
        result = run(settings, reason="benchmark", clock=clock)
    return Run(taken, result.touched_weeks, _seconds(result, tests=False), _seconds(result, tests=True))


def _seconds(result: RunResult, *, tests: bool) -> dict[str, float]:
    return {node.name: node.seconds for node in result.nodes if (node.status == "pass") == tests}


def refuse_too_little_disk(folder: Path, employees: int, days: int) -> None:
    """Raise UserError where the run would need more disk than there is, or than it may use."""
    needed = OTHER_DISK_BYTES + round(employees * days * PUNCHES_PER_DAY * DISK_BYTES_PER_PUNCH)
    allowed = min(shutil.disk_usage(folder).free, MOST_DISK_BYTES)
    if needed > allowed:
        raise UserError(
            f"{employees} employees over {days} days need about {needed / 1e9:.0f} GB of disk, and there are "
            f"{allowed / 1e9:.0f} GB at {folder} (never more than {MOST_DISK_BYTES / 1e9:.0f} are used). "
            "Choose fewer with --employees or --days."
        )


def main(
    *,
    employees: Annotated[int, typer.Option(min=3, help="People, a third under each policy.")] = 10_000,
    days: Annotated[
        int, typer.Option(min=SHORT_PART, help="Days of the long history; the short one is a tenth.")
    ] = 365,
    seed: Annotated[int, typer.Option(help="The same seed and sizes give the same punches.")] = 1,
    home: Annotated[
        Path | None,
        typer.Option(help="Home of a stack for nothing else: used, emptied, left. Default: a new one, removed."),
    ] = None,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write all that was measured to this file.")] = None,
) -> None:
    """Measure a full run, a day's increment, and the same day over a tenth of the history; print what each took."""
    configure_logs("benchmark")
    with scratch_stack(home) as stack:
        folder = stack.settings.home
        refuse_too_little_disk(folder, employees, days)
        gauge = Gauge(stack.pid("postgres"), folder)
        result = measure(stack.settings, gauge, employees, days, seed)
        machine = describe(stack.settings)
    if json_out is not None:
        report = {"machine": machine, "day_cost_ratio": result.day_cost_ratio} | asdict(result)
        json_out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    console = Console()
    for table in tables(result, machine):
        console.print(table)


if __name__ == "__main__":
    typer.run(main)
