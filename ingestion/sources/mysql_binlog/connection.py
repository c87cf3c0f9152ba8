"""Connections to the legacy database, always with values as text: what a column holds is decided by `values`, not by a driver."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pymysql
from pymysql import converters
from pymysql.cursors import SSCursor

from timecontrol.contracts.errors import Transient
from timecontrol.settings import MysqlUser, Settings

if TYPE_CHECKING:
    # Generic in its type stubs only.
    MysqlConnection = pymysql.connections.Connection[Any]
else:
    MysqlConnection = pymysql.connections.Connection

CONNECT_TIMEOUT_SECONDS = 5
# The server ends a session that has been silent for so long, so that a lock does not outlive a machine that vanished.
SESSION_TIMEOUT_SECONDS = 60
# Codes of PyMySQL and the server for a connection that is gone or cannot be made: gone away, lost, refused, shutdown,
# too many connections, unknown thread, killed.
CONNECTION_ERRORS = frozenset({1040, 1053, 1094, 1927, 2002, 2003, 2006, 2013})

# Arguments are converted, results are not.
CONVERSIONS: dict[int | type[Any], Any] = dict(converters.encoders.items())


@contextmanager
def mysql_connection(settings: Settings, user: MysqlUser = "replicator") -> Iterator[MysqlConnection]:
    """One session in UTC, values as text and binary as bytes; raises Transient when the server is away or goes away."""
    where = settings.mysql
    with transient_when_gone():
        connection = pymysql.connect(
            host=where.host,
            port=where.port,
            user=user,
            password=settings.secrets.mysql[user].get_secret_value(),
            database=where.database,
            charset="utf8mb4",
            conv=CONVERSIONS,
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            autocommit=True,
            init_command=f"set session time_zone = '+00:00', wait_timeout = {SESSION_TIMEOUT_SECONDS}",
        )
        with connection:
            yield connection


@contextmanager
def transient_when_gone() -> Iterator[None]:
    """Turn what PyMySQL raises for a server that is away into Transient; other errors pass."""
    try:
        yield
    except (pymysql.err.OperationalError, pymysql.err.InterfaceError, pymysql.err.InternalError) as error:
        if error.args and error.args[0] in CONNECTION_ERRORS | {0}:
            raise Transient(f"the legacy database does not answer: {error}") from error
        raise


def fetch_all(connection: MysqlConnection, statement: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """All rows of a statement, values as text."""
    with connection.cursor() as cursor:
        cursor.execute(statement, tuple(arguments) or None)
        return list(cursor.fetchall())


def fetch_value(connection: MysqlConnection, statement: str, arguments: Sequence[object] = ()) -> str | None:
    """The first value of the first row; None without a row."""
    rows = fetch_all(connection, statement, arguments)
    return rows[0][0] if rows else None


def stream_rows(connection: MysqlConnection, statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of a large result as they arrive, never all in memory."""
    with connection.cursor(SSCursor) as cursor:
        cursor.execute(statement)
        yield from cursor.fetchall_unbuffered()
