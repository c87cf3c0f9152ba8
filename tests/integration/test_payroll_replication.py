"""Publication and subscription `payroll` between two real servers."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.settings import PostgresRole, Settings
from timecontrol.stack.servers.postgres_roles import superuser
from timecontrol.warehouse.pools import Server, connect

LINE = """
insert into payroll.pay_lines (employee_id, workday, pay_code, source, period, seconds, multiplier, on_top, policy)
values (%s, '1999-01-04', 'regular', 'work', '1999-01', 3600, 1, false, 'none')
"""


@pytest.fixture
def settings(stack: RunningStack) -> Iterator[Settings]:
    settings = stack.require("postgres", "payroll_db")
    yield settings
    query(settings, "transform", "delete from payroll.pay_lines where period = '1999-01' returning 1")


def query(settings: Settings, role: PostgresRole, statement: str, server: Server = "postgres") -> list[tuple[Any, ...]]:
    """Rows of a statement."""
    with connect(settings, role, server) as connection:
        return connection.execute(statement.encode()).fetchall()


def write_line(settings: Settings, employee_id: str) -> None:
    with connect(settings, "transform") as connection:
        connection.execute(LINE, (employee_id,))


def replicated(settings: Settings) -> list[tuple[Any, ...]]:
    return query(
        settings,
        "payroll",
        "select employee_id from payroll.pay_lines where period = '1999-01' order by 1",
        "payroll_db",
    )


def test_what_is_written_for_payroll_appears_on_its_server(settings: Settings) -> None:
    write_line(settings, "replicated-1")
    eventually(lambda: replicated(settings) == [("replicated-1",)], timeout=10)
    query(settings, "transform", "delete from payroll.pay_lines where period = '1999-01' returning 1")
    eventually(lambda: replicated(settings) == [], timeout=10)


def test_nothing_else_is_there(settings: Settings) -> None:
    tables = query(
        settings,
        "operator",
        "select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
        "payroll_db",
    )
    assert [row[0] for row in tables] == [
        "ledger.pay_periods",
        "payroll.employees",
        "payroll.manifests",
        "payroll.pay_lines",
        "public.schema_migrations",
    ]
    published = query(settings, "owner", "select schemaname from pg_publication_tables where pubname = 'payroll'")
    assert {row[0] for row in published} == {"ledger", "payroll"}


@pytest.mark.parametrize("table", ["raw.punches", "core.employees", "ops.runs"])
def test_payroll_reads_nothing_else_on_the_primary(settings: Settings, table: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        query(settings, "payroll", f"select 1 from {table}")  # noqa: S608  names of this test


def test_payroll_changes_nothing(settings: Settings) -> None:
    for server in ("postgres", "payroll_db"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            query(settings, "payroll", "delete from payroll.pay_lines returning 1", server)  # type: ignore[arg-type]  # both are servers


def test_a_lost_slot_is_replaced_and_everything_copied_anew(settings: Settings, stack: RunningStack) -> None:
    write_line(settings, "before")
    eventually(lambda: replicated(settings) == [("before",)], timeout=10)
    stack.down(["payroll_db"])
    with superuser(settings.home / "postgres", settings.postgres.port) as connection:
        eventually(
            lambda: (
                connection.execute(
                    "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = 'payroll'"
                ).rowcount
                == 1
            )
        )
    write_line(settings, "while-away")
    stack.up(["payroll_db"])
    eventually(lambda: replicated(settings) == [("before",), ("while-away",)], timeout=20)
    write_line(settings, "after")
    eventually(lambda: replicated(settings) == [("after",), ("before",), ("while-away",)], timeout=10)
