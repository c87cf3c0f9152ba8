"""The command line over a running stack: as people type it."""

import os
import re
import socket

import psycopg
import pytest

from tests.integration.command_line import timecontrol
from tests.running_stack import RunningStack, free_port_base


def test_the_exports_open_a_read_only_session(stack: RunningStack) -> None:
    stack.require("postgres")
    exports = dict(re.findall(r"^export (\w+)=(.*)$", timecontrol("env").stdout, re.MULTILINE))
    with psycopg.connect(
        host=exports["PGHOST"],
        port=exports["PGPORT"],
        user=exports["PGUSER"],
        password=exports["PGPASSWORD"],
        dbname=exports["PGDATABASE"],
    ) as connection:
        assert connection.execute("select current_user").fetchone() == ("operator",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("create table public.mine ()")


def test_an_unknown_role_is_named_with_those_there_are(stack: RunningStack) -> None:
    stack.require("postgres")
    outcome = timecontrol("env", "--role", "nobody")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("Error: --role nobody: no server knows it. There are: admin, app, archive, core")
    assert "Traceback" not in outcome.stderr


def test_an_unknown_server_is_named_with_those_there_are(stack: RunningStack) -> None:
    stack.require("postgres")
    outcome = timecontrol("stack", "kill", "oracle")
    assert outcome.returncode == 1
    assert outcome.stderr.startswith("Error: Unknown: oracle. There are: postgres, replica, payroll_db")


def test_a_wrong_setting_is_named(stack: RunningStack) -> None:
    stack.require("postgres")
    outcome = timecontrol("stack", "status", TIMECONTROL_PORT_BASE="80")
    assert outcome.returncode == 1
    assert "TIMECONTROL_PORT_BASE='80': Input should be greater than or equal to 1024" in outcome.stderr


def test_up_down_and_status_of_one_server(stack: RunningStack) -> None:
    stack.require("read_redis")
    assert timecontrol("stack", "down", "read_redis").returncode == 0
    assert re.search(r"read_redis +│ server +│ (stopped|exited)", timecontrol("stack", "status").stdout)
    outcome = timecontrol("stack", "up", "--quiet", "write_redis", "read_redis")
    assert outcome.returncode == 0
    assert re.search(r"read_redis +answers", outcome.stderr)
    assert re.search(r"read_redis +│ server +│ running", timecontrol("stack", "status").stdout)


def test_status_shows_lag_buffer_and_ages_and_says_what_does_not_answer(stack: RunningStack) -> None:
    stack.require("postgres", "replica", "kafka", "write_redis")
    shown = timecontrol("status", COLUMNS="160")
    for measure in ("lag of timecontrol.sink_postgres", "write buffer", "age of the replica", "age of the marts"):
        assert measure in shown.stdout, shown.stderr
    stack.down(["write_redis"])
    try:
        assert "the Write Redis does not answer" in timecontrol("status", COLUMNS="160").stdout
    finally:
        stack.require("write_redis")


def test_a_port_in_use_is_refused_with_port_server_and_holder_before_anything_starts(stack: RunningStack) -> None:
    stack.require("postgres")
    stack.down(["read_redis", "write_redis"])
    with socket.socket() as other:
        # The server's own connections, just closed, hold no port.
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", stack.settings.read_redis.port))
        other.listen()
        outcome = timecontrol("stack", "up", "--quiet", "read_redis")
    assert outcome.returncode == 1
    port = stack.settings.read_redis.port
    assert f"Error: Port {port}, which read_redis needs, is in use by process {os.getpid()} (" in outcome.stderr
    assert "TIMECONTROL_PORT_BASE or TIMECONTROL_READ_REDIS__PORT." in outcome.stderr
    states = {each.name: each.state for each in stack.conditions()}
    assert {states["read_redis"], states["write_redis"]} <= {"STOPPED", "EXITED"}
    stack.require("read_redis", "write_redis")


def test_a_server_elsewhere_is_used_and_not_started(
    stack: RunningStack, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings = stack.require("read_redis")
    home = tmp_path_factory.mktemp("elsewhere")
    elsewhere = {
        "TIMECONTROL_HOME": str(home),
        "TIMECONTROL_PORT_BASE": str(free_port_base()),
        "TIMECONTROL_EXTERNAL": '["read_redis"]',
        "TIMECONTROL_READ_REDIS__PORT": str(settings.read_redis.port),
        "TIMECONTROL_SECRETS__REDIS__APP": settings.secrets.redis["app"].get_secret_value(),
    }
    try:
        outcome = timecontrol("stack", "up", "--quiet", "read_redis", **elsewhere)
        assert outcome.returncode == 0, outcome.stderr
        assert re.search(r"read_redis +│ server +│ external", timecontrol("stack", "status", **elsewhere).stdout)
        assert not (home / "read_redis").exists()
    finally:
        timecontrol("stack", "down", **elsewhere)
