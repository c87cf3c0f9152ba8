"""Each server and service is stopped in turn while punches flow through every door: what users notice, what happens after.

The tests run in their order, over one flow; the last one looks at all that was acknowledged. `docs/operations` says in
words what each of them holds.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from redis import Redis
from redis.exceptions import OutOfMemoryError

from ingestion.reconcile import all_checks
from tests.capture import query
from tests.faults.traffic import Door, Traffic, legacy_key
from tests.integration.api_client import Api, client, event_id
from tests.integration.computing import computed_anew, differing_rows
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.buffer import buffer_status, client_options
from timecontrol.serving.compute import run
from timecontrol.serving.payroll import fill
from timecontrol.serving.waiting import waiting
from timecontrol.settings import Settings
from timecontrol.simulator.company import SITES
from timecontrol.simulator.doors.legacy_hr import LegacyHrDoor
from timecontrol.simulator.plan import make_plan
from timecontrol.simulator.punching import PlannedPunch
from timecontrol.simulator.simulate import await_sites
from timecontrol.stack.measures import group_lags
from timecontrol.stack.servers import SERVER_NAMES
from timecontrol.stack.services import SERVICES
from timecontrol.warehouse.pools import Server, connect

# Dagster's three are left out: they compute and capture nothing, and two cores are busy enough (tests/integration/test_dagster.py).
NAMES = (*SERVER_NAMES, *(service.name for service in SERVICES if not service.name.startswith("dagster")))
EMPLOYEES = 60
# More punches than even a slow machine has time for; schedules for the first of them, which are those handed in.
DAYS = 150
SCHEDULED = timedelta(days=14)
CATCH_UP_SECONDS = 60


@pytest.fixture(scope="module")
def stack(untouched_stack: RunningStack) -> RunningStack:
    """Everything that was ever captured is counted at the end, so no other test writes to this one."""
    return untouched_stack


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NAMES)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


@pytest.fixture(scope="module")
def traffic(settings: Settings, api: Api) -> Iterator[Traffic]:
    plan = make_plan(employees=EMPLOYEES, days=DAYS, seed=1, mess="normal", now=datetime.now(UTC))
    legacy = LegacyHrDoor(settings)
    legacy.write_company(SITES, plan.people, {shift.day.year for shift in plan.shifts})
    last = min(shift.day for shift in plan.shifts) + SCHEDULED
    legacy.write_schedules([shift for shift in plan.shifts if shift.day < last])
    await_sites(settings, {site.site_id for site in SITES})
    traffic = Traffic(settings, api, plan)
    traffic.begin()
    eventually(lambda: all(door.acknowledged for door in traffic.doors))
    run(settings, reason="while punches flow")
    yield traffic
    traffic.end()


@pytest.fixture(scope="module")
def employee_id(api: Api) -> str:
    return api.employee()


@pytest.fixture(scope="module")
def me(api: Api, employee_id: str) -> httpx.Client:
    """An employee at the web clock."""
    return api.person("employee", employee_id=employee_id)


@contextmanager
def down(stack: RunningStack, *names: str) -> Iterator[None]:
    stack.down(names)
    try:
        yield
    finally:
        stack.up(names)


@contextmanager
def paused(stack: RunningStack, *names: str) -> Iterator[None]:
    stack.pause(names)
    try:
        yield
    finally:
        stack.resume(names)


@contextmanager
def full_write_redis(stack: RunningStack) -> Iterator[None]:
    """The Write Redis with less room than an empty one needs."""
    stack.down(["write_redis"])
    configuration = stack.settings.home / "write_redis/redis.conf"
    configuration.write_text(configuration.read_text().replace("maxmemory 512mb", "maxmemory 100kb"))
    stack.start_unprepared("write_redis")
    try:
        yield
    finally:
        stack.down(["write_redis"])
        stack.up(["write_redis"])


def accepted_anew(*doors: Door) -> None:
    """Wait until each of these doors has acknowledged something that was handed in from now on."""
    before = [len(door.acknowledged) for door in doors]
    # The piece that is under way may have been taken before now, so two.
    eventually(
        lambda: all(
            len(door.acknowledged) - count > door.rate.punches for door, count in zip(doors, before, strict=True)
        ),
        CATCH_UP_SECONDS,
    )


def captured_anew(settings: Settings, *doors: Door) -> None:
    """Wait until what each of these doors acknowledges from now on has become rows."""
    accepted_anew(*doors)
    newest = [(door, door.acknowledged[-1]) for door in doors]
    eventually(lambda: all(is_captured(settings, door, punch) for door, punch in newest), CATCH_UP_SECONDS)


def is_captured(settings: Settings, door: Door, punch: PlannedPunch) -> bool:
    """Whether an acknowledged punch is a row."""
    if door.name == "legacy":
        return count(settings, "raw.punches where attributes->>'legacy_key' = %s", legacy_key(punch)) == 1
    return count(settings, "raw.punches where event_id = %s", punch.event_id) == 1


def count(settings: Settings, what: str, *values: object, server: Server = "postgres") -> int:
    with connect(settings, "operator", server) as connection:
        statement = f"select count(*) from {what}"  # noqa: S608  conditions of this test
        row = connection.execute(statement.encode(), values).fetchone()
    assert row is not None
    return int(row[0])


def clock(me: httpx.Client, kind: str) -> httpx.Response:
    """Punch at the web clock."""
    body = {"event_id": event_id(), "kind": kind, "occurred_at": datetime.now(UTC).isoformat()}
    return me.post("/v1/punches", json=body)


def state(me: httpx.Client) -> str:
    """In, out or on break, as the web clock shows it."""
    answer = me.get("/v1/me/state")
    return str(answer.json()["state"]) if answer.status_code == httpx.codes.OK else f"{answer.status_code}"


def behind(settings: Settings, sink: str) -> int:
    """Records that a sink has still to read."""
    return {lag.group: lag.records for lag in group_lags(settings)}[f"timecontrol.{sink}"]


def pay_lines(settings: Settings, server: Server) -> int:
    """Lines in payroll's table on a server."""
    return count(settings, "payroll.pay_lines", server=server)


def source_of_hours(me: httpx.Client) -> str:
    """Which server answers for hours; a period that no cache holds is asked for."""
    answer = me.get("/v1/me/hours", params={"from": "2026-01-01", "to": "2026-01-31"})
    assert answer.status_code == httpx.codes.OK, answer.text
    assert answer.json()["source"] == answer.headers["X-Source"]
    return str(answer.json()["source"])


def test_write_redis_down_the_api_goes_straight_to_kafka(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with down(stack, "write_redis"):
        captured_anew(settings, traffic.singles, traffic.batches, traffic.terminals)
    captured_anew(settings, traffic.singles)


def test_write_redis_frozen_the_api_goes_straight_to_kafka(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with paused(stack, "write_redis"):
        captured_anew(settings, traffic.batches)


def test_write_redis_full_the_api_goes_straight_to_kafka(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with full_write_redis(stack):
        with Redis(**client_options(settings)) as redis, pytest.raises(OutOfMemoryError):
            redis.set("one", "more")
        captured_anew(settings, traffic.singles, traffic.batches)
        # What it held before is taken out all the same.
        eventually(lambda: not buffer_status(settings).entries)


def test_kafka_down_the_api_keeps_punches_in_the_write_redis(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with down(stack, "kafka"):
        accepted_anew(traffic.singles, traffic.batches)
        assert buffer_status(settings).entries > 0
    captured_anew(settings, traffic.terminals, traffic.singles, traffic.legacy)
    eventually(lambda: (buffer_status(settings).oldest_age_seconds or 0) < 5)


def test_both_down_clients_are_asked_to_come_again(stack: RunningStack, settings: Settings, traffic: Traffic) -> None:
    before = len(traffic.singles.refusals)
    with down(stack, "write_redis", "kafka"):
        eventually(lambda: len(traffic.singles.refusals) > before)
        assert '"code":"unavailable"' in traffic.singles.refusals[-1]
    captured_anew(settings, traffic.singles, traffic.batches)


def test_the_primary_down_punches_are_taken_and_the_clock_shows_the_state(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    assert clock(me, "clock_in").status_code == httpx.codes.ACCEPTED
    eventually(lambda: state(me) == "in")
    with down(stack, "postgres"):
        accepted_anew(traffic.singles, traffic.batches, traffic.terminals)
        assert clock(me, "break_start").status_code == httpx.codes.ACCEPTED
        eventually(lambda: state(me) == "break")
        assert source_of_hours(me) == "replica"
        refused = client(settings).post("/v1/sessions", json={"login": "test-admin", "password": "of no use"})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "5")
        assert client(settings).get("/health/ready").status_code == 503
        assert me.get("/v1/me/schedule").status_code == 503
    captured_anew(settings, traffic.terminals, traffic.singles, traffic.legacy)


def test_the_primary_frozen_punches_are_taken(
    stack: RunningStack, traffic: Traffic, settings: Settings, me: httpx.Client
) -> None:
    with paused(stack, "postgres"):
        accepted_anew(traffic.singles, traffic.batches, traffic.terminals)
        assert clock(me, "break_end").status_code == httpx.codes.ACCEPTED
        eventually(lambda: state(me) == "in")
    captured_anew(settings, traffic.terminals, traffic.singles, traffic.legacy)


def test_the_replica_down_or_frozen_the_primary_answers_and_is_named(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    with down(stack, "replica"):
        assert source_of_hours(me) == "primary"
        captured_anew(settings, traffic.singles)
    eventually(lambda: source_of_hours(me) == "replica")
    with paused(stack, "replica"):
        assert source_of_hours(me) == "primary"


def test_read_redis_down_the_state_is_away_and_comes_back(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    with down(stack, "read_redis"):
        assert state(me) == "503"
        eventually(lambda: source_of_hours(me) == "replica")
        captured_anew(settings, traffic.singles, traffic.terminals)
    # It comes back empty: the live state is read from the topics again.
    eventually(lambda: state(me) == "in", CATCH_UP_SECONDS)


def test_mongo_down_only_documents_are_away(
    stack: RunningStack, settings: Settings, traffic: Traffic, api: Api, employee_id: str
) -> None:
    documents = f"/v1/employees/{employee_id}/documents"
    paper = {"file": ("note.txt", b"unfit for work", "text/plain")}
    assert api.admin.post(documents, files=paper).status_code == httpx.codes.CREATED
    with down(stack, "mongo"):
        answer = api.admin.get(documents)
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        captured_anew(settings, traffic.singles, traffic.terminals, traffic.legacy)
    eventually(lambda: api.admin.get(documents).status_code == httpx.codes.OK)


def test_mysql_down_only_the_legacy_application_notices(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with down(stack, "mysql"):
        eventually(lambda: traffic.legacy.refusals)
        captured_anew(settings, traffic.singles, traffic.terminals)
    captured_anew(settings, traffic.legacy)


def test_payrolls_server_down_nobody_here_notices(stack: RunningStack, settings: Settings, traffic: Traffic) -> None:
    with down(stack, "payroll_db"):
        run(settings, reason="payroll's server is down")
        with connect(settings, "transform") as connection:
            filled = fill(connection)
        assert filled.inserted > 0
        captured_anew(settings, traffic.singles, traffic.terminals)
    eventually(lambda: pay_lines(settings, "payroll_db") == pay_lines(settings, "postgres"), CATCH_UP_SECONDS)


def test_sink_postgres_down_rows_wait_in_kafka_and_the_live_state_goes_on(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    with down(stack, "sink_postgres"):
        accepted_anew(traffic.singles, traffic.batches, traffic.terminals)
        assert clock(me, "break_start").status_code == httpx.codes.ACCEPTED
        eventually(lambda: state(me) == "break")
        assert not is_captured(settings, traffic.terminals, traffic.terminals.acknowledged[-1])
        assert behind(settings, "sink_postgres") > 0
    captured_anew(settings, traffic.terminals, traffic.singles)


def test_sink_live_state_down_the_state_is_old_and_rows_go_on(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    with down(stack, "sink_live_state"):
        assert clock(me, "break_end").status_code == httpx.codes.ACCEPTED
        captured_anew(settings, traffic.terminals, traffic.singles)
        assert state(me) == "break"
    eventually(lambda: state(me) == "in", CATCH_UP_SECONDS)


def test_sink_archive_frozen_nothing_else_waits_for_it(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with paused(stack, "sink_archive"):
        captured_anew(settings, traffic.terminals, traffic.singles)
        assert behind(settings, "sink_archive") > 0


def test_flusher_down_punches_wait_in_the_write_redis(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with down(stack, "flusher"):
        accepted_anew(traffic.singles, traffic.batches)
        assert buffer_status(settings).entries > 0
        captured_anew(settings, traffic.terminals)
    captured_anew(settings, traffic.singles, traffic.batches)


@pytest.mark.parametrize("name", ["outbox_relay", "binlog_replicator"])
def test_a_step_from_the_legacy_system_down_its_punches_wait(
    stack: RunningStack, settings: Settings, traffic: Traffic, name: str
) -> None:
    with down(stack, name):
        accepted_anew(traffic.legacy)
        captured_anew(settings, traffic.terminals, traffic.singles)
        assert not is_captured(settings, traffic.legacy, traffic.legacy.acknowledged[-1])
    captured_anew(settings, traffic.legacy)


def test_device_files_down_files_wait_in_their_folder(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    with down(stack, "device_files"):
        eventually(lambda: any("device files" in words for words in waiting(settings)))
        captured_anew(settings, traffic.terminals, traffic.singles)
    newest = traffic.dumped.event_ids()[-1]
    eventually(lambda: count(settings, "raw.punches where event_id = %s", newest) == 1, CATCH_UP_SECONDS)


def test_user_api_down_kiosks_keep_their_punches_and_terminals_go_on(
    stack: RunningStack, settings: Settings, traffic: Traffic
) -> None:
    before = len(traffic.singles.refusals)
    with down(stack, "user_api"):
        eventually(lambda: len(traffic.singles.refusals) > before)
        assert "ConnectError" in traffic.singles.refusals[-1]
        captured_anew(settings, traffic.terminals, traffic.legacy)
    captured_anew(settings, traffic.singles, traffic.batches)


def test_everything_killed_at_once_comes_back_without_a_command(
    stack: RunningStack, settings: Settings, traffic: Traffic, me: httpx.Client
) -> None:
    before = {name: stack.pid(name) for name in NAMES}
    stack.kill(NAMES)

    def is_back(name: str) -> bool:
        return stack.pid(name) != before[name] and stack.programs[name].answers()

    eventually(lambda: all(map(is_back, NAMES)), CATCH_UP_SECONDS)
    captured_anew(settings, traffic.terminals, traffic.singles, traffic.batches, traffic.legacy)
    eventually(lambda: state(me) == "in", CATCH_UP_SECONDS)
    eventually(lambda: source_of_hours(me) == "replica")


def test_after_it_all_each_acknowledged_punch_is_there_once_and_the_hours_are_those_of_a_full_refresh(
    settings: Settings, traffic: Traffic
) -> None:
    traffic.end()
    eventually(lambda: not list(waiting(settings)), CATCH_UP_SECONDS)

    acknowledged = traffic.event_ids()
    assert len(acknowledged) == len(set(acknowledged))
    found = query(settings, "select event_id from raw.punches where event_id = any(%s)", acknowledged)
    assert sorted(event_id for (event_id,) in found) == sorted(acknowledged)
    legacy = query(settings, "select attributes->>'legacy_key' from raw.punches where source = 'legacy_hr'")
    assert sorted(key for (key,) in legacy) == sorted(map(legacy_key, traffic.legacy.acknowledged))
    assert [check for check in all_checks(settings, CATCH_UP_SECONDS) if not check.ok] == []

    run(settings, reason="after it all")
    with computed_anew(settings) as schema:
        assert differing_rows(settings, schema) == {}
