"""Connections to the three PostgreSQL servers: writes to the primary, reads from the replica, payroll's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg_pool import ConnectionPool
from sqlalchemy import URL

from timecontrol.settings import PostgresAddress, PostgresRole, Settings
from timecontrol.warehouse.deadline import hang_up_after
from timecontrol.warehouse.failures import transient_failures

Server = Literal["postgres", "replica", "payroll_db"]
Connection = psycopg.Connection[Any]

# A server that does not answer a connection attempt within this is treated as down; on one network it answers in milliseconds.
CONNECT_TIMEOUT_SECONDS = 5


def address(settings: Settings, server: Server) -> PostgresAddress:
    """Host, port and database of one of the three servers."""
    return {"postgres": settings.postgres, "replica": settings.replica, "payroll_db": settings.payroll_db}[server]


def conninfo(settings: Settings, role: PostgresRole, server: Server = "postgres", **options: str) -> str:
    """Libpq connection string for a role on a server, its password included: never log it."""
    where = address(settings, server)
    return make_conninfo(
        host=where.host,
        port=where.port,
        dbname=where.database,
        user=role,
        password=settings.secrets.postgres[role].get_secret_value(),
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        application_name=f"timecontrol-{role}",
        **options,
    )


@contextmanager
def connect(
    settings: Settings, role: PostgresRole, server: Server = "postgres", **options: str
) -> Iterator[Connection]:
    """One connection for the block, committed at its end or rolled back.

    Raises Transient when the server is not there or goes away meanwhile.
    """
    with transient_failures(server), psycopg.connect(conninfo(settings, role, server, **options)) as connection:
        yield connection


def open_pool(
    settings: Settings, role: PostgresRole, server: Server = "postgres", *, min_size: int = 1, max_size: int = 4
) -> ConnectionPool[Connection]:
    """A pool for a long-lived process; the caller closes it. Opened without waiting, so that a server that is down delays no start."""
    return ConnectionPool(
        conninfo(settings, role, server),
        min_size=min_size,
        max_size=max_size,
        open=True,
        check=_check,
    )


def _check(connection: Connection) -> None:
    """Raise where the server does not answer, frozen ones too, so that the pool takes another connection."""
    with hang_up_after(connection, CONNECT_TIMEOUT_SECONDS):
        ConnectionPool.check_connection(connection)


def sqlalchemy_url(settings: Settings, role: PostgresRole, server: Server = "postgres", driver: str = "psycopg") -> URL:
    """The same address for SQLAlchemy, the driver written out (2.1 changed the default)."""
    where = address(settings, server)
    return URL.create(
        f"postgresql+{driver}",
        username=role,
        password=settings.secrets.postgres[role].get_secret_value(),
        host=where.host,
        port=where.port,
        database=where.database,
    )
