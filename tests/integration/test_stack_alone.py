"""A stack that other shells come to, and one whose supervisor has died: nothing restarts, and nothing is forgotten."""

import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.integration.command_line import timecontrol, timecontrol_in_another_shell
from tests.running_stack import RunningStack, free_port_base
from tests.waiting import eventually
from timecontrol.stack.control import started_stack


def kill_supervisor(home: Path) -> None:
    supervisor = psutil.Process(int((home / "run/supervisord.pid").read_text()))
    supervisor.send_signal(signal.SIGKILL)
    supervisor.wait()


def test_status_shows_the_lag_at_a_broker_that_never_had_a_consumer(untouched_stack: RunningStack) -> None:
    untouched_stack.require("kafka")
    first = timecontrol("status")
    assert (first.returncode, first.stderr) == (0, "")
    # The broker's first answer about groups waits for a topic that it makes for them.
    eventually(
        lambda: re.search(r"sink_postgres +│ 0 records", timecontrol("status", COLUMNS="160").stdout), timeout=60
    )


def test_another_shell_restarts_nothing_and_keeps_the_settings(untouched_stack: RunningStack) -> None:
    first = timecontrol("stack", "up", "--quiet", "heartbeat", "read_redis", TIMECONTROL_READ_TIMEOUT_SECONDS="7")
    assert first.returncode == 0, first.stderr
    names = ("heartbeat", "postgres", "read_redis")
    before = {name: untouched_stack.pid(name) for name in names}
    other = timecontrol_in_another_shell("stack", "up", "--quiet", "write_redis", PATH=f"/opt/other/bin:{os.defpath}")
    assert other.returncode == 0, other.stderr
    assert {name: untouched_stack.pid(name) for name in names} == before
    heartbeat = psutil.Process(before["heartbeat"]).environ()
    assert heartbeat["TIMECONTROL_READ_TIMEOUT_SECONDS"] == "7"
    assert started_stack().settings.read_timeout_seconds == 7
    shown = timecontrol_in_another_shell("stack", "status").stdout
    assert re.search(rf"read_redis .* {untouched_stack.settings.read_redis.port} ", shown)


def test_a_setting_that_is_given_anew_counts(untouched_stack: RunningStack) -> None:
    untouched_stack.require("heartbeat")
    before = untouched_stack.pid("heartbeat")
    outcome = timecontrol("stack", "up", "--quiet", "heartbeat", TIMECONTROL_READ_TIMEOUT_SECONDS="8")
    assert outcome.returncode == 0, outcome.stderr
    after = untouched_stack.pid("heartbeat")
    assert after != before
    assert psutil.Process(after).environ()["TIMECONTROL_READ_TIMEOUT_SECONDS"] == "8"


def test_what_runs_without_its_supervisor_is_shown_and_can_be_stopped(untouched_stack: RunningStack) -> None:
    untouched_stack.require("read_redis", "write_redis")
    pids = {name: untouched_stack.pid(name) for name in ("read_redis", "write_redis")}
    kill_supervisor(untouched_stack.settings.home)
    shown = timecontrol("stack", "status").stdout
    for name, pid in pids.items():
        assert re.search(rf"{name} +│ server +│ orphaned +│ {pid} ", shown), shown
    assert timecontrol("stack", "down", "read_redis").returncode == 0
    assert [name for name, pid in pids.items() if psutil.pid_exists(pid)] == ["write_redis"]
    assert timecontrol("stack", "down").returncode == 0
    assert [name for name, pid in pids.items() if psutil.pid_exists(pid)] == []
    assert {each.state for each in untouched_stack.conditions()} == {"STOPPED"}


@pytest.fixture
def another_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    # The servers' own users must be able to pass through every directory above.
    home = Path(tempfile.mkdtemp(prefix="timecontrol-test-", dir="/var/tmp"))
    monkeypatch.setenv("TIMECONTROL_HOME", str(home))
    monkeypatch.setenv("TIMECONTROL_PORT_BASE", str(free_port_base()))
    yield home
    if home.exists():
        timecontrol("stack", "down")
        shutil.rmtree(home)


def test_clean_ends_what_runs_without_its_supervisor_and_deletes_its_data(another_home: Path) -> None:
    assert timecontrol("stack", "up", "--quiet", "read_redis").returncode == 0
    pid = started_stack().pid("read_redis")
    kill_supervisor(another_home)
    assert timecontrol("stack", "clean", "--yes").returncode == 0
    assert not psutil.pid_exists(pid)
    assert not another_home.exists()


def test_a_home_with_a_space_in_its_path(another_home: Path) -> None:
    home = another_home / "my stack"
    # The servers' own users must be able to pass.
    another_home.chmod(0o711)
    started = timecontrol("stack", "up", "--quiet", "read_redis", "kafka", "postgres", TIMECONTROL_HOME=str(home))
    try:
        assert started.returncode == 0, started.stderr
        assert (home / "postgres").is_dir()
    finally:
        timecontrol("stack", "down", TIMECONTROL_HOME=str(home))
