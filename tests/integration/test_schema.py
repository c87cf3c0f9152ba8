"""The schema: what the migrations make is what `schema.sql` shows, and each role is refused what is not its own."""

from pathlib import Path

import psycopg
import pytest

import timecontrol.warehouse
from tests.running_stack import RunningStack
from timecontrol.contracts.errors import Transient
from timecontrol.settings import PostgresRole
from timecontrol.warehouse.migrate import migrate
from timecontrol.warehouse.pools import connect, conninfo
from timecontrol.warehouse.schema import dump_schema

SCHEMA = Path(timecontrol.warehouse.__file__).parent / "schema.sql"

FORBIDDEN: list[tuple[PostgresRole, str]] = [
    ("ingest", "delete from raw.punches"),
    ("ingest", "update raw.punches set kind = 'clock_in'"),
    ("ingest", "delete from raw.punch_ids"),
    ("ingest", "select * from core.accounts"),
    ("ingest", "select * from policy.parameters"),
    ("archive", "select * from raw.punches"),
    ("archive", "select * from core.accounts"),
    ("archive", "insert into raw.quarantine (source, place, code, reason, payload) values ('x', 'x', 'x', 'x', 'x')"),
    ("core", "insert into raw.punch_ids (event_id, content_hash) values (gen_random_uuid(), 'x')"),
    ("core", "update core.shifts set deleted = true"),
    ("core", "delete from core.administrative_acts"),
    ("transform", "select * from core.accounts"),
    ("transform", "select * from core.tokens"),
    ("transform", "delete from raw.punches"),
    ("reader", "select * from raw.punches"),
    ("reader", "select * from core.employees"),
    ("reader", "create table marts.mine (a integer)"),
    ("payroll", "select * from raw.punches"),
    ("payroll", "delete from payroll.pay_lines"),
    ("operator", "delete from raw.punches"),
    ("operator", "create table public.mine (a integer)"),
]  # fmt: skip


def test_the_schema_file_shows_what_the_migrations_make(stack: RunningStack) -> None:
    stack.require("postgres")
    assert statements(dump_schema(stack.settings)) == statements(SCHEMA.read_text(encoding="utf-8")), (
        "Write it anew: python -m timecontrol.warehouse.schema > timecontrol/warehouse/schema.sql"
    )


def statements(schema: str) -> list[str]:
    """The statements of a dump, whose order follows what depends on them: dbt's views, too, where there are some."""
    return sorted(schema.split(";\n"))


def test_migrating_again_applies_nothing(stack: RunningStack) -> None:
    stack.require("postgres")
    assert migrate(conninfo(stack.settings, "owner")) == []


@pytest.mark.parametrize(("role", "statement"), FORBIDDEN)
def test_each_role_is_refused_what_is_not_its_own(stack: RunningStack, role: PostgresRole, statement: str) -> None:
    stack.require("postgres")
    refusals = (psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)
    with pytest.raises(refusals), connect(stack.settings, role) as connection:
        connection.execute(statement.encode())


def test_dagster_has_its_own_database_and_no_way_into_ours(stack: RunningStack) -> None:
    stack.require("postgres")
    with pytest.raises(Transient, match="permission denied for database"), connect(stack.settings, "dagster"):
        pass


def test_the_transaction_id_of_an_input_cannot_be_chosen(stack: RunningStack) -> None:
    stack.require("postgres")
    insert = "insert into core.sites (site_id, name, time_zone, actor{}) values ('X', 'X', 'UTC', 'test'{})"
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connect(stack.settings, "core") as connection:
        connection.execute(insert.format(", xid", ", 1").encode())
    with connect(stack.settings, "core") as connection:
        connection.execute(insert.format("", "").encode())
        row = connection.execute(
            "select xid = (pg_current_xact_id()::text)::bigint from core.sites where site_id = 'X' order by version_id desc limit 1"
        ).fetchone()
        connection.rollback()
    assert row == (True,)
