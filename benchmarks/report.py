"""What the benchmark of computing prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from benchmarks.compute import Result, Run

MEGABYTE, GIGABYTE = 10**6, 10**9


def tables(result: Result, machine: Mapping[str, object]) -> Iterator[Table]:
    """The runs, with what they took; the seconds of each model; the ratios."""
    yield _runs(result)
    yield _models(result)
    yield _ratios(result, machine)


def _runs(result: Result) -> Table:
    columns = ("run", "days", "punches", "employee-weeks", "seconds", "of CPU", "memory, MB", "disk, GB")
    table = Table(*columns, title=f"{result.employees} employees")
    for history in result.histories:
        for name, punches, run in (
            ("full refresh", history.punches, history.full),
            ("one day", history.day_punches + history.day_corrections, history.day),
        ):
            table.add_row(
                name,
                str(history.days),
                f"{punches:,}",
                f"{run.touched_weeks:,}" if run.touched_weeks else "all",
                f"{run.taken.seconds:.1f}",
                f"{run.taken.cpu_seconds:.1f}",
                f"{run.taken.memory_bytes / MEGABYTE:,.0f}",
                f"{run.taken.disk_bytes / GIGABYTE:.1f}",
            )
    return table


def _models(result: Result) -> Table:
    short, long = result.histories
    runs = (short.full, short.day, long.full, long.day)
    table = Table(
        "seconds of", f"full, {short.days} days", "one day", f"full, {long.days} days", "one day",
        title="Models, two at a time",
    )  # fmt: skip
    for name, _ in sorted(long.full.model_seconds.items(), key=lambda item: -item[1]):
        table.add_row(name, *(f"{run.model_seconds.get(name, 0):.2f}" for run in runs))
    table.add_row("all tests", *(f"{sum(run.test_seconds.values()):.2f}" for run in runs))
    return table


def _ratios(result: Result, machine: Mapping[str, object]) -> Table:
    long = result.histories[-1]
    table = Table("ratio", "value", title=f"{machine['processor']}, {machine['cores']} cores, {machine['postgresql']}")
    table.add_row(
        f"cost of the day over {long.days} days / over {result.histories[0].days}", f"{result.day_cost_ratio:.2f}"
    )
    table.add_row("punches per second, full refresh", f"{_rate(long.punches, long.full):,.0f}")
    table.add_row(
        f"full refresh / pairing alone in DuckDB ({result.duckdb_pairing_seconds:.1f} s)",
        f"{long.full.taken.seconds / result.duckdb_pairing_seconds:.0f}",
    )
    return table


def _rate(punches: int, run: Run) -> float:
    return punches / run.taken.seconds
