"""Roles and databases of the PostgreSQL servers, made as superuser over the local socket: nobody else is superuser."""

import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from timecontrol.settings import PostgresRole, Settings, principals

Connection = psycopg.Connection[Any]

# What a role is beyond a login; rights on schemas and tables are in the migrations.
ATTRIBUTES: dict[PostgresRole, str] = {"replication": "replication"}
MEMBER_OF: dict[PostgresRole, tuple[str, ...]] = {
    "operator": ("pg_monitor", "pg_read_all_data"),
    # The owner makes the schemas that dbt's role owns.
    "owner": ("transform",),
}
# Longest statements: people wait for a page, sinks commit small batches, models may take their time.
STATEMENT_TIMEOUT: dict[PostgresRole, str] = {
    "reader": "30s",
    "payroll": "60s",
    "ingest": "60s",
    "archive": "60s",
    "core": "30s",
    "transform": "30min",
}
# The models sort and join whole histories, two at a time; everybody else touches a few rows. What joins ranges of dates is
# estimated a hundred times too small, and a merge join then sorts millions of rows that a hash join would only probe. A page
# found by an index costs about what the next page does on a disk without heads: an increment must not read whole marts.
SERVER_SETTINGS: dict[PostgresRole, dict[str, str]] = {
    "transform": {
        "work_mem": "256MB",
        "maintenance_work_mem": "512MB",
        "enable_mergejoin": "off",
        "random_page_cost": "1.1",
    }
}
READ_ONLY: frozenset[PostgresRole] = frozenset({"reader", "operator", "archive"})
PAYROLL_ROLES: tuple[PostgresRole, ...] = ("owner", "transform", "payroll", "operator", "reader")


def stack_user() -> str:
    """The OS user that runs the stack: the only one whom the servers take for their superuser, on the socket."""
    # As the server sees it: the environment may say another name, in a container or under `su -m`.
    return pwd.getpwuid(os.geteuid()).pw_name


@contextmanager
def superuser(directory: Path, port: int, database: str = "postgres") -> Iterator[Connection]:
    """A superuser connection over the socket in a server's directory, in autocommit; for the set-up alone."""
    with psycopg.connect(
        host=str(directory), port=port, dbname=database, user="postgres", autocommit=True
    ) as connection:
        yield connection


def provision_primary(settings: Settings, directory: Path) -> None:
    """All roles; databases `timecontrol` (of owner) and `dagster` (of dagster)."""
    database = settings.postgres.database
    with superuser(directory, settings.postgres.port) as connection:
        _ensure_roles(connection, settings, principals(PostgresRole))  # type: ignore[arg-type]  # the names of that very type
        _ensure_database(connection, database, "owner", set(principals(PostgresRole)) - {"dagster"})
        _ensure_database(connection, "dagster", "dagster", {"operator"})
        for role in ("ingest", "core", "transform"):
            connection.execute(sql.SQL("grant temporary on database {} to {}").format(_name(database), _name(role)))


def provision_payroll(settings: Settings, directory: Path) -> None:
    """Payroll's roles and its database."""
    with superuser(directory, settings.payroll_db.port) as connection:
        _ensure_roles(connection, settings, PAYROLL_ROLES)
        _ensure_database(connection, settings.payroll_db.database, "owner", set(PAYROLL_ROLES))


def _ensure_roles(connection: Connection, settings: Settings, wanted: Iterable[PostgresRole]) -> None:
    wanted = list(wanted)
    known = {row[0] for row in connection.execute("select rolname from pg_roles")}
    for role in wanted:
        if role not in known:
            connection.execute(sql.SQL("create role {} login").format(_name(role)))
        _set_attributes(connection, settings, role)
    for role in wanted:
        for group in MEMBER_OF.get(role, ()):
            connection.execute(sql.SQL("grant {} to {}").format(_name(group), _name(role)))


def _set_attributes(connection: Connection, settings: Settings, role: PostgresRole) -> None:
    password = settings.secrets.postgres[role].get_secret_value()
    # The verifier is computed here, so that the password reaches no server log.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    statement = sql.SQL("alter role {} login {} password {}")
    connection.execute(statement.format(_name(role), sql.SQL(ATTRIBUTES.get(role, "")), sql.Literal(verifier)))
    if role in STATEMENT_TIMEOUT:
        statement = sql.SQL("alter role {} set statement_timeout = {}")
        connection.execute(statement.format(_name(role), sql.Literal(STATEMENT_TIMEOUT[role])))
    for name, value in SERVER_SETTINGS.get(role, {}).items():
        statement = sql.SQL("alter role {} set {} = {}")
        connection.execute(statement.format(_name(role), sql.Identifier(name), sql.Literal(value)))
    if role in READ_ONLY:
        connection.execute(sql.SQL("alter role {} set default_transaction_read_only = on").format(_name(role)))


def _ensure_database(connection: Connection, database: str, owner: PostgresRole, may_connect: Iterable[str]) -> None:
    if connection.execute("select from pg_database where datname = %s", (database,)).fetchone() is None:
        connection.execute(sql.SQL("create database {} owner {}").format(_name(database), _name(owner)))
    connection.execute(sql.SQL("revoke all on database {} from public").format(_name(database)))
    for role in sorted(may_connect):
        connection.execute(sql.SQL("grant connect on database {} to {}").format(_name(database), _name(role)))


def _name(name: str) -> sql.Identifier:
    return sql.Identifier(name)
