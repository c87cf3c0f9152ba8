"""A seeded population of a benchmark, written straight into the input tables: what is measured is computing, not capture.

Everything about a person and a day follows from (seed, person, day), so that the last days of a long history are those of a
short one. The punches of a day are one transaction, in the order in which they would have arrived.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.rows import rows_of
from timecontrol.policy.store import store
from timecontrol.settings import Settings
from timecontrol.warehouse.named_sql import parse
from timecontrol.warehouse.pools import Connection, connect

STATEMENTS = parse("population", (Path(__file__).parent / "population.sql").read_text(encoding="utf-8"))

# A schedule is published this long before it is worked.
SCHEDULED_AHEAD = timedelta(days=14)

INPUTS = (
    "raw.punches, raw.hr_versions, core.sites, core.employees, core.policy_assignments, core.badges, core.shifts, core.leave, "
    "core.holidays, policy.policies, policy.parameters, policy.pay_codes, ops.run_requests, ops.runs"
)


@dataclass
class Population:
    """People who work six days a week, a third each under `us-flsa`, `us-ca` and `de-arbzg`."""

    settings: Settings
    employees: int
    seed: int
    #: Punches written so far, corrections included.
    punches: int = 0

    def found(self, first_day: date, last_day: date) -> None:
        """Policies, people, schedules and leave for these days in place of whatever the input tables hold."""
        with connect(self.settings, "owner") as connection:
            connection.execute(f"truncate {INPUTS} cascade".encode())
            connection.execute("drop schema if exists benchmark cascade")
            connection.execute(STATEMENTS["foundation"].text.encode())
            connection.execute("grant usage on schema benchmark to public")
        with connect(self.settings, "transform") as connection:
            store(connection, rows_of(read_folder(DEFAULT_FOLDER)), remove=False)
        self.punches = 0
        with connect(self.settings, "owner") as connection:
            for name in ("people", "sites", "employees", "assignments", "holidays", "leave"):
                self._write(connection, name, first_day=first_day, last_day=last_day + SCHEDULED_AHEAD)
            for day in _days(first_day, last_day + SCHEDULED_AHEAD):
                self._write(connection, "shifts", day=day)

    def punch(self, first_day: date, last_day: date) -> int:
        """The punches of these days; returns how many."""
        before = self.punches
        with connect(self.settings, "owner") as connection:
            for day in _days(first_day, last_day):
                self.punches += self._write(connection, "punches", day=day, first_offset=self.punches)
                connection.commit()
        return self.punches - before

    def correct(self, day: date) -> int:
        """What is corrected and voided on a day of the fortnight before it; returns how many punches."""
        with connect(self.settings, "owner") as connection:
            written = self._write(connection, "corrections", day=day, first_offset=self.punches)
        self.punches += written
        return written

    def analyze(self) -> None:
        """Statistics of the input tables, which the server gathers by itself only after a while."""
        with connect(self.settings, "owner") as connection:
            connection.execute(STATEMENTS["analyze"].text.encode())

    def settle(self) -> None:
        """Vacuum what a full run has made, as the server does by itself in the hours before the next day comes."""
        with connect(self.settings, "owner") as connection:
            connection.autocommit = True
            connection.execute(STATEMENTS["settle"].text.encode())

    def _write(self, connection: Connection, name: str, **more: object) -> int:
        parameters = {"employees": self.employees, "seed": self.seed} | more
        return connection.execute(STATEMENTS[name].for_psycopg(), parameters).rowcount


def _days(first_day: date, last_day: date) -> Iterator[date]:
    return (first_day + timedelta(days=number) for number in range((last_day - first_day).days + 1))
