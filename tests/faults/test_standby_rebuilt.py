"""A replica and a subscription that the primary can no longer feed are built anew without a command, with an alert."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.capture import query
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.settings import Settings
from timecontrol.stack.measures import replica_age_seconds
from timecontrol.stack.servers.postgres_roles import Connection, superuser

SEGMENTS = 3
# A copy of a small primary takes seconds; a machine under load its time.
REBUILT_SECONDS = 90


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("postgres", "replica", "payroll_db", "heartbeat", "standby_guard")


def alerts(settings: Settings, subject: str) -> int:
    """How often something was alerted."""
    path = Path(settings.home / "logs/alerts.jsonl")
    lines = path.read_text().splitlines() if path.exists() else []
    return sum(json.loads(line)["subject"] == subject for line in lines)


def is_streaming(settings: Settings, slot: str) -> bool:
    """Whether somebody reads from the slot, and the log is still there."""
    statement = "select active and wal_status <> 'lost' from pg_replication_slots where slot_name = %s"
    return query(settings, statement, slot) == [(True,)]


@contextmanager
def as_superuser(settings: Settings) -> Iterator[Connection]:
    with superuser(settings.home / "postgres", settings.postgres.port) as connection:
        yield connection


@contextmanager
def little_log_kept(connection: Connection) -> Iterator[None]:
    """The primary keeps a megabyte for who is away, instead of gigabytes."""
    connection.execute("alter system set max_slot_wal_keep_size = '1MB'")
    connection.execute("select pg_reload_conf()")
    try:
        yield
    finally:
        connection.execute("alter system reset max_slot_wal_keep_size")
        connection.execute("select pg_reload_conf()")


def test_a_replica_that_was_away_too_long_is_copied_again(stack: RunningStack, settings: Settings) -> None:
    subject = "the replica is built anew"
    before = alerts(settings, subject)
    stack.down(["replica"])
    with as_superuser(settings) as primary, little_log_kept(primary):
        for _ in range(SEGMENTS):
            primary.execute("select pg_logical_emit_message(false, 'test', 'x'), pg_switch_wal()")
        primary.execute("checkpoint")
        eventually(
            lambda: (
                query(settings, "select wal_status from pg_replication_slots where slot_name = 'replica'")
                == [("lost",)]
            )
        )
    stack.start_unprepared("replica")
    eventually(lambda: is_streaming(settings, "replica"), REBUILT_SECONDS)
    eventually(lambda: (replica_age_seconds(settings) or REBUILT_SECONDS) < 5)
    assert alerts(settings, subject) == before + 1


def test_a_subscription_without_its_slot_is_copied_again(settings: Settings) -> None:
    subject = "payroll's subscription is built anew"
    before = alerts(settings, subject)
    with as_superuser(settings) as primary:

        def dropped() -> bool:
            primary.execute(
                "select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = 'payroll'"
            )
            primary.execute("select pg_drop_replication_slot('payroll')")
            return True

        eventually(dropped)
    eventually(lambda: is_streaming(settings, "payroll"), REBUILT_SECONDS)
    assert alerts(settings, subject) == before + 1
