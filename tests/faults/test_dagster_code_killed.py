"""A run whose code server was killed with it: run monitoring is told, so that the run is failed and the next one starts."""

import json
from collections.abc import Iterator

import dagster as dg
import pytest
from dagster._core.launcher.base import WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG

from orchestration.run_launcher import CheckedRunLauncher
from tests.running_stack import RunningStack
from timecontrol.settings import Settings
from timecontrol.stack.services import dagster_environment


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("dagster_code")


@pytest.fixture
def launcher(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CheckedRunLauncher]:
    """The launcher of the instance that the stack configures."""
    for name, value in dagster_environment(settings).items():
        monkeypatch.setenv(name, value)
    with dg.DagsterInstance.get() as instance:
        assert instance.run_monitoring_enabled
        launcher = instance.run_launcher
        assert isinstance(launcher, CheckedRunLauncher)
        assert launcher.supports_check_run_worker_health
        yield launcher


@pytest.fixture
def run(settings: Settings) -> dg.DagsterRun:
    """A run that a former code server had begun."""
    where = {"host": settings.dagster_code.host, "port": settings.dagster_code.port}
    return dg.DagsterRun(job_name="update", status=dg.DagsterRunStatus.STARTED, tags={GRPC_INFO_TAG: json.dumps(where)})


def test_a_code_server_that_was_started_anew_no_longer_has_the_run(
    launcher: CheckedRunLauncher, run: dg.DagsterRun
) -> None:
    assert launcher.check_run_worker_health(run).status == WorkerStatus.FAILED


def test_one_that_does_not_answer_is_asked_again(
    launcher: CheckedRunLauncher, run: dg.DagsterRun, stack: RunningStack
) -> None:
    stack.down(["dagster_code"])
    try:
        assert launcher.check_run_worker_health(run).status == WorkerStatus.RUNNING
    finally:
        stack.up(["dagster_code"])
