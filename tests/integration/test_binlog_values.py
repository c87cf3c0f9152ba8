"""Cell by cell: what a snapshot says about a value is what the binary log says about it, for every column type."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import UUID

import msgspec
import pymysql
import pytest
from pymysqlreplication.row_event import TableMapEvent

from ingestion.sources.mysql_binlog.catalog import read_catalog
from ingestion.sources.mysql_binlog.connection import MysqlConnection, fetch_value, mysql_connection
from ingestion.sources.mysql_binlog.flavours import MariaDb
from ingestion.sources.mysql_binlog.snapshot import table_rows
from ingestion.sources.mysql_binlog.stream import ChangeStream, open_reader
from tests.running_stack import RunningStack
from timecontrol.contracts.hr_change import HrChange
from timecontrol.settings import Settings

DATABASE = "test_values"
SNAPSHOT = UUID("019aaaaa-0000-7000-8000-000000000000")

# (declaration, values as SQL literals, their encodings)
CASES: list[tuple[str, list[str], list[Any] | None]] = [
    ("tinyint", ["-128", "127", "0"], [-128, 127, 0]),
    ("tinyint unsigned", ["255", "0"], [255, 0]),
    ("boolean", ["true", "false"], [1, 0]),
    ("smallint", ["-32768", "32767"], [-32768, 32767]),
    ("smallint unsigned", ["65535"], [65535]),
    ("mediumint", ["-8388608", "8388607", "-1"], [-8388608, 8388607, -1]),
    ("mediumint unsigned", ["16777215"], [16777215]),
    ("int", ["-2147483648", "2147483647"], [-2147483648, 2147483647]),
    ("int unsigned", ["4294967295"], [4294967295]),
    ("int(6) zerofill", ["42"], [42]),
    ("bigint", ["-9223372036854775808", "9223372036854775807"], [-9223372036854775808, 9223372036854775807]),
    ("bigint unsigned", ["18446744073709551615"], [18446744073709551615]),
    (
        "decimal(10,2)",
        ["-12345678.90", "0.05", "-0.05", "99999999.99", "0"],
        ["-12345678.90", "0.05", "-0.05", "99999999.99", "0.00"],
    ),
    (
        "decimal(65,30)",
        ["-" + "9" * 35 + "." + "9" * 30, "0.000000000000000000000000000001"],
        ["-" + "9" * 35 + "." + "9" * 30, "0.000000000000000000000000000001"],
    ),
    ("decimal(9,0)", ["-999999999", "7"], ["-999999999", "7"]),
    ("decimal(5,5)", ["-0.12345"], ["-0.12345"]),
    ("decimal(10,0) unsigned", ["4000000000"], ["4000000000"]),
    ("float", ["3.4028234e38", "-1.17549e-38", "0.1", "16777217"], None),
    (
        "double",
        ["1.7976931348623157e308", "2.2250738585072014e-308", "0.1", "-0.30000000000000004"],
        [1.7976931348623157e308, 2.2250738585072014e-308, 0.1, -0.30000000000000004],
    ),
    ("bit(1)", ["b'1'", "b'0'"], [1, 0]),
    ("bit(9)", ["b'100000001'"], [257]),
    ("bit(64)", ["18446744073709551615", "0"], [18446744073709551615, 0]),
    ("year", ["1901", "2155", "0"], [1901, 2155, 0]),
    (
        "date",
        ["'1000-01-01'", "'9999-12-31'", "'0000-00-00'", "'2024-02-00'"],
        ["1000-01-01", "9999-12-31", "0000-00-00", "2024-02-00"],
    ),
    (
        "datetime",
        ["'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'0000-00-00 00:00:00'"],
        ["1000-01-01T00:00:00", "9999-12-31T23:59:59", "0000-00-00T00:00:00"],
    ),
    ("datetime(1)", ["'2024-01-02 03:04:05.6'"], ["2024-01-02T03:04:05.6"]),
    ("datetime(3)", ["'2024-01-02 03:04:05.067'"], ["2024-01-02T03:04:05.067"]),
    ("datetime(6)", ["'2024-01-02 03:04:05.000007'"], ["2024-01-02T03:04:05.000007"]),
    (
        "timestamp null",
        ["'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00 00:00:00'"],
        ["1970-01-01T00:00:01Z", "2038-01-19T03:14:07Z", "0000-00-00T00:00:00Z"],
    ),
    ("timestamp(5) null", ["'2024-10-27 01:30:00.12345'"], ["2024-10-27T01:30:00.12345Z"]),
    (
        "time",
        ["'-838:59:59'", "'838:59:59'", "'00:00:00'", "'-00:00:01'"],
        ["-838:59:59", "838:59:59", "00:00:00", "-00:00:01"],
    ),
    ("time(2)", ["'-00:00:00.01'", "'-12:34:56.78'"], ["-00:00:00.01", "-12:34:56.78"]),
    (
        "time(6)",
        ["'-838:59:58.999999'", "'00:00:00.000001'", "'-00:00:00.000001'"],
        ["-838:59:58.999999", "00:00:00.000001", "-00:00:00.000001"],
    ),
    ("char(5)", ["'ab'", "''", "'ab   '"], ["ab", "", "ab"]),
    ("char(200)", ["'é€😀'"], ["é€😀"]),
    ("varchar(20)", ["'ab  '", "''", "'\\0x'"], ["ab  ", "", {"utf8_base64": "AHg="}]),
    ("varchar(300)", [f"'{'x' * 300}'"], ["x" * 300]),
    ("varchar(20) character set latin1", ["'Grüße €'"], ["Grüße €"]),
    ("varchar(20) character set utf16", ["'ü😀'"], ["ü😀"]),
    ("varchar(20) character set ucs2", ["'ü'"], ["ü"]),
    ("varchar(20) character set cp1251", ["'Привет'"], ["Привет"]),
    ("varchar(20) character set sjis", ["'日本'"], ["日本"]),
    ("varchar(20) collate utf8mb4_uca1400_ai_ci", ["'ü'"], ["ü"]),
    ("tinytext", ["'t'"], ["t"]),
    ("text", [f"'{'ü' * 1000}'"], ["ü" * 1000]),
    ("mediumtext", ["''"], [""]),
    ("longtext", ["'a\\nb'"], ["a\nb"]),
    ("json", ["""'{"a": [1, null, "ü"]}'"""], ['{"a": [1, null, "ü"]}']),
    ("enum('a','it''s','ü')", ["'a'", "'it''s'", "'ü'", "''"], ["a", "it's", "ü", ""]),
    ("enum('ä','b') character set latin1", ["'ä'", "'b'"], ["ä", "b"]),
    ("set('x','y','ü')", ["'x,ü'", "''", "'y'"], ["x,ü", "", "y"]),
    (
        "binary(4)",
        ["x'01000000'", "x'00000000'", "x'ab'"],
        [{"base64": "AQAAAA=="}, {"base64": "AAAAAA=="}, {"base64": "qwAAAA=="}],
    ),
    ("binary(16)", ["x'11111111222233334444555555550000'"], [{"base64": "ERERESIiMzNERFVVVVUAAA=="}]),
    ("varbinary(10)", ["x'0000'", "''", "x'ff00'"], [{"base64": "AAA="}, {"base64": ""}, {"base64": "/wA="}]),
    ("tinyblob", ["x'00ff00'"], [{"base64": "AP8A"}]),
    ("blob", ["x'00'"], [{"base64": "AA=="}]),
    ("longblob", ["''"], [{"base64": ""}]),
    (
        "uuid",
        [
            "'11111111-2222-3333-4444-555555555500'",
            "'00000000-0000-0000-0000-000000000000'",
            "'018F0000-0000-7000-8000-00000000AB00'",
            "'6255a0b6-e7a7-11f1-816c-02fc00000000'",
        ],
        [
            "11111111-2222-3333-4444-555555555500",
            "00000000-0000-0000-0000-000000000000",
            "018f0000-0000-7000-8000-00000000ab00",
            "6255a0b6-e7a7-11f1-816c-02fc00000000",
        ],
    ),
    ("inet6", ["'::'", "'2001:db8::'", "'::ffff:1.2.3.4'"], ["::", "2001:db8::", "::ffff:102:304"]),
    ("inet4", ["'1.2.3.0'", "'0.0.0.0'"], ["1.2.3.0", "0.0.0.0"]),  # noqa: S104  a value, no address to bind to
    ("point", ["point(1, -2)"], None),
    ("geometry", ["st_geomfromtext('LINESTRING(0 0,1 1)')"], None),
]


@pytest.fixture(scope="module")
def values_database(stack: RunningStack) -> Iterator[tuple[Settings, "pymysql.connections.Connection[Any]"]]:
    """A database of the source for this module, and a session of its owner that takes zero dates and unknown words."""
    stack.require("mysql")
    where = stack.settings.mysql
    root = stack.settings.secrets.mysql["root"].get_secret_value()
    with pymysql.connect(host=where.host, port=where.port, user="root", password=root, autocommit=True) as connection:
        with connection.cursor() as cursor:
            cursor.execute(f"create or replace database {DATABASE} character set utf8mb4")
            cursor.execute(f"grant select on {DATABASE}.* to replicator@'127.0.0.1'")
            cursor.execute(f"use {DATABASE}")
            cursor.execute("set sql_mode = '', time_zone = '+00:00'")
        address = where.model_copy(update={"database": DATABASE})
        yield stack.settings.model_copy(update={"mysql": address}), connection
        with connection.cursor() as cursor:
            cursor.execute(f"drop database {DATABASE}")


def streamed(settings: Settings, source: MysqlConnection, position: str, rows: int) -> list[HrChange]:
    """The first row changes of the log after a position."""
    stream = ChangeStream(DATABASE, SNAPSHOT, 1, read_catalog(source, DATABASE))
    found: list[HrChange] = []
    with closing(open_reader(settings, MariaDb(), position)) as reader:
        while len(found) < rows:
            event = reader.fetchone()
            assert event is not None
            if isinstance(event, TableMapEvent):
                stream.see_table(event)
            found += [msgspec.json.decode(record.value, type=HrChange) for record in stream.records(event)]
            stream.boundary(event)
    return found


@pytest.mark.parametrize(("declaration", "literals", "encodings"), CASES, ids=[case[0] for case in CASES])
def test_snapshot_and_log_say_the_same(
    values_database: tuple[Settings, "pymysql.connections.Connection[Any]"],
    declaration: str,
    literals: list[str],
    encodings: list[Any] | None,
) -> None:
    settings, owner = values_database
    with owner.cursor() as cursor, mysql_connection(settings) as source:
        cursor.execute("drop table if exists cells")
        null = "" if " null" in declaration else " null"
        cursor.execute(
            f"create table cells (id int primary key, before_ int, cell {declaration}{null}, after_ varchar(9)) engine=innodb"
        )
        position = str(fetch_value(source, "select @@global.gtid_current_pos"))
        values = [*literals, "null"]
        for number, literal in enumerate(values):
            cursor.execute(f"insert into cells values ({number}, {number}, {literal}, 'end')")  # noqa: S608  literals of this module
        table = read_catalog(source, DATABASE)["cells"]
        assert table.obstacle is None
        snapshot = [msgspec.json.decode(msgspec.json.encode(row)) for row in table_rows(source, table)]
        stream = [change.row for change in streamed(settings, source, position, len(values))]
    assert stream == snapshot
    cells = [row["cell"] for row in snapshot]
    assert cells[-1] is None
    assert [(row["id"], row["before_"], row["after_"]) for row in snapshot] == [
        (n, n, "end") for n in range(len(values))
    ]
    if encodings is not None:
        assert cells[:-1] == encodings
