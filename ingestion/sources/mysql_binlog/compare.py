"""Whether the image equals the legacy database, row by row and cell by cell: for reconciliation and tests."""

import time
from collections.abc import Iterator
from typing import NamedTuple

from ingestion.sources.mysql_binlog.catalog import read_catalog
from ingestion.sources.mysql_binlog.changes import fitting, row_key
from ingestion.sources.mysql_binlog.connection import mysql_connection
from ingestion.sources.mysql_binlog.flavours import ISOLATION, SNAPSHOT
from ingestion.sources.mysql_binlog.snapshot import table_rows
from timecontrol.contracts.hr_change import same_row
from timecontrol.settings import Settings
from timecontrol.warehouse.hr_store import image_of_table, image_tables
from timecontrol.warehouse.pools import connect

PAUSE_SECONDS = 0.5


class Difference(NamedTuple):
    """A row, or a table (empty key), in which image and database differ, and how."""

    table: str
    row_key: str
    problem: str


def compare(settings: Settings, settle_seconds: float = 0) -> list[Difference]:
    """All differences; a difference counts only when it stays for `settle_seconds`, for changes that are on their way.

    Raises Transient when a server is away.
    """
    deadline = time.monotonic() + settle_seconds
    found = set(_differences(settings))
    while found and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
        found &= set(_differences(settings))
    return sorted(found)


def _differences(settings: Settings) -> Iterator[Difference]:
    with mysql_connection(settings) as source, connect(settings, "operator") as target:
        with source.cursor() as cursor:
            cursor.execute(ISOLATION)
            cursor.execute(SNAPSHOT)
        catalog = read_catalog(source, settings.mysql.database)
        for name in sorted(image_tables(target) - catalog.keys()):
            yield Difference(name, "", "the database has no such table, the image has rows of it")
        for table in catalog.values():
            if table.obstacle:
                yield Difference(table.name, "", f"not replicated: {table.obstacle}")
                continue
            image = image_of_table(target, table.name)
            for row in map(fitting, table_rows(source, table)):
                key = row_key(row, [column.name for column in table.key])
                imaged = image.pop(key, None)
                if imaged is None:
                    yield Difference(table.name, key, "not in the image")
                elif not same_row(row, imaged):
                    differing = sorted(name for name in row.keys() | imaged.keys() if row.get(name) != imaged.get(name))
                    yield Difference(table.name, key, f"other values in {', '.join(differing)}")
            for key in image:
                yield Difference(table.name, key, "only in the image")
