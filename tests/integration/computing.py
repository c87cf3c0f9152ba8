"""What tests of the computation share: writing inputs as their writers do, and computing everything anew beside the marts."""

import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from psycopg import sql

from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import run_models
from timecontrol.warehouse.pools import Connection, connect

MARTS = (
    "dim_employees",
    "dim_policies",
    "dim_sites",
    "fct_exceptions",
    "fct_findings",
    "fct_pay_lineage",
    "fct_pay_lines",
    "fct_punches",
    "fct_segments",
    "fct_sessions",
    "fct_shift_outcomes",
    "fct_worked_shifts",
    "fct_workdays",
)

# Inputs and results of the tests of computing; emptied before each, since a stack may have served another test.
INPUT_TABLES = (
    "raw.punches",
    "raw.hr_versions",
    "core.sites",
    "core.employees",
    "core.policy_assignments",
    "core.badges",
    "core.shifts",
    "core.leave",
    "core.holidays",
    "policy.policies",
    "policy.parameters",
    "policy.pay_codes",
    "ops.run_requests",
    "ops.runs",
)


@dataclass
class Inputs:
    """Writes input rows as the owner of the tables; each call is one transaction, as in production."""

    settings: Settings
    offsets: Iterator[int] = field(default_factory=count)

    def empty(self) -> None:
        """Remove what earlier tests left."""
        with connect(self.settings, "owner") as connection:
            connection.execute(f"truncate {', '.join(INPUT_TABLES)} cascade".encode())

    def punch(self, employee_id: str, kind: str, at: datetime, **more: Any) -> UUID:  # noqa: ANN401  columns of any type
        """One punch event; `more` are columns of raw.punches (supersedes, voids, site_id, break_type …)."""
        event_id = uuid4()
        self.add(
            "raw.punches",
            event_id=event_id,
            employee_id=employee_id,
            kind=kind,
            occurred_at=at,
            received_at=at,
            **({"source": "test", "device_id": "test"} | more),
            topic_partition=0,
            topic_offset=next(self.offsets),
            batch_id=1,
        )
        return event_id

    def punches(self, rows: Iterable[tuple[str, str, datetime]]) -> None:
        """Many plain punches (employee, kind, instant) in one transaction."""
        columns = "event_id, employee_id, kind, occurred_at, received_at, source, device_id, topic_partition, topic_offset, batch_id"
        with (
            connect(self.settings, "owner") as connection,
            connection.cursor() as cursor,
            cursor.copy(f"copy raw.punches ({columns}) from stdin".encode()) as copy,
        ):
            for employee_id, kind, at in rows:
                copy.write_row((uuid4(), employee_id, kind, at, at, "test", "test", 0, next(self.offsets), 1))

    def policy(self, name: str, parameters: Mapping[str, object], valid_from: date = date(2000, 1, 1)) -> None:
        """A policy with these values from a date on."""
        self.add("policy.policies", policy=name, title=name)
        for parameter, value in parameters.items():
            self.add(
                "policy.parameters",
                policy=name,
                parameter=parameter,
                valid_from=valid_from,
                value=json.dumps(value),
                reference=f"law of {name}",
                file="test.yaml",
                line=1,
            )

    def hr_row(self, table: str, key: str, row: Mapping[str, object] | None) -> None:
        """A version of a row of the legacy HR system as the sink writes it; no row: it was deleted there."""
        self.add(
            "raw.hr_versions",
            table_name=table,
            row_key=json.dumps([key]),
            op="delete" if row is None else "insert",
            deleted=row is None,
            row_data=None if row is None else json.dumps(row),
            gtid="0-1-1",
            row_number=0,
            changed_at=datetime.now(UTC),
            topic_partition=0,
            topic_offset=next(self.offsets),
        )

    def add(self, table: str, **columns: object) -> None:
        """One row of an input table."""
        statement = sql.SQL("insert into {} ({}) values ({})").format(
            sql.Identifier(*table.split(".")),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        )
        actor = {"actor"} if table.startswith("core.") and "actor" not in columns else set()
        if actor:
            return self.add(table, actor="test", **columns)
        with connect(self.settings, "owner") as connection:
            connection.execute(statement, columns)
        return None


# Where everything is computed anew beside the marts.
ANEW_PREFIX = "anew_"
ANEW_RUN = """
create schema anew_ops;
create table anew_ops.employee_now (like ops.employee_now);
create table anew_ops.run_requests (like ops.run_requests);
create table anew_ops.runs as select * from ops.runs where status = 'succeeded' order by run_id desc limit 1;
update anew_ops.runs set status = 'running';
"""


@contextmanager
def computed_anew(settings: Settings) -> Iterator[str]:
    """The schema of marts that a full refresh at the watermark and now of the last run gives; dropped after the block."""
    with connect(settings, "transform") as connection, tempfile.TemporaryDirectory() as work:
        connection.autocommit = True
        _drop_anew(connection)
        connection.execute(ANEW_RUN)
        try:
            variables = {"ops_schema": f"{ANEW_PREFIX}ops", "schema_prefix": ANEW_PREFIX}
            run_models(settings, Path(work), variables=variables, full_refresh=True)
            yield f"{ANEW_PREFIX}marts"
        finally:
            _drop_anew(connection)


def failing_at(settings: Settings, mart: str) -> AbstractContextManager[None]:
    """Within the block no increment can write this mart: a run replaces all marts but it and those that are made of it."""
    return at_each_write(settings, mart, "raise exception 'refused by the test';")


@contextmanager
def at_each_write(settings: Settings, mart: str, action: str) -> Iterator[None]:
    """Within the block this (PL/pgSQL) happens whenever an increment writes the mart."""
    with connect(settings, "transform") as connection:
        connection.execute(
            f"create function marts.act() returns trigger language plpgsql as $$ begin {action} end $$".encode()
        )
        connection.execute(
            f"create trigger acting before insert or delete on marts.{mart} execute function marts.act()".encode()
        )
    try:
        yield
    finally:
        with connect(settings, "transform") as connection:
            connection.execute("drop function marts.act cascade")


def _drop_anew(connection: Connection) -> None:
    names = connection.execute(
        "select nspname from pg_namespace where starts_with(nspname, %s)", (ANEW_PREFIX,)
    ).fetchall()
    for (name,) in names:
        connection.execute(sql.SQL("drop schema {} cascade").format(sql.Identifier(name)))


def differing_rows(settings: Settings, schema: str) -> dict[str, list[tuple[object, ...]]]:
    """Rows of `marts` that `schema` has not, and the other way round, by mart; empty when both are the same."""
    comparison = sql.SQL(
        "(select 'increments', * from (table {marts} except all table {anew}) as a) union all "
        "(select 'anew', * from (table {anew} except all table {marts}) as b) limit 20"
    )
    found: dict[str, list[tuple[object, ...]]] = {}
    with connect(settings, "transform") as connection:
        for mart in MARTS:
            tables = {"marts": sql.Identifier("marts", mart), "anew": sql.Identifier(schema, mart)}
            rows = connection.execute(comparison.format(**tables)).fetchall()
            if rows:
                found[mart] = rows
    return found


def payroll_differences(settings: Settings) -> list[tuple[object, ...]]:
    """Days on which payroll's seconds are not those of the marts."""
    with connect(settings, "transform") as connection:
        return connection.execute(
            """
            select employee_id, workday, lines.seconds, taken.seconds
            from (select employee_id, workday, sum(seconds) as seconds from marts.fct_pay_lines group by 1, 2) as lines
            full join (select employee_id, workday, sum(seconds) as seconds from payroll.pay_lines group by 1, 2) as taken
                using (employee_id, workday)
            where lines.seconds is distinct from taken.seconds
            """
        ).fetchall()
