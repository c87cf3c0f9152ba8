"""The graph on a real instance: it loads, computes in process, backfills a day, and goes on after a killed run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest

import orchestration.definitions
from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.settings import Settings
from timecontrol.stack.binaries import PROJECT
from timecontrol.stack.services import dagster_environment, prepare_dagster, service_environment
from timecontrol.warehouse.pools import connect


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    settings = stack.require("postgres", "replica", "read_redis", "heartbeat")
    prepare_dagster(settings)
    return settings


@pytest.fixture
def inputs(settings: Settings) -> Inputs:
    made = Inputs(settings)
    made.empty()
    made.add("core.sites", site_id="north", name="North", time_zone="UTC")
    made.add("core.employees", employee_id="ana", name="Ana", site_id="north")
    start = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(days=1)
    made.punch("ana", "clock_in", start, site_id="north")
    made.punch("ana", "clock_out", start + timedelta(hours=8), site_id="north")
    return made


@pytest.fixture
def definitions(settings: Settings) -> dg.Definitions:
    assert settings.home.exists()  # the graph is made from the settings of the running stack
    return orchestration.definitions.definitions()


@pytest.fixture
def instance(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    for name, value in dagster_environment(settings).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as opened:
        yield opened


def last_runs(settings: Settings) -> list[tuple[Any, ...]]:
    with connect(settings, "operator") as connection:
        return connection.execute("select status, reason from ops.runs order by run_id").fetchall()


def begun_run(inputs: Inputs, reason: str, status: str) -> None:
    """A run of the models that came to this status."""
    inputs.add(
        "ops.runs",
        previous_watermark=0,
        watermark=1,
        now_at=datetime.now(UTC),
        full_refresh=True,
        reason=reason,
        status=status,
    )


def test_the_graph_loads_as_a_person_would_check_it(settings: Settings) -> None:
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "-m", "orchestration.definitions"]
    environment = os.environ | service_environment(settings) | dagster_environment(settings)
    outcome = subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_an_update_computes_and_is_followed(
    inputs: Inputs, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    result = definitions.resolve_job_def("everything").execute_in_process(instance=instance)
    assert result.success
    assert last_runs(inputs.settings) == [("succeeded", "dagster everything")]
    with connect(inputs.settings, "operator") as connection:
        paid = connection.execute("select sum(seconds) from payroll.pay_lines where employee_id = 'ana'").fetchone()
        taken = connection.execute("select run_id from ops.takeovers where taker = 'payroll'").fetchone()
        newest = connection.execute("select max(run_id) from ops.runs").fetchone()
    assert paid == (28800,)
    assert taken == newest
    assert list((inputs.settings.home / "exports").glob("pay-lines_*.csv.manifest.json"))


def test_a_day_is_recomputed(inputs: Inputs, definitions: dg.Definitions, instance: dg.DagsterInstance) -> None:
    definitions.resolve_job_def("update").execute_in_process(instance=instance)
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance, partition_key=day, asset_selection=[dg.AssetKey("recompute_day")]
    )
    assert result.success
    with connect(inputs.settings, "transform") as connection:
        touched = connection.execute(
            "select employee_id from intermediate.int_touched_weeks where %s::date between workweek and workweek + 6",
            (day,),
        ).fetchall()
    assert touched == [("ana",)]
    assert last_runs(inputs.settings)[-1][0] == "succeeded"


def test_the_hourly_cache_is_left_to_the_run_that_is_under_way(
    inputs: Inputs, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    for status in ("succeeded", "running"):
        begun_run(inputs, "test", status)
    assert definitions.resolve_job_def("cache").execute_in_process(instance=instance).success
    event = instance.get_latest_materialization_event(dg.AssetKey(["read_redis", "hours_and_people"]))
    assert event is not None
    assert event.asset_materialization is not None
    assert event.asset_materialization.metadata["scope"].value == "nothing"


def test_an_hourly_cache_after_a_failed_run_is_no_success(
    inputs: Inputs, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    for status in ("succeeded", "failed"):
        begun_run(inputs, "test", status)
    cache = definitions.resolve_job_def("cache")
    assert not cache.execute_in_process(instance=instance, raise_on_error=False).success


def test_what_a_killed_run_left_is_failed_and_the_next_one_starts(
    inputs: Inputs, definitions: dg.Definitions, instance: dg.DagsterInstance
) -> None:
    begun_run(inputs, "killed", "running")
    assert definitions.resolve_job_def("update").execute_in_process(instance=instance).success
    assert last_runs(inputs.settings) == [("failed", "killed"), ("succeeded", "dagster update")]
