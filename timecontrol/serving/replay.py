"""The models of production on its own inputs once more, beside it: as of another run, or under other policies."""

import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd
from psycopg import sql
from psycopg.rows import class_row, dict_row

from timecontrol.errors import UserError
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import run_models
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection, connect
from timecontrol.warehouse.scratch import Scratch, scratch

# A replay is a run of its own: with its own row in ops.runs, and without the requests of another.
OWN_RUN = frozenset({"ops.runs", "ops.run_requests", "ops.employee_now"})


@dataclass(frozen=True)
class KnownRun:
    """A run that succeeded: what it read up to (`watermark`), what it took as now, when it was done."""

    run_id: int
    watermark: int
    now_at: datetime
    finished_at: datetime


@dataclass(frozen=True)
class Days:
    """Workdays, both ends included, of one employee or of everybody."""

    first: date
    last: date
    employee_id: str | None = None


def run_finished_by(connection: Connection, instant: datetime) -> KnownRun:
    """The last run that had succeeded by the instant; raises UserError where there was none."""
    query = named_sql("replays")["run_finished_by"].for_psycopg()
    found = connection.cursor(row_factory=class_row(KnownRun)).execute(query, {"instant": instant}).fetchone()
    if found is None:
        raise UserError(
            f"No run of the models had finished by {instant.isoformat()}, so nothing was computed then. "
            "The page Pipeline lists the runs."
        )
    return found


@contextmanager
def beside(settings: Settings, instant: datetime, own: Collection[str] = ()) -> Iterator["Replay"]:
    """A replay of the run that had succeeded by the instant, in scratch schemas; the tables `own` begin empty."""
    with connect(settings, "transform") as connection, tempfile.TemporaryDirectory(prefix="timecontrol-") as work:
        connection.autocommit = True
        run = run_finished_by(connection, instant)
        with scratch(connection, OWN_RUN | set(own)) as made:
            connection.execute(
                sql.SQL(
                    "insert into {} (previous_watermark, watermark, now_at, full_refresh, reason, status) "
                    "values (0, %s, %s, true, 'replay', 'running')"
                ).format(made.table("ops.runs")),
                (run.watermark, run.now_at),
            )
            yield Replay(settings, connection, made, run, Path(work))


@dataclass(frozen=True)
class Replay:
    """Scratch schemas with production's inputs up to a run's watermark."""

    settings: Settings
    connection: Connection
    made: Scratch
    run: KnownRun
    work: Path

    def compute(self) -> None:
        """Compute everything, on what the input tables of the replay hold now."""
        run_models(self.settings, self.work, variables=self.made.variables, full_refresh=True)

    def known_since_ever(self, table: str) -> None:
        """Put what the replay wrote to a table of its own below every watermark."""
        self.connection.execute(sql.SQL("update {} set xid = 0").format(self.made.table(table)))

    def refill(self, table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
        """Let a table of the replay's own hold these rows alone, known since ever."""
        target = self.made.table(table)
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(sql.SQL("delete from {}").format(target))
            with cursor.copy(sql.SQL("copy {} ({}) from stdin").format(target, names)) as copy:
                for row in rows:
                    copy.write_row(row)
            self.known_since_ever(table)

    def read(self, name: str, days: Days) -> pd.DataFrame:
        """A statement of `sql/replays.sql` on the marts of the replay."""
        query = named_sql("replays")[name].for_psycopg()
        given = {"first_day": days.first, "last_day": days.last, "employee": days.employee_id}
        with self.connection.transaction():
            path = sql.SQL("set local search_path to {}").format(sql.Identifier(self.made.prefix + "marts"))
            self.connection.execute(path)
            cursor = self.connection.cursor(row_factory=dict_row).execute(query, given)
            columns = [column.name for column in cursor.description or ()]
            return pd.DataFrame(cursor.fetchall(), columns=columns)
