"""A consistent snapshot of all tables, between the markers that begin and end it."""

from collections.abc import Iterator, Sequence

import structlog

from ingestion.sources.mysql_binlog.catalog import Table, cascading_keys, read_catalog
from ingestion.sources.mysql_binlog.changes import KafkaRecord, Place, marker_records, row_key, row_record
from ingestion.sources.mysql_binlog.connection import MysqlConnection, stream_rows
from ingestion.sources.mysql_binlog.values import Encoded, quote, select_expression, text_encoder

log = structlog.get_logger()


def table_rows(connection: MysqlConnection, table: Table) -> Iterator[dict[str, Encoded | None]]:
    """All rows of a table by column name, encoded."""
    encoders = [text_encoder(column) for column in table.columns]
    names = [column.name for column in table.columns]
    expressions = ", ".join(select_expression(column) for column in table.columns)
    statement = f"select {expressions} from {quote(table.name)}"  # noqa: S608  names of the catalog, quoted
    for values in stream_rows(connection, statement):
        yield {
            name: None if value is None else encode(value)
            for name, encode, value in zip(names, encoders, values, strict=True)
        }


def replicated_tables(connection: MysqlConnection, database: str) -> list[Table]:
    """The tables that can be replicated; of each other one the log says why not."""
    tables = read_catalog(connection, database).values()
    for table in tables:
        if table.obstacle:
            log.error("table_not_replicated", table=table.name, reason=table.obstacle)
    for key in cascading_keys(connection, database):
        log.error("cascade_not_logged", key=key, reason="its cascades change rows without a trace in the binary log")
    return [table for table in tables if table.obstacle is None]


def snapshot_records(
    connection: MysqlConnection, database: str, place: Place, partitions: int
) -> Iterator[Sequence[KafkaRecord]]:
    """The records of one snapshot, in order: the markers, each row, the markers; `connection` is in its transaction.

    Tables that are altered meanwhile fail with the server's error 1412: begin again under a new id.
    """
    yield marker_records("snapshot_begin", "", place, partitions)
    for table in replicated_tables(connection, database):
        key_columns = [column.name for column in table.key]
        for row in table_rows(connection, table):
            yield [row_record(table.name, row_key(row, key_columns), "snapshot", row, place, partitions)]
    yield marker_records("snapshot_end", "", place, partitions)
