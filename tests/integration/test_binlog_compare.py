"""The comparison of legacy database and image: it finds each kind of difference, in any order of keys, in bounded memory."""

import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import msgspec
import pymysql
import pytest

from ingestion.sources.mysql_binlog.catalog import read_catalog
from ingestion.sources.mysql_binlog.changes import row_key
from ingestion.sources.mysql_binlog.compare import Difference, compare
from ingestion.sources.mysql_binlog.connection import mysql_connection
from ingestion.sources.mysql_binlog.snapshot import table_rows
from tests.capture import as_owner
from tests.running_stack import RunningStack
from timecontrol.settings import Settings
from timecontrol.warehouse.hr_store import ImageRow, Row, RowId, upsert_image
from timecontrol.warehouse.pools import connect

DATABASE = "compared"
# No topic of ours has so many partitions: these rows are nobody else's.
PARTITION = 9997
# In each collation, as numbers, and as bytes of JSON the order of these is another.
KEYS = ["a", "B", "ä", "Z", "10", "9", '"', "back\\slash", "tab\t", "", "~", "é", "日", "\N{CLOCK FACE ONE OCLOCK}"]


class Compared:
    """A database of the source with tables of the test's own, and what the image has of them."""

    def __init__(self, settings: Settings, legacy: "pymysql.cursors.Cursor") -> None:
        self.settings = settings
        self._legacy = legacy
        self._prefix = f"t{uuid4().hex}"

    def table(self, name: str) -> str:
        return f"{self._prefix}_{name}"

    def create(self, name: str, columns: str, rows: Iterable[tuple[object, ...]]) -> str:
        """A table of the legacy database with these rows; returns its whole name."""
        table = self.table(name)
        rows = list(rows)
        self._legacy.execute(f"create table {table} ({columns})")
        places = ", ".join(["%s"] * len(rows[0]))
        self._legacy.executemany(f"insert into {table} values ({places})", rows)  # noqa: S608  names of this module
        return table

    def rows(self, table: str) -> dict[str, Row]:
        """The rows of a table by row key, as a snapshot sends them."""
        with mysql_connection(self.settings) as source:
            found = read_catalog(source, DATABASE)[table]
            rows = [msgspec.json.decode(msgspec.json.encode(row)) for row in table_rows(source, found)]
        return {row_key(row, [column.name for column in found.key]): row for row in rows}

    def image(self, table: str, rows: dict[str, Row]) -> None:
        """Make these the image's rows of a table."""
        snapshot = uuid4()
        with connect(self.settings, "ingest") as connection:
            upsert_image(
                connection,
                [
                    (RowId(table, key), ImageRow(row, "0-1-1", 0, snapshot, 1, PARTITION, None))
                    for key, row in rows.items()
                ],
            )

    def differences(self) -> list[Difference]:
        """Those of this test's tables; the other tables of the image are of another database."""
        return [found for found in compare(self.settings) if found.table.startswith(self._prefix)]


@contextmanager
def database(settings: Settings) -> Iterator[tuple[Settings, "pymysql.cursors.Cursor"]]:
    where = settings.mysql
    root = settings.secrets.mysql["root"].get_secret_value()
    connection: Any = pymysql.connect(host=where.host, port=where.port, user="root", password=root, autocommit=True)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"create or replace database {DATABASE} character set utf8mb4 collate utf8mb4_unicode_520_ci")
        cursor.execute(f"grant select on {DATABASE}.* to replicator@'127.0.0.1'")
        cursor.execute(f"use {DATABASE}")
        yield settings.model_copy(update={"mysql": where.model_copy(update={"database": DATABASE})}), cursor
        cursor.execute(f"drop database {DATABASE}")


@pytest.fixture
def compared(stack: RunningStack) -> Iterator[Compared]:
    settings = stack.require("mysql", "postgres")
    with database(settings) as (of_test, legacy):
        yield Compared(of_test, legacy)
    as_owner(settings, "delete from raw.hr_image where topic_partition = %s", PARTITION)


def test_each_kind_of_difference_is_found_whatever_orders_the_keys(compared: Compared) -> None:
    parts = (-1, 2, 10)
    words = compared.create(
        "words",
        "word varchar(20) collate utf8mb4_bin, part int, v int, primary key (part, word)",
        [(word, part, 1) for part in parts for word in KEYS],
    )
    numbers = compared.create(
        "Numbers", "id bigint primary key, v varchar(9)", [(number, "x") for number in (-10, -9, 0, 9, 10, 100)]
    )
    kept = compared.create(
        "kept", "id varbinary(9) primary key, v double", [(bytes([code]), 1e300) for code in range(256)]
    )
    of_words, of_numbers = compared.rows(words), compared.rows(numbers)
    assert len(of_words) == len(parts) * len(KEYS)

    missing, changed = '["ä",10]', '["",-1]'
    del of_words[missing]
    of_words[changed] = of_words[changed] | {"v": 2, "other": None}
    of_words['["Ä",2]'] = {"word": "Ä", "part": 2, "v": 1}
    del of_numbers["[9]"]
    of_numbers["[99]"] = {"id": 99, "v": "x"}
    compared.image(words, of_words)
    compared.image(numbers, of_numbers)
    compared.image(kept, compared.rows(kept))
    compared.image(compared.table("gone"), {"[1]": {"id": 1}, "[2]": {"id": 2}})

    assert compared.differences() == sorted(
        [
            Difference(words, missing, "not in the image"),
            Difference(words, changed, "other values in other, v"),
            Difference(words, '["Ä",2]', "only in the image"),
            Difference(numbers, "[9]", "not in the image"),
            Difference(numbers, "[99]", "only in the image"),
            Difference(compared.table("gone"), "", "the database has no such table, the image has rows of it"),
        ]
    )


def test_a_table_that_is_not_replicated_is_named_once(compared: Compared) -> None:
    keyless = compared.create("keyless", "v int", [(1,), (2,)])
    compared.image(keyless, {"[1]": {"v": 1}})
    reason = "not replicated: it has no primary key, so its rows cannot be told apart"
    assert compared.differences() == [Difference(keyless, "", reason)]


def test_memory_does_not_grow_with_the_tables(compared: Compared) -> None:
    """20,000 rows of 1 KB: as objects of Python over 25 MB for each side."""
    large = compared.create(
        "large", "id int primary key, v varchar(1000)", [(number, "x" * 1000) for number in range(20_000)]
    )
    compared.image(large, compared.rows(large))
    tracemalloc.start()
    try:
        differences = compared.differences()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert differences == []
    assert peak < 5_000_000
