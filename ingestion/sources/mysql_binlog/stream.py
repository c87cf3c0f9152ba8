"""The binary log as changes: events of python-mysql-replication in, records out, transaction by transaction."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pymysql
from pymysqlreplication import BinLogStreamReader
from pymysqlreplication.column import Column as LogColumn
from pymysqlreplication.constants import FIELD_TYPE
from pymysqlreplication.event import (
    BinLogEvent,
    GtidEvent,
    HeartbeatLogEvent,
    MariadbGtidEvent,
    NotImplementedEvent,
    QueryEvent,
    XidEvent,
)
from pymysqlreplication.row_event import DeleteRowsEvent, RowsEvent, TableMapEvent, UpdateRowsEvent, WriteRowsEvent

from ingestion.sources.mysql_binlog.catalog import Table
from ingestion.sources.mysql_binlog.changes import KafkaRecord, Place, marker_records, row_key, row_record
from ingestion.sources.mysql_binlog.connection import CONNECT_TIMEOUT_SECONDS
from ingestion.sources.mysql_binlog.flavours import Flavour
from ingestion.sources.mysql_binlog.row_image import ImageColumn, RowImages
from ingestion.sources.mysql_binlog.statements import Emptied, Unclear, effect
from ingestion.sources.mysql_binlog.values import Encoded
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.hr_change import Op
from timecontrol.settings import Settings

# A replica's number must differ from all others of the source; this one is as good as any and not 1.
SERVER_ID = 7_201_966
# Silence after which the server says that it lives: also the longest time until a stop is noticed.
HEARTBEAT_SECONDS = 0.5
# A server that has not even sent a heartbeat for so long is gone.
READ_TIMEOUT_SECONDS = 30
# GTID event of MariaDB: the transaction is one statement without a COMMIT of its own.
FLAG_STANDALONE = 1
# Events with rows inside that the library would skip in silence: MariaDB's compressed rows and MySQL's compressed transactions.
UNREADABLE_EVENTS = frozenset({165, 166, 167, 168, 169, 170, 171, 40})
CONNECTIONS_OF_A_READER = 2

Rows = list[tuple[dict[str, Encoded | None] | None, dict[str, Encoded | None] | None]]


class SnapshotNeeded(Exception):
    """The log does not tell all that changed: the tables must be read anew. The message says why."""


@dataclass(frozen=True)
class Transaction:
    """A place between two transactions: `gtid` is the last whole one, None for a sign of life."""

    gtid: str | None


def open_reader(settings: Settings, flavour: Flavour, position: str) -> BinLogStreamReader:
    """A reader after this position; for one use, it never connects again by itself.

    On MariaDB the library would go on from the position of its start, not from where it was.
    """
    opened = 0

    def connect(**options: Any) -> "pymysql.connections.Connection[Any]":  # noqa: ANN401  what the library passes on
        nonlocal opened
        opened += 1
        if opened > CONNECTIONS_OF_A_READER:
            raise Transient("the connection to the binary log was lost")
        return pymysql.connect(**options)

    return BinLogStreamReader(
        connection_settings={
            "host": settings.mysql.host,
            "port": settings.mysql.port,
            "user": "replicator",
            "passwd": settings.secrets.mysql["replicator"].get_secret_value(),
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "read_timeout": READ_TIMEOUT_SECONDS,
        },
        server_id=SERVER_ID,
        blocking=True,
        slave_heartbeat=HEARTBEAT_SECONDS,
        auto_position=position,
        is_mariadb=flavour.is_mariadb,
        only_schemas=[settings.mysql.database],
        only_events=[
            MariadbGtidEvent,
            GtidEvent,
            QueryEvent,
            XidEvent,
            TableMapEvent,
            WriteRowsEvent,
            UpdateRowsEvent,
            DeleteRowsEvent,
            HeartbeatLogEvent,
            NotImplementedEvent,
        ],
        filter_non_implemented_events=False,
        pymysql_wrapper=connect,
        enable_logging=False,
    )


@dataclass
class ChangeStream:
    """Turns events into records; holds the tables seen so far and the place in the present transaction."""

    database: str
    snapshot_id: UUID
    partitions: int
    catalog: dict[str, Table]
    _tables: dict[int, tuple[RowImages, tuple[str, ...]] | None] = field(default_factory=dict)
    _gtid: str = ""
    _standalone: bool = False
    _row_number: int = 0

    def knows(self, event: TableMapEvent) -> bool:
        """Whether the catalog has the table as this table map describes it; else it is of another time and should be read anew."""
        table = self.catalog.get(event.table)
        return table is not None and [column.name for column in table.columns] == [
            column.name for column in event.columns
        ]

    def see_table(self, event: TableMapEvent) -> None:
        """Remember a table map: the row events after it refer to its number. Without a primary key its rows are left out."""
        columns = image_columns(event, self.catalog.get(event.table))
        prefixed = event.optional_metadata.primary_keys_with_prefix
        key = tuple(
            column.name for number, column in enumerate(event.columns) if column.is_primary or number in prefixed
        )
        self._tables[event.table_id] = (RowImages(columns), key) if key else None

    def records(self, event: BinLogEvent) -> Iterator[KafkaRecord]:
        """The records of an event. Raises SnapshotNeeded when the event does not say all that it did."""
        if isinstance(event, RowsEvent):
            yield from self._rows(event)
        elif isinstance(event, QueryEvent):
            yield from self._statement(event)
        elif isinstance(event, NotImplementedEvent) and event.event_type in UNREADABLE_EVENTS:
            raise ValueError(
                f"the log holds compressed events (type {event.event_type}): turn log_bin_compress off at the source"
            )

    def boundary(self, event: BinLogEvent) -> Transaction | None:
        """What the event says about the place in the log: the end of a transaction, a sign of life, or None."""
        if isinstance(event, (MariadbGtidEvent, GtidEvent)):
            self._gtid = event.gtid
            self._standalone = (
                bool(getattr(event, "flags", 0) & FLAG_STANDALONE) if isinstance(event, MariadbGtidEvent) else False
            )
            self._row_number = 0
            return None
        if isinstance(event, HeartbeatLogEvent):
            return Transaction(None)
        if isinstance(event, XidEvent) or (isinstance(event, QueryEvent) and self._ends(event.query)):
            return Transaction(self._gtid)
        return None

    def _ends(self, query: str) -> bool:
        word = query.strip().split(None, 1)[0].upper() if query.strip() else ""
        if word in ("COMMIT", "ROLLBACK"):
            return True
        # MariaDB says which transactions are one statement; MySQL's DDL is one, and begins with no BEGIN.
        return word not in ("BEGIN", "SAVEPOINT", "XA") and (self._standalone or ":" in self._gtid)

    def _place(self, event: BinLogEvent) -> Place:
        self._row_number += 1
        return Place(self._gtid, self._row_number, self.snapshot_id, datetime.fromtimestamp(event.timestamp, UTC))

    def _rows(self, event: RowsEvent) -> Iterator[KafkaRecord]:
        known = self._tables[event.table_id]
        if known is None:
            return
        images, key_columns = known
        check_whole(event)
        for before, after in read_rows(event, images):
            old_key = None if before is None else row_key(before, key_columns)
            new_key = None if after is None else row_key(after, key_columns)
            if old_key is not None and old_key != new_key:
                yield row_record(event.table, old_key, "delete", None, self._place(event), self.partitions)
            if new_key is not None:
                op: Op = "update" if old_key == new_key else "insert"
                yield row_record(event.table, new_key, op, after, self._place(event), self.partitions)

    def _statement(self, event: QueryEvent) -> Iterator[KafkaRecord]:
        found = effect(event.query, event.schema.decode(), self.database)
        if isinstance(found, Unclear):
            raise SnapshotNeeded(f"after the statement: {found.statement[:200]}")
        if isinstance(found, Emptied):
            for table in found.tables:
                yield from marker_records("truncate", table, self._place(event), self.partitions)


def image_columns(event: TableMapEvent, table: Table | None) -> list[ImageColumn]:
    """How the rows after a table map are stored; what the log does not say comes from the catalog, by name."""
    known = {column.name: column for column in table.columns} if table else {}
    columns = []
    for column in event.columns:
        described = known.get(column.name)
        words = (column.enum_values or ("",))[1:] if column.type == FIELD_TYPE.ENUM else column.set_values or ()
        # The library drops words that are not UTF-8.
        if described and len(described.words) == len(words):
            words = described.words
        columns.append(
            ImageColumn(
                name=column.name,
                field_type=column.type,
                data_type=described.data_type if described else None,
                unsigned=column.unsigned,
                charset=_charset(column, described.charset if described else None),
                length=_length(column),
                precision=getattr(column, "precision", 0),
                decimals=getattr(column, "decimals", 0),
                fraction_digits=getattr(column, "fsp", 0),
                words=tuple(words),
            )
        )
    return columns


def _charset(column: LogColumn, described: str | None) -> str | None:
    """Character set of a text column: the log names a collation, which begins with it; those it does not know the catalog does."""
    if column.collation_name == "binary" or column.type == FIELD_TYPE.GEOMETRY:
        return None
    if column.collation_name is not None:
        return str(column.collation_name).partition("_")[0]
    return described


def _length(column: LogColumn) -> int:
    for name in ("max_length", "length_size", "size"):
        if hasattr(column, name):
            return int(getattr(column, name))
    return int(getattr(column, "bytes", 0))


def check_whole(event: RowsEvent) -> None:
    """Raise ValueError for an image that leaves columns out."""
    whole = (1 << event.number_of_columns) - 1
    bitmaps = [event.columns_present_bitmap]
    if isinstance(event, UpdateRowsEvent):
        bitmaps.append(event.columns_present_bitmap2)
    if any(int.from_bytes(bitmap, "little") & whole != whole for bitmap in bitmaps):
        raise ValueError(
            f"a row image of {event.table} is not whole: the source must have binlog_row_image=FULL in every session"
        )


def read_rows(event: RowsEvent, images: RowImages) -> Rows:
    """(before, after) of each row of an event; None where the row was not there."""
    packet = event.packet
    buffer = packet.read(event.event_size - packet.read_bytes)
    rows: Rows = []
    place = 0
    while place < len(buffer):
        first, place = images.read(buffer, place)
        if isinstance(event, UpdateRowsEvent):
            second, place = images.read(buffer, place)
            rows.append((first, second))
        elif isinstance(event, DeleteRowsEvent):
            rows.append((first, None))
        else:
            rows.append((None, first))
    return rows
