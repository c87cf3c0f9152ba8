"""The legacy HR database as tests write to it, and what has become of it in PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pymysql

from ingestion.sources.mysql_binlog.compare import compare
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.settings import MysqlUser, Settings
from timecontrol.warehouse.pools import connect


@contextmanager
def session(settings: Settings, user: MysqlUser = "hr") -> Iterator["pymysql.cursors.Cursor"]:
    """A cursor on the legacy database that commits each statement."""
    where = settings.mysql
    secret = settings.secrets.mysql[user].get_secret_value()
    with (
        pymysql.connect(
            host=where.host, port=where.port, user=user, password=secret, database=where.database, autocommit=True
        ) as connection,
        connection.cursor() as cursor,
    ):
        yield cursor


def image(settings: Settings, table: str, key: str) -> dict[str, Any] | None:
    """The present row of the image."""
    with connect(settings, "operator") as connection:
        found = connection.execute(
            "select row_data from raw.hr_image where table_name = %s and row_key = %s", (table, key)
        ).fetchone()
    return found[0] if found else None


def versions(settings: Settings, table: str, key: str) -> list[tuple[str, bool]]:
    """(op, deleted) of all versions of a row, oldest first."""
    with connect(settings, "operator") as connection:
        return connection.execute(
            "select op, deleted from raw.hr_versions where table_name = %s and row_key = %s order by version_id",
            (table, key),
        ).fetchall()


def snapshots(settings: Settings) -> int:
    """How many snapshots have been taken to their end."""
    with connect(settings, "operator") as connection:
        found = connection.execute("select count(*) from raw.hr_snapshots where finished_at is not null").fetchone()
    return int(found[0]) if found else 0


def wait_until_equal(settings: Settings, timeout: float = 60) -> None:
    """Return when the image equals the database row by row; else fail naming the differences."""

    def equal() -> bool:
        differences = compare(settings)
        assert differences == [], differences
        return True

    eventually(equal, timeout)


def kill(stack: RunningStack, service: str) -> None:
    """SIGKILL as soon as the service runs; the supervisor starts it again."""

    def killed() -> bool:
        stack.kill([service])
        return True

    eventually(killed)
