"""Scratch schemas for one run of the models beside production: with a unique name, and always dropped.

What a run has of its own is an empty table of production's shape; every other input is a view of production's table.
"""

import secrets
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from timecontrol.warehouse.pools import Connection

#: The input schemas; the models read them through variables named <schema>_schema.
INPUT_SCHEMAS = ("raw", "core", "policy", "ops")

# Scratch schemas are called case_<12 hex digits>_<schema>.
PREFIX_PATTERN = "^case_[0-9a-f]{12}_"
PREFIX_LENGTH = len("case_0123456789ab_")


@dataclass(frozen=True)
class Scratch:
    """The scratch schemas of one run."""

    prefix: str

    @property
    def variables(self) -> dict[str, str]:
        """Variables that point the models at these schemas."""
        return {f"{schema}_schema": self.prefix + schema for schema in INPUT_SCHEMAS} | {"schema_prefix": self.prefix}

    def table(self, name: str) -> sql.Identifier:
        """An input table (`core.shifts`) of this run."""
        schema, _, table = name.partition(".")
        return sql.Identifier(self.prefix + schema, table)


@contextmanager
def scratch(connection: Connection, own: Collection[str] | None = None) -> Iterator[Scratch]:
    """Scratch schemas for the block, on an autocommit connection as role transform; dropped at its end, also after an error.

    `own` names the input tables (`core.shifts`) that the run fills itself, all of them where it is None. What a killed run
    left behind is dropped first: a run holds a lock named after its schemas as long as it lives.
    """
    _sweep(connection)
    made = Scratch(f"case_{secrets.token_hex(6)}_")
    connection.execute("select pg_advisory_lock(%s)", (_lock(made.prefix),))
    try:
        _make(connection, made, own)
        yield made
    finally:
        _drop(connection, made.prefix)
        connection.execute("select pg_advisory_unlock(%s)", (_lock(made.prefix),))


def _lock(prefix: str) -> int:
    return zlib.crc32(prefix.encode())


def _sweep(connection: Connection) -> None:
    left = connection.execute(
        "select distinct left(nspname, %s) from pg_namespace where nspname ~ %s", (PREFIX_LENGTH, PREFIX_PATTERN)
    ).fetchall()
    for (prefix,) in left:
        taken = connection.execute("select pg_try_advisory_lock(%s)", (_lock(prefix),)).fetchone()
        if taken and taken[0]:
            _drop(connection, prefix)
            connection.execute("select pg_advisory_unlock(%s)", (_lock(prefix),))


def _make(connection: Connection, made: Scratch, own: Collection[str] | None) -> None:
    """The input tables; checks are not taken over, since a case may name break types of its own."""
    tables = connection.execute(
        "select nspname, relname from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace "
        "where nspname = any(%s) and relkind = 'r' and has_table_privilege(pg_class.oid, 'select') order by 1, 2",
        (list(INPUT_SCHEMAS),),
    ).fetchall()
    with connection.transaction():
        for schema in INPUT_SCHEMAS:
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(made.prefix + schema)))
        for schema, table in tables:
            name = f"{schema}.{table}"
            statement = (
                "create table {} (like {} including defaults including identity including indexes)"
                if own is None or name in own
                else "create view {} as select * from {}"
            )
            connection.execute(sql.SQL(statement).format(made.table(name), sql.Identifier(schema, table)))


def _drop(connection: Connection, prefix: str) -> None:
    schemas = connection.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s) order by nspname", (prefix,)
    ).fetchall()
    for (schema,) in schemas:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))
