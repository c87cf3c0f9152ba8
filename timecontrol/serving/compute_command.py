"""`timecontrol compute`: run the models now, by hand."""

from typing import Annotated

import typer

from timecontrol.logs import configure_logs
from timecontrol.serving.compute import run
from timecontrol.settings import load_settings


def compute(
    *,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Compute everything anew, not only what changed.")
    ] = False,
    check: Annotated[bool, typer.Option("--check", help="Run the tests that read whole tables, too.")] = False,
    reason: Annotated[str, typer.Option(help="Kept with the run.")] = "by hand",
) -> None:
    """Compute what is new since the last run and say how long it took."""
    configure_logs("compute")
    result = run(load_settings(), full_refresh=full_refresh, reason=reason, check=check)
    kind = "everything" if result.full_refresh else f"{result.touched_weeks} employee-weeks"
    typer.echo(f"Run {result.run_id}: {kind} in {result.seconds:.1f} s, known up to transaction {result.watermark}.")
