"""`timecontrol simulate`: a company of the size asked for, up to now, through the front doors of the running stack."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from timecontrol.clock import SystemClock
from timecontrol.progress import Report
from timecontrol.settings import load_settings
from timecontrol.simulator.plan import make_plan
from timecontrol.simulator.punching import MessLevel
from timecontrol.simulator.simulate import Sent
from timecontrol.simulator.simulate import simulate as send_plan


def simulate(
    employees: Annotated[int, typer.Option(min=1, max=99_999, help="How many people.")] = 200,
    days: Annotated[int, typer.Option(min=1, max=3_660, help="How many days, up to today.")] = 28,
    seed: Annotated[int, typer.Option(help="The same seed gives the same company and the same days.")] = 1,
    mess: Annotated[MessLevel, typer.Option(help="How much goes wrong.")] = "normal",
    *,
    quiet: Annotated[bool, typer.Option("--quiet", help="Log lines instead of progress bars.")] = False,
) -> None:
    """Let a seeded company punch; running it again sends the same again, which adds nothing."""
    plan = make_plan(employees=employees, days=days, seed=seed, mess=mess, now=SystemClock().now())
    Console().print(sent_table(send_plan(load_settings(), plan, mess, Report(quiet=quiet))))


def sent_table(sent: Sent) -> Table:
    """What was sent through which door."""
    table = Table("door", "sent", title="The simulated company")
    labels = {
        "people": "people in the legacy HR system",
        "shifts": "scheduled shifts in the legacy HR system",
        "terminal": "punches at terminals, to Kafka",
        "api": "punches at kiosks, over HTTP",
        "device_file": "punches in device files",
        "legacy": "punches at the legacy HR system",
        "faulty": "broken records on purpose",
    }
    for name, count in asdict(sent).items():
        table.add_row(labels[name], f"{count:,}")
    return table
