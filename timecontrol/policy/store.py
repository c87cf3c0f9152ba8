"""Writes policies to the schema `policy`, append-only: what the files say anew is a new version, what they drop a removal."""

from dataclasses import asdict
from typing import Any

from psycopg import sql
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from timecontrol.policy.rows import Changes, ParameterRow, PayCodeRow, PolicyRow, Row, Rows, changes
from timecontrol.warehouse.locks import AdvisoryLock
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection

TABLES: dict[str, type[Row]] = {"policies": PolicyRow, "parameters": ParameterRow, "pay_codes": PayCodeRow}


def store(connection: Connection, rows: Rows, *, remove: bool) -> dict[str, Changes]:
    """Add what differs from the stored versions, in one transaction, as role transform; says what was added to which table.

    With `remove` what is stored and not among `rows` is marked as removed: only for a folder without problems, since a
    policy that cannot be read is not a policy that was dropped.
    """
    done: dict[str, Changes] = {}
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", (AdvisoryLock.LOAD_POLICIES,))
        for table, row_class in TABLES.items():
            found = changes(_stored(connection, table, row_class), getattr(rows, table))
            if not remove:
                found = Changes(found.written, ())
            insert_rows(connection, "policy", table, found.written, removed=False)
            insert_rows(connection, "policy", table, found.removed, removed=True)
            done[table] = found
    return done


def insert_rows(connection: Connection, schema: str, table: str, rows: tuple[Row, ...], *, removed: bool) -> None:
    """Append versions to a table of this shape in `schema`."""
    if not rows:
        return
    records = [_record(row) | {"removed": removed} for row in rows]
    columns = list(records[0])
    statement = sql.SQL("insert into {} ({}) values ({})").format(
        sql.Identifier(schema, table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join(map(sql.Placeholder, columns)),
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, records)


def _stored(connection: Connection, table: str, row_class: type[Row]) -> list[Row]:
    statement = sql.SQL(named_sql("policies")[table].text)
    return connection.cursor(row_factory=class_row(row_class)).execute(statement).fetchall()


def _record(row: Row) -> dict[str, Any]:
    record = asdict(row)
    if "value" in record:
        record["value"] = Jsonb(record["value"])
    return record
