"""A small company whose punches came through the real front doors and were computed by the models: what pages show."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.integration.api_client import Api, event_id, new_id
from tests.running_stack import RunningStack
from timecontrol.clock import SystemClock
from timecontrol.first_run.command import await_capture
from timecontrol.policy.command import load as load_policies
from timecontrol.progress import Report
from timecontrol.serving.compute import run
from timecontrol.serving.payroll import fill
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.refresh import refresh
from timecontrol.settings import Settings
from timecontrol.simulator.plan import make_plan
from timecontrol.simulator.simulate import simulate
from timecontrol.warehouse.pools import connect

# All that a punch passes on its way to a page, Dagster apart: the tests run the models themselves.
SERVICES = (
    *("user_api", "flusher", "outbox_relay", "binlog_replicator", "device_files"),
    *("sink_postgres", "sink_live_state", "sink_archive", "heartbeat", "replica", "read_redis", "dashboards"),
)
# Enough people for every team at every site, enough days for every kind of mess.
EMPLOYEES, DAYS, SEED = 40, 14, 3
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class Team:
    """People of one new team, in Berlin, each in another state now; `ana` has also a whole day behind her.

    Attributes:
        day: the workday of Ana's shift from 8:30 to 17:00, worked from 9:00 to 17:00 with a meal from 12:00 to 12:45.
    """

    name: str
    manager: str
    ana: str
    day: date


def make_company(stack: RunningStack) -> tuple[Settings, Team]:
    """Simulated people and the team, captured, computed, exported and announced to the cache."""
    settings = stack.require(*SERVICES)
    load_policies()
    plan = make_plan(employees=EMPLOYEES, days=DAYS, seed=SEED, mess="normal", now=SystemClock().now())
    simulate(settings, plan, "normal", Report(quiet=True))
    team = make_team(Api(settings))
    await_capture(settings)
    run(settings, full_refresh=True, reason="test of the dashboards")
    with connect(settings, "transform") as connection:
        fill(connection)
    reads = Reads(settings)
    refresh(settings, reads, read_redis(settings), SystemClock().now())
    reads.close()
    return settings, team


def make_team(api: Api) -> Team:
    """One who is in, one on a break, one late, one missing, one expected, all under one manager."""
    name, now = new_id("Team"), datetime.now(UTC).replace(microsecond=0)
    manager = api.employee(team="Management")

    def member(first_name: str) -> str:
        return api.employee(name=first_name, team=name, manager_id=manager)

    ana, ben, cem, dora, eva = (member(first_name) for first_name in ("Ana", "Ben", "Cem", "Dora", "Eva"))
    api.admin.put(f"/v1/employees/{ana}/policy", json={"policy": "us-ca"}).raise_for_status()
    day = (now.astimezone(BERLIN) - timedelta(days=3)).date()
    plan(api, ana, on(day, 8, 30), on(day, 17))
    for person, began in ((ana, 120), (ben, 120), (cem, 120), (dora, 20), (eva, -60)):
        plan(api, person, now - timedelta(minutes=began), now + timedelta(hours=6))
    punches = [
        (ana, "clock_in", on(day, 9)),
        (ana, "break_start", on(day, 12)),
        (ana, "break_end", on(day, 12, 45)),
        (ana, "clock_out", on(day, 17)),
        (ana, "clock_in", now - timedelta(hours=2)),
        (ben, "clock_in", now - timedelta(hours=2)),
        (ben, "break_start", now - timedelta(minutes=10)),
    ]
    batch = [
        {"event_id": event_id(), "employee_id": person, "kind": kind, "occurred_at": at.isoformat()}
        | ({"break_type": "meal"} if kind.startswith("break") else {})
        for person, kind, at in punches
    ]
    answer = api.device().post("/v1/punches/batch", json=batch)
    assert answer.json()["accepted"] == len(batch), answer.text
    return Team(name, manager, ana, day)


def plan(api: Api, employee_id: str, starts_at: datetime, ends_at: datetime) -> None:
    """A shift of this person."""
    shift = {"employee_id": employee_id, "starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    api.admin.post("/v1/shifts", json=shift).raise_for_status()


def on(day: date, hour: int, minute: int = 0) -> datetime:
    """This time of the day in Berlin."""
    return datetime.combine(day, time(hour, minute), BERLIN)
