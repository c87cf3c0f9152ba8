"""Run a plan: master data into the legacy HR system, punches through each front door, faults where mess is asked for."""

from dataclasses import dataclass
from uuid import UUID

from timecontrol.contracts.errors import Transient
from timecontrol.core.first_accounts import ensure_accounts
from timecontrol.progress import Report
from timecontrol.settings import Settings
from timecontrol.simulator.company import SITES
from timecontrol.simulator.doors.device_file import attlog, drop
from timecontrol.simulator.doors.legacy_hr import LegacyHrDoor
from timecontrol.simulator.doors.terminal import TerminalDoor
from timecontrol.simulator.doors.user_api import UserApiDoor
from timecontrol.simulator.plan import Plan
from timecontrol.simulator.punching import MessLevel
from timecontrol.stack.wait import wait_until
from timecontrol.warehouse.evidence import committed_ids
from timecontrol.warehouse.files_store import known_sites
from timecontrol.warehouse.pools import connect

# The replicator reads a small database within seconds of its start; a minute covers a machine that is busy starting.
SITES_SECONDS = 60


@dataclass(frozen=True)
class Sent:
    """How many punches went through each door, and how many broken ones were sent on purpose."""

    people: int
    shifts: int
    terminal: int
    api: int
    device_file: int
    legacy: int
    faulty: int


def simulate(settings: Settings, plan: Plan, mess: MessLevel, report: Report) -> Sent:
    """Send everything; running it again sends the same again, which adds nothing.

    Raises Transient when a server does not take what it was sent.
    """
    legacy = LegacyHrDoor(settings)
    with report.step("People into HR system", len(plan.people)) as step:
        legacy.write_company(SITES, plan.people, sorted({shift.day.year for shift in plan.shifts}))
        step.reach(len(plan.people))
    with report.step("Schedules into HR system", len(plan.shifts)) as step:
        step.reach(legacy.write_schedules(plan.shifts))
    with report.step("Punches at HR system", len(plan.through("legacy"))) as step:
        step.reach(legacy.write_attendance(plan.through("legacy")))

    by_terminal = plan.through("terminal")
    with report.step("Punches at terminals", len(by_terminal)) as step:
        terminal = TerminalDoor(settings)
        # Broken records have no identity to know them by, so they are sent with the first punches only.
        is_first_run = bool(by_terminal) and not is_captured(settings, by_terminal[0].event_id)
        step.reach(terminal.send(by_terminal))
        faulty = terminal.send_faulty(plan.seed, by_terminal[0]) if mess != "none" and is_first_run else 0

    by_api = plan.through("api")
    with (
        report.step("Punches at kiosks", len(by_api)) as step,
        UserApiDoor(settings, ensure_accounts(settings)["admin"]) as kiosks,
    ):
        for accepted in kiosks.send(by_api):
            step.reach(accepted)

    await_sites(settings, {site.site_id for site in SITES})
    by_file = plan.through("device_file")
    with report.step("Punches in device files", len(by_file)) as step:
        for site in SITES:
            of_site = [punch for punch in by_file if punch.person.site == site]
            if of_site:
                drop(settings.home / "inbox", site, attlog(of_site, site, damaged=mess != "none"))
                step.advance(len(of_site))
    return Sent(
        people=len(plan.people),
        shifts=len(plan.shifts),
        terminal=len(by_terminal),
        api=len(by_api),
        device_file=len(by_file),
        legacy=len(plan.through("legacy")),
        faulty=faulty,
    )


def await_sites(settings: Settings, wanted: set[str]) -> None:
    """Wait until the legacy system's sites have arrived: a device file is read in the zone of its site.

    Raises Transient when they have not within SITES_SECONDS.
    """

    def arrived() -> bool:
        with connect(settings, "operator") as connection:
            return wanted <= set(known_sites(connection))

    if not wait_until(arrived, SITES_SECONDS):
        raise Transient(
            f"The sites {', '.join(sorted(wanted))} of the legacy HR system have not arrived within {SITES_SECONDS} s. "
            "See the log of binlog_replicator, and whether it runs: timecontrol stack status"
        )


def is_captured(settings: Settings, event_id: UUID) -> bool:
    """Whether this punch is in the store already."""
    with connect(settings, "operator") as connection:
        return event_id in committed_ids(connection, [event_id])
