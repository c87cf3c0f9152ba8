"""The image of the legacy HR database: its versions, its present rows, and how far each partition has come."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from timecontrol.contracts.badges import Badge
from timecontrol.warehouse.pools import Connection

Row = dict[str, Any]

# Rows of a cursor that are fetched together: an ordinary row has some hundred bytes, the largest 8 MB.
ROWS_AT_ONCE = 100


class RowId(NamedTuple):
    """A row of the legacy database."""

    table: str
    row_key: str


@dataclass(frozen=True)
class ImageRow:
    """The present state of a row; `version` is how many versions it has had, deletes included."""

    row: Row
    gtid: str
    row_number: int
    snapshot_id: UUID
    version: int
    partition: int
    punch_event_id: UUID | None


@dataclass(frozen=True)
class Version:
    """One entry of `raw.hr_versions`; `row` is None for a delete."""

    row_id: RowId
    op: str
    row: Row | None
    gtid: str
    row_number: int
    snapshot_id: UUID
    changed_at: datetime
    partition: int
    offset: int


# Lives as long as the connection; arrays of jsonb as parameters cost several times the upsert itself.
CREATE_INCOMING = """
create temporary table if not exists incoming_image (
    table_name text, row_key text, row_data jsonb, gtid text, row_number bigint, snapshot_id uuid, version integer,
    topic_partition integer, punch_event_id uuid
) on commit delete rows
"""

COPY_INCOMING = """
copy incoming_image
    (table_name, row_key, row_data, gtid, row_number, snapshot_id, version, topic_partition, punch_event_id)
from stdin
"""

UPSERT_INCOMING = """
insert into raw.hr_image
    (table_name, row_key, row_data, gtid, row_number, snapshot_id, version, topic_partition, punch_event_id)
select table_name, row_key, row_data, gtid, row_number, snapshot_id, version, topic_partition, punch_event_id
from incoming_image
on conflict (table_name, row_key) do update
set
    row_data = excluded.row_data,
    gtid = excluded.gtid,
    row_number = excluded.row_number,
    snapshot_id = excluded.snapshot_id,
    version = excluded.version,
    topic_partition = excluded.topic_partition,
    punch_event_id = excluded.punch_event_id
"""


@dataclass
class Stream:
    """How far a partition has come: the snapshot it is in, and the last (sequence, row number) applied by GTID domain."""

    snapshot_id: UUID
    ended: bool
    marks: dict[str, tuple[int, int]]


def read_streams(connection: Connection) -> dict[int, Stream]:
    """The streams by partition, locked until the transaction ends."""
    rows = connection.execute(
        "select topic_partition, snapshot_id, snapshot_ended, marks from raw.hr_streams for update"
    )
    return {
        partition: Stream(snapshot_id, ended, {domain: (mark[0], mark[1]) for domain, mark in marks.items()})
        for partition, snapshot_id, ended, marks in rows
    }


def write_stream(connection: Connection, partition: int, stream: Stream) -> None:
    """Keep how far a partition has come."""
    connection.execute(
        """
        insert into raw.hr_streams (topic_partition, snapshot_id, snapshot_ended, marks) values (%s, %s, %s, %s)
        on conflict (topic_partition) do update
        set snapshot_id = excluded.snapshot_id, snapshot_ended = excluded.snapshot_ended, marks = excluded.marks
        """,
        (partition, stream.snapshot_id, stream.ended, Jsonb(stream.marks)),
    )


def begin_snapshot(connection: Connection, snapshot_id: UUID, gtid: str, started_at: datetime) -> None:
    """Put a snapshot on record; the partitions reach its beginning one after the other."""
    connection.execute(
        "insert into raw.hr_snapshots (snapshot_id, started_gtid, started_at) values (%s, %s, %s) on conflict do nothing",
        (snapshot_id, gtid, started_at),
    )


def end_snapshot(connection: Connection, snapshot_id: UUID) -> None:
    """Note that a partition has reached the end; the last of them leaves the instant that stays."""
    connection.execute(
        "update raw.hr_snapshots set finished_at = clock_timestamp() where snapshot_id = %s", (snapshot_id,)
    )


def read_image(connection: Connection, row_ids: Sequence[RowId]) -> dict[RowId, ImageRow]:
    """The present state of these rows; those that do not exist are left out."""
    rows = connection.execute(
        """
        select i.table_name, i.row_key, i.row_data, i.gtid, i.row_number, i.snapshot_id, i.version, i.topic_partition, i.punch_event_id
        from unnest(%s::text[], %s::text[]) as wanted (table_name, row_key)
        inner join raw.hr_image as i using (table_name, row_key)
        """,
        _columns(row_ids),
    )
    return {RowId(table, key): ImageRow(*rest) for table, key, *rest in rows}


def unnamed_rows(connection: Connection, partition: int, snapshot_id: UUID) -> list[RowId]:
    """Rows of a partition that a snapshot did not name: they are gone."""
    rows = connection.execute(
        "select table_name, row_key from raw.hr_image where topic_partition = %s and snapshot_id is distinct from %s "
        "order by table_name, row_key",
        (partition, snapshot_id),
    )
    return [RowId(*row) for row in rows]


def rows_of_table(connection: Connection, partition: int, table: str) -> list[RowId]:
    """All rows of a table in a partition."""
    rows = connection.execute(
        "select table_name, row_key from raw.hr_image where topic_partition = %s and table_name = %s order by row_key",
        (partition, table),
    )
    return [RowId(*row) for row in rows]


def count_versions(connection: Connection, row_ids: Sequence[RowId]) -> dict[RowId, int]:
    """How many versions these rows have had; a row that was deleted and comes back goes on counting."""
    rows = connection.execute(
        """
        select v.table_name, v.row_key, count(*)
        from unnest(%s::text[], %s::text[]) as wanted (table_name, row_key)
        inner join raw.hr_versions as v using (table_name, row_key)
        group by v.table_name, v.row_key
        """,
        _columns(row_ids),
    )
    return {RowId(table, key): count for table, key, count in rows}


def append_versions(connection: Connection, versions: Iterable[Version]) -> None:
    """Append to the history, in this order."""
    statement = """
        copy raw.hr_versions
            (table_name, row_key, op, deleted, row_data, gtid, row_number, snapshot_id, changed_at, topic_partition, topic_offset)
        from stdin
    """
    with connection.cursor().copy(statement) as copy:
        for version in versions:
            copy.write_row(
                (
                    *version.row_id,
                    version.op,
                    version.row is None,
                    None if version.row is None else _json(version.row),
                    version.gtid,
                    version.row_number,
                    version.snapshot_id,
                    version.changed_at,
                    version.partition,
                    version.offset,
                )
            )


def upsert_image(connection: Connection, rows: Sequence[tuple[RowId, ImageRow]]) -> None:
    """Set the present state of these rows, each named once."""
    connection.execute(CREATE_INCOMING)
    # One transaction may come here more than once.
    connection.execute("delete from incoming_image")
    with connection.cursor().copy(COPY_INCOMING) as copy:
        for row_id, row in rows:
            copy.write_row(
                (
                    *row_id,
                    _json(row.row),
                    row.gtid,
                    row.row_number,
                    row.snapshot_id,
                    row.version,
                    row.partition,
                    row.punch_event_id,
                )
            )
    connection.execute(UPSERT_INCOMING)


def delete_image(connection: Connection, row_ids: Sequence[RowId]) -> None:
    """Take rows out of the image; their versions stay."""
    connection.execute(
        """
        delete from raw.hr_image using unnest(%s::text[], %s::text[]) as gone (table_name, row_key)
        where hr_image.table_name = gone.table_name and hr_image.row_key = gone.row_key
        """,
        _columns(row_ids),
    )


def image_in_order(connection: Connection, tables: Sequence[str]) -> Iterator[tuple[RowId, Row]]:
    """The present rows of these tables, by table and row key, byte by byte; a few at a time are in memory."""
    with connection.cursor("image_in_order") as cursor:
        cursor.itersize = ROWS_AT_ONCE
        cursor.execute(
            """
            select table_name, row_key, row_data
            from raw.hr_image
            where table_name = any(%s)
            order by table_name collate "C", row_key collate "C"
            """,
            (list(tables),),
        )
        for table, key, row in cursor:
            yield RowId(table, key), row


def image_tables(connection: Connection) -> set[str]:
    """The tables that the image has rows of."""
    return {row[0] for row in connection.execute("select distinct table_name from raw.hr_image")}


def badges(connection: Connection) -> list[Badge]:
    """All badges, those of the User Core before those of the legacy database."""
    rows = connection.execute(
        """
        with newest as (
            select distinct on (device_id, device_user, valid_from) *
            from core.badges
            order by device_id, device_user, valid_from, version_id desc
        ),

        legacy as (select row_data from raw.hr_image where table_name = 'badges')

        select
            1 as preference, device_id, device_user, employee_id,
            nullif(valid_from, '-infinity') as valid_from, nullif(valid_to, 'infinity') as valid_to
        from newest
        where not deleted
        union all
        select
            2, row_data ->> 'device_id', row_data ->> 'device_user', row_data ->> 'employee_id',
            (row_data ->> 'valid_from')::timestamp at time zone 'UTC', (row_data ->> 'valid_to')::timestamp at time zone 'UTC'
        from legacy
        order by 1, 2, 3, 5
        """
    )
    return [Badge(*row[1:]) for row in rows]


def _columns(row_ids: Sequence[RowId]) -> tuple[list[str], list[str]]:
    return [row_id.table for row_id in row_ids], [row_id.row_key for row_id in row_ids]


def _json(row: Row) -> str:
    """A row as COPY takes it; psycopg's own adapter is many times slower."""
    return msgspec.json.encode(row).decode()
