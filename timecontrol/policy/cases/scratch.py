"""A scratch database for one run of cases: schemas with a unique name, tables cloned from production's, always dropped."""

import json
import secrets
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import sql

from timecontrol.policy.cases.inputs import ACTOR, COLUMNS, ParameterSet
from timecontrol.policy.cases.read import SoundCase
from timecontrol.policy.rows import PayCodeRow
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


@contextmanager
def scratch(connection: Connection) -> Iterator[Scratch]:
    """Scratch schemas for the block, on an autocommit connection as role transform; dropped at its end, also after an error.

    What a killed run left behind is dropped first: a run holds a lock named after its schemas as long as it lives.
    """
    _sweep(connection)
    made = Scratch(f"case_{secrets.token_hex(6)}_")
    connection.execute("select pg_advisory_lock(%s)", (_lock(made.prefix),))
    try:
        _clone(connection, made.prefix)
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


def _clone(connection: Connection, prefix: str) -> None:
    """Empty tables of the same shape; checks are not taken over, since a case may name break types of its own."""
    tables = connection.execute(
        "select nspname, relname from pg_class inner join pg_namespace on pg_namespace.oid = relnamespace "
        "where nspname = any(%s) and relkind = 'r' and has_table_privilege(pg_class.oid, 'select') order by 1, 2",
        (list(INPUT_SCHEMAS),),
    ).fetchall()
    with connection.transaction():
        for schema in INPUT_SCHEMAS:
            connection.execute(sql.SQL("create schema {}").format(sql.Identifier(prefix + schema)))
        for schema, table in tables:
            connection.execute(
                sql.SQL("create table {} (like {} including defaults including identity including indexes)").format(
                    sql.Identifier(prefix + schema, table), sql.Identifier(schema, table)
                )
            )


def _drop(connection: Connection, prefix: str) -> None:
    schemas = connection.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s) order by nspname", (prefix,)
    ).fetchall()
    for (schema,) in schemas:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(schema)))


def fill(connection: Connection, made: Scratch, cases: Iterable[SoundCase], pay_codes: Iterable[PayCodeRow]) -> None:
    """Write all cases to the input tables, and the run that the models find, in one transaction."""
    rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in COLUMNS}
    # Many cases share a parameter set; the models make sets from policies, so equal ones are one policy.
    policies: dict[str, str] = {}
    sets: dict[str, ParameterSet] = {}
    for case in cases:
        found = case.inputs
        policy = policies.setdefault(json.dumps(found.parameters), f"set-{len(policies):06}")
        sets[policy] = found.parameters
        rows["raw.punches"].extend(found.punches)
        rows["core.sites"].append((case.employee_id, case.name, found.time_zone, ACTOR))
        rows["core.employees"].append((case.employee_id, case.name, case.employee_id, found.facts, ACTOR))
        rows["core.policy_assignments"].append((case.employee_id, policy, ACTOR))
        rows["core.shifts"].extend(found.shifts)
        rows["core.leave"].extend(found.leave)
        rows["core.holidays"].extend(found.holidays)
        rows["ops.employee_now"].append((case.employee_id, found.now_at))
    for policy, parameters in sets.items():
        rows["policy.policies"].append((policy, policy))
        rows["policy.parameters"].extend(
            (policy, parameter, valid_from, json.dumps(value), reference, file, line)
            for parameter, valid_from, value, reference, file, line in parameters
        )
    rows["policy.pay_codes"].extend((row.pay_code, row.title, row.multiplier, row.on_top) for row in pay_codes)
    with connection.transaction():
        for table, columns in COLUMNS.items():
            schema, _, name = table.partition(".")
            _copy(connection, sql.Identifier(made.prefix + schema, name), columns, rows[table])
        # Every case has its own now; the run's is that of an employee without one, of whom there is none.
        connection.execute(
            sql.SQL(
                "insert into {} (previous_watermark, watermark, now_at, full_refresh, reason, status) "
                "values (0, 9223372036854775807, now(), true, 'cases', 'running')"
            ).format(sql.Identifier(made.prefix + "ops", "runs"))
        )


def _copy(
    connection: Connection, table: sql.Identifier, columns: tuple[str, ...], rows: list[tuple[object, ...]]
) -> None:
    statement = sql.SQL("copy {} ({}) from stdin").format(table, sql.SQL(", ").join(map(sql.Identifier, columns)))
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
