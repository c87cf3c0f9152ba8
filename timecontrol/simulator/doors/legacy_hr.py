"""The legacy HR system: master data, schedules and the punches that some people still make there, in MySQL."""

import json
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from typing import Any

import pymysql

from timecontrol.settings import Settings
from timecontrol.simulator.company import Person, Shift, Site
from timecontrol.simulator.punching import PlannedPunch

# Rows of one INSERT: large enough to be quick, far below MySQL's default packet of 16 MB.
ROWS_AT_ONCE = 500
HIRED_ON = date(2020, 1, 1)


class LegacyHrDoor:
    """Writes as the HR application does: changed rows only, so a second run changes nothing and the binlog stays quiet."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def _connect(self) -> "pymysql.connections.Connection[Any]":
        where = self._settings.mysql
        return pymysql.connect(
            host=where.host,
            port=where.port,
            database=where.database,
            user="hr",
            password=self._settings.secrets.mysql["hr"].get_secret_value(),
            charset="utf8mb4",
        )

    def write_company(self, sites: Sequence[Site], people: Sequence[Person], years: Iterable[int]) -> None:
        """Sites, their holidays of these years, employees and their badges."""
        site_rows = [(site.site_id, site.name, site.time_zone) for site in sites]
        holidays = [
            (site.site_id, f"{year}-{month_day}", name)
            for site in sites
            for month_day, name in site.holidays
            for year in years
        ]
        employees = [
            (
                person.employee_id,
                person.name,
                f"{person.employee_id.lower()}@example.com",
                person.site.site_id,
                person.team,
                person.manager_id,
                f"{person.site.site_id}-{person.team}",
                person.site.policy,
                HIRED_ON,
                json.dumps({"meal_waiver_first": person.meal_waiver}),
            )
            for person in people
        ]
        badges = [
            (
                f"{person.site.device_id}:{person.badge}",
                person.site.device_id,
                person.badge,
                person.employee_id,
                HIRED_ON,
            )
            for person in people
            if person.badge is not None
        ]
        self._upsert("sites", ("site_id", "name", "time_zone"), site_rows)
        self._upsert("holidays", ("site_id", "holiday", "name"), holidays)
        columns = (
            "employee_id",
            "name",
            "email",
            "site_id",
            "team",
            "manager_id",
            "cost_center",
            "policy",
            "hired_on",
            "facts",
        )
        self._upsert("employees", columns, employees)
        self._upsert("badges", ("badge_id", "device_id", "device_user", "employee_id", "valid_from"), badges)

    def write_schedules(self, shifts: Iterable[Shift]) -> int:
        """Scheduled shifts with their unpaid break; returns how many."""
        rows = [
            (
                shift.shift_id,
                shift.person.employee_id,
                _naive_utc(shift.starts_at),
                _naive_utc(shift.ends_at),
                json.dumps(
                    [{"start": _rfc3339(shift.break_starts_at), "end": _rfc3339(shift.break_ends_at), "paid": False}]
                ),
            )
            for shift in shifts
        ]
        self._upsert("schedules", ("schedule_id", "employee_id", "starts_at", "ends_at", "breaks"), rows)
        return len(rows)

    def write_attendance(self, punches: Iterable[PlannedPunch]) -> int:
        """Punches of the legacy punch table; its key is made of the event id, so a second run writes the same rows."""
        rows = [
            (punch.event_id.int % 2**62, punch.person.employee_id, punch.kind, _naive_utc(punch.at), punch.break_type)
            for punch in punches
        ]
        self._upsert("attendance", ("attendance_id", "employee_id", "kind", "punched_at", "break_type"), rows)
        return len(rows)

    def _upsert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        names = ", ".join(columns)
        places = ", ".join(["%s"] * len(columns))
        changes = ", ".join(f"{column} = values({column})" for column in columns)
        # The names are constants of this module, never input.
        statement = f"insert into {table} ({names}) values ({places}) on duplicate key update {changes}"  # noqa: S608  constant names
        with closing(self._connect()) as connection, connection.cursor() as cursor:
            for start in range(0, len(rows), ROWS_AT_ONCE):
                cursor.executemany(statement, rows[start : start + ROWS_AT_ONCE])
                connection.commit()


def _naive_utc(instant: datetime) -> datetime:
    """The legacy system's DATETIME columns hold UTC without a zone."""
    return instant.astimezone(UTC).replace(tzinfo=None)


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
