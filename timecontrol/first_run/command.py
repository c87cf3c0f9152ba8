"""`timecontrol run`: everything from nothing to a paid hour on a screen: start, load the examples, compute, say what came of it."""

from typing import Annotated

import typer
from rich.console import Console

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.core.first_accounts import ensure_accounts
from timecontrol.first_run.dagster_job import run_job
from timecontrol.first_run.people import people_of
from timecontrol.first_run.summary import summary
from timecontrol.policy.command import load as load_policies
from timecontrol.progress import Report
from timecontrol.serving.waiting import waiting
from timecontrol.settings import Settings, load_settings
from timecontrol.simulator.keycard import drop_keycard_file, write_card_holders
from timecontrol.simulator.plan import make_plan
from timecontrol.simulator.simulate import await_sites, simulate
from timecontrol.stack.command import start
from timecontrol.stack.control import open_stack
from timecontrol.stack.wait import wait_until

# The simulated company of the example: three sites in three zones, four weeks up to today, always the same one.
EMPLOYEES = 200
DAYS = 28
SEED = 1
# The whole example arrives within seconds; two minutes cover a machine that is busy with its first start.
CAPTURE_SECONDS = 120
# From raw rows to the files for payroll; see orchestration/jobs.py.
JOB = "everything"


def run(*, quiet: Annotated[bool, typer.Option("--quiet", help="Log lines instead of progress bars.")] = False) -> None:
    """Start everything, load the examples through the real front doors, compute, export; services go on."""
    report = Report(quiet=quiet)
    start(open_stack(), [], report)
    settings = load_settings()
    with report.step("Loading the policies"):
        load_policies()
    with report.step("Key cards: people, file"):
        write_card_holders(settings)
        await_sites(settings, {"GATE"})
        drop_keycard_file(settings)
    plan = make_plan(employees=EMPLOYEES, days=DAYS, seed=SEED, mess="normal", now=SystemClock().now())
    simulate(settings, plan, "normal", report)
    people = people_of(plan)
    ensure_accounts(settings, [account for account, _ in people])
    with report.step("Waiting for capture"):
        await_capture(settings)
    with report.step("Dagster computes, exports") as step:
        run_job(settings, JOB, "timecontrol run", step.say)
    Console().print(summary(settings, report, people))


def await_capture(settings: Settings) -> None:
    """Wait until nothing is on its way; raises Transient saying what still is after CAPTURE_SECONDS."""
    if not wait_until(lambda: not list(waiting(settings)), CAPTURE_SECONDS):
        raise Transient(
            f"After {CAPTURE_SECONDS} s not everything has arrived: {', '.join(waiting(settings))} still wait. "
            "See which service stands still: timecontrol status"
        )
