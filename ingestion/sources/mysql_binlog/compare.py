"""Whether the image equals the legacy database, row by row and cell by cell: for reconciliation and tests.

Both sides are read in the order of their row keys and merged, so that memory holds a few rows of each, whatever the size.
The source orders by its collations and types, not by our keys: its rows are put in order on disk first.
"""

import heapq
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import msgspec

from ingestion.sources.mysql_binlog.catalog import Table, read_catalog
from ingestion.sources.mysql_binlog.changes import fitting, row_key
from ingestion.sources.mysql_binlog.connection import MysqlConnection, mysql_connection
from ingestion.sources.mysql_binlog.flavours import ISOLATION, SNAPSHOT
from ingestion.sources.mysql_binlog.snapshot import table_rows
from timecontrol.contracts.hr_change import same_row
from timecontrol.errors import UserError
from timecontrol.settings import Settings
from timecontrol.warehouse.hr_store import Row, RowId, image_in_order, image_tables
from timecontrol.warehouse.pools import connect

PAUSE_SECONDS = 0.5
# The name of a database of SQLite that it keeps in a temporary file, gone when it is closed.
ON_DISK = ""


class Difference(NamedTuple):
    """A row, or a table (empty key), in which image and database differ, and how."""

    table: str
    row_key: str
    problem: str


def compare(settings: Settings, settle_seconds: float = 0) -> list[Difference]:
    """All differences; a difference counts only when it stays for `settle_seconds`, for changes that are on their way.

    Raises Transient when a server is away, UserError when the disk has no room for a copy of the legacy database.
    """
    deadline = time.monotonic() + settle_seconds
    found = set(_differences(settings))
    while found and time.monotonic() < deadline:
        time.sleep(PAUSE_SECONDS)
        found &= set(_differences(settings))
    return sorted(found)


def _differences(settings: Settings) -> Iterator[Difference]:
    with closing(sqlite3.connect(ON_DISK)) as copy:
        catalog = _copy_source(settings, copy)
        with connect(settings, "operator") as target:
            for name in sorted(image_tables(target) - catalog.keys()):
                yield Difference(name, "", "the database has no such table, the image has rows of it")
            for table in catalog.values():
                if table.obstacle:
                    yield Difference(table.name, "", f"not replicated: {table.obstacle}")
            replicated = [table.name for table in catalog.values() if not table.obstacle]
            for row_id, row, imaged in _merged(in_order(copy), image_in_order(target, replicated)):
                if problem := _problem(row, imaged):
                    yield Difference(*row_id, problem)


def _copy_source(settings: Settings, copy: sqlite3.Connection) -> Mapping[str, Table]:
    """Put one state of all rows into `copy`; returns the catalog."""
    with mysql_connection(settings) as source:
        with source.cursor() as cursor:
            cursor.execute(ISOLATION)
            cursor.execute(SNAPSHOT)
        catalog = read_catalog(source, settings.mysql.database)
        keep_in_order(copy, _source_rows(source, catalog))
    return catalog


def _source_rows(source: MysqlConnection, catalog: Mapping[str, Table]) -> Iterator[tuple[str, str, bytes]]:
    for table in catalog.values():
        if table.obstacle:
            continue
        key_columns = [column.name for column in table.key]
        for row in table_rows(source, table):
            yield table.name, row_key(row, key_columns), msgspec.json.encode(fitting(row))


def keep_in_order(copy: sqlite3.Connection, rows: Iterable[tuple[str, str, bytes]]) -> None:
    """Keep table, key and row of each in an empty database; the keys alone are sorted, here and not at the first read.

    The one who reads holds a transaction of PostgreSQL open, which ends one that waits for a minute.
    """
    copy.execute("create table source_rows (table_name text, row_key text, row_data blob)")
    try:
        copy.executemany("insert into source_rows values (?, ?, ?)", rows)
        copy.execute("create index source_rows_in_order on source_rows (table_name, row_key)")
    except sqlite3.OperationalError as error:
        raise _no_room(error) from error


def in_order(copy: sqlite3.Connection) -> Iterator[tuple[RowId, Row]]:
    """The rows of `keep_in_order` by table and key, byte by byte as PostgreSQL's "C" and, by code points, Python do."""
    query = "select * from source_rows indexed by source_rows_in_order order by table_name, row_key"
    try:
        for table, key, row in copy.execute(query):
            yield RowId(table, key), msgspec.json.decode(row)
    except sqlite3.OperationalError as error:
        raise _no_room(error) from error


def _no_room(error: sqlite3.OperationalError) -> UserError:
    return UserError(f"the rows of the legacy database cannot be put in order in a temporary file: {error}")


def _merged(
    source: Iterable[tuple[RowId, Row]], image: Iterable[tuple[RowId, Row]]
) -> Iterator[tuple[RowId, Row | None, Row | None]]:
    """Each row of either side, once: as the source has it, and as the image has it."""
    sides = (
        ((row_id, "source", row) for row_id, row in source),
        ((row_id, "image", row) for row_id, row in image),
    )
    for row_id, found in groupby(heapq.merge(*sides, key=itemgetter(0)), key=itemgetter(0)):
        rows = {side: row for _, side, row in found}
        yield row_id, rows.get("source"), rows.get("image")


def _problem(row: Row | None, imaged: Row | None) -> str | None:
    if imaged is None:
        return "not in the image"
    if row is None:
        return "only in the image"
    if same_row(row, imaged):
        return None
    # A column that one side does not have is another than one that is null.
    differing = sorted(name for name in row.keys() | imaged.keys() if row.get(name, ...) != imaged.get(name, ...))
    return f"other values in {', '.join(differing)}"
