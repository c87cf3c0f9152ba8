"""`timecontrol explain`: one employee's day in plain words."""

from datetime import datetime
from typing import Annotated

import typer

from timecontrol.serving.explain.day import explain as explain_day
from timecontrol.serving.explain.text import render
from timecontrol.serving.reads import Reads
from timecontrol.settings import load_settings


def explain(
    employee: Annotated[str, typer.Argument(help="The employee's id.")],
    day: Annotated[
        datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="DATE", help="The workday, such as 2026-10-05.")
    ],
) -> None:
    """Explain a day from its punches to its pay lines: what is paid, what is not, and by which rule."""
    reads = Reads(load_settings())
    try:
        typer.echo(render(explain_day(reads, employee, day.date())))
    finally:
        reads.close()
