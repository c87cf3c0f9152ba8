"""Device files in PostgreSQL: which were imported, what of them is in quarantine, the zones of sites."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from timecontrol.warehouse.pools import Connection

QUARANTINE_SOURCE = "device_file"


@dataclass(frozen=True)
class FileRecord:
    """A row of `raw.files`: a file that was read to the end, all its punches acknowledged by Kafka."""

    file_sha256: str
    file_name: str
    format: str
    site_id: str
    device_id: str
    time_zone: str
    mapping: dict[str, Any] | None
    byte_count: int
    line_count: int
    punch_count: int
    quarantined_count: int
    imported_by: str


@dataclass(frozen=True)
class QuarantinedLine:
    """A line of a file that gave no punch."""

    line: int
    payload: bytes
    code: str
    reason: str


def line_place(file_sha256: str, line: int) -> str:
    """Where a line stands: `file:<sha256>#<line>`, as in `raw.quarantine.place` and `raw.punches.origin`."""
    return f"file:{file_sha256}#{line}"


def find_file(connection: Connection, file_sha256: str) -> FileRecord | None:
    """The import of these bytes, None when there was none."""
    columns = ", ".join(FileRecord.__dataclass_fields__)
    statement = f"select {columns} from raw.files where file_sha256 = %s"  # noqa: S608  names of our own fields
    with connection.cursor(row_factory=class_row(FileRecord)) as cursor:
        return cursor.execute(statement.encode(), (file_sha256,)).fetchone()


def record_file(connection: Connection, record: FileRecord, quarantined: Sequence[QuarantinedLine]) -> None:
    """Write the file's row and its quarantined lines, in the caller's transaction.

    Of a file that was imported before, the mapping and the counts are those of this import, and the lines that it has
    read of those in quarantine are resolved.
    """
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into raw.quarantine (source, place, code, reason, payload, file_sha256, file_line)
            values (%s, %s, %s, %s, %s, %s, %s)
            on conflict (source, place) do nothing
            """,
            [
                (
                    QUARANTINE_SOURCE,
                    line_place(record.file_sha256, line.line),
                    line.code,
                    line.reason,
                    line.payload,
                    record.file_sha256,
                    line.line,
                )
                for line in quarantined
            ],
        )
        cursor.execute(
            """
            insert into raw.files
                (file_sha256, file_name, format, site_id, device_id, time_zone, mapping,
                 byte_count, line_count, punch_count, quarantined_count, imported_by)
            values
                (%(file_sha256)s, %(file_name)s, %(format)s, %(site_id)s, %(device_id)s, %(time_zone)s, %(mapping)s,
                 %(byte_count)s, %(line_count)s, %(punch_count)s, %(quarantined_count)s, %(imported_by)s)
            on conflict (file_sha256) do update
            set
                mapping = excluded.mapping,
                punch_count = excluded.punch_count,
                quarantined_count = excluded.quarantined_count
            """,
            vars(record) | {"mapping": None if record.mapping is None else Jsonb(record.mapping)},
        )
        cursor.execute(
            """
            insert into raw.quarantine_resolutions (quarantine_id, action, actor, reason)
            select quarantine_id, 'replayed', %s, 'the file was imported again, and the line read'
            from raw.quarantine
            where
                source = %s and file_sha256 = %s and file_line <> all(%s)
                and not exists (
                    select 1 from raw.quarantine_resolutions
                    where quarantine_resolutions.quarantine_id = quarantine.quarantine_id
                )
            """,
            (record.imported_by, QUARANTINE_SOURCE, record.file_sha256, [line.line for line in quarantined]),
        )


def site_zone(connection: Connection, site_id: str) -> str | None:
    """IANA zone of a site: from `core.sites`, else from the legacy HR image; None for a site that neither knows."""
    found = connection.execute(
        """
        select time_zone
        from (
            select 1 as preference, time_zone
            from (select time_zone, deleted from core.sites where site_id = %(site)s order by version_id desc limit 1) as newest
            where not deleted
            union all
            select 2, row_data ->> 'time_zone'
            from raw.hr_image
            where table_name = 'sites' and row_data ->> 'site_id' = %(site)s
        ) as found
        order by preference
        limit 1
        """,
        {"site": site_id},
    ).fetchone()
    return found[0] if found else None


def known_sites(connection: Connection) -> list[str]:
    """All site ids that `core.sites` or the legacy HR image has, for messages to people."""
    return [
        row[0]
        for row in connection.execute(
            """
            select site_id from core.sites
            union
            select row_data ->> 'site_id' from raw.hr_image where table_name = 'sites'
            order by 1
            """
        )
    ]
