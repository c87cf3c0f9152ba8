"""After a run: the cache forgets what the run changed, and holds what people ask for first: today, this week, who there is.

Needs nothing of readers but that they keep nothing older than the newest run they know (see `read_cache`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, cast
from zoneinfo import ZoneInfo

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Select, select

from timecontrol.contracts.errors import Transient
from timecontrol.serving.cache_keys import (
    HOURS_PATTERN,
    PEOPLE_KEY,
    REFRESHED_KEY,
    RUN_KEY,
    day_key,
    keys_of_week,
    week_key,
)
from timecontrol.serving.read_cache import ANNOUNCE, HOURS_SECONDS, PEOPLE, RUN_SECONDS, STORE
from timecontrol.serving.reads import Reads, write_position
from timecontrol.serving.result import Result, encode
from timecontrol.serving.takeover import Scope, hold_last_run
from timecontrol.settings import Settings
from timecontrol.warehouse.marts import Workday
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection, connect

# Keys or values sent at once: at most a few megabytes.
BATCH = 1_000

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: the run it announced, what that run had changed, keys written and removed."""

    run_id: int | None
    scope: Scope
    written: int = 0
    removed: int = 0


def refresh(settings: Settings, reads: Reads, redis: Redis, now: datetime) -> Refreshed:
    """Bring the cache up to the last run; `now` decides what today is, by each employee's zone.

    Raises Transient when Redis or PostgreSQL does not answer, RunUnderWay or RunFailed where the marts may be another run's.
    """
    with connect(settings, "transform") as connection:
        last = hold_last_run(connection)
        if last is None:
            return Refreshed(None, "nothing")
        try:
            scope = last.scope(_refreshed_run(redis))
            touched = _touched_weeks(connection) if scope == "touched" else set()
            # First of all: what a reader stores from now on is of this run, so nothing that is removed comes back old.
            redis.eval(ANNOUNCE, 1, RUN_KEY, last.run_id, RUN_SECONDS)
            redis.expire(RUN_KEY, RUN_SECONDS)
            stale = redis.scan_iter(match=HOURS_PATTERN, count=BATCH) if scope == "all" else stale_keys(touched)
            removed = _remove(redis, stale)
            position = write_position(connection)
            people = reads.fetch(PEOPLE, not_before=position)
            recent = reads.fetch(recent_hours(now), not_before=position)
            employees = {employee_id for employee_id, _ in touched} if scope == "touched" else None
            values = {PEOPLE_KEY: people} | hours_of_now(recent, zones(people), now, employees)
            _write(redis, values)
            redis.set(REFRESHED_KEY, last.run_id)
        except RedisError as error:
            raise Transient(f"The Read Redis does not answer: {error}") from error
    return Refreshed(last.run_id, scope, len(values), removed)


def stale_keys(touched: Iterable[tuple[str, date]]) -> Iterable[str]:
    """The keys that tell of these employee-weeks."""
    return (key for employee_id, workweek in touched for key in keys_of_week(employee_id, workweek))


def recent_hours(now: datetime) -> Select[Any]:
    """All workdays that may be today, or in the week of today, somewhere on earth."""
    today = now.date()
    return (
        select(*Workday.__table__.columns)
        .where(Workday.workday.between(today - WEEK, today + WEEK))
        .order_by(Workday.employee_id, Workday.workday)
    )


def zones(people: Result) -> dict[str, str]:
    """Each employee's zone, as far as one is known."""
    return {row["employee_id"]: row["time_zone"] for row in people.records() if row["time_zone"]}


def hours_of_now(
    recent: Result, zone_of: Mapping[str, str], now: datetime, employees: Collection[str] | None
) -> dict[str, Result]:
    """Key and value of today and of this week for each of these employees (None: all) who has any hours in it."""
    by_employee: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in recent.records():
        if employees is None or row["employee_id"] in employees:
            by_employee[row["employee_id"]].append(row)
    values: dict[str, Result] = {}
    for employee_id, rows in by_employee.items():
        today = now.astimezone(ZoneInfo(zone_of.get(employee_id, rows[-1]["time_zone"]))).date()
        week = [tuple(row.values()) for row in rows if row["workweek"] <= today < row["workweek"] + WEEK]
        day = [tuple(row.values()) for row in rows if row["workday"] == today]
        values[week_key(employee_id, today)] = replace(recent, rows=tuple(week))
        values[day_key(employee_id, today)] = replace(recent, rows=tuple(day))
    return values


def _refreshed_run(redis: Redis) -> int | None:
    stored = cast(bytes | None, redis.get(REFRESHED_KEY))
    return None if stored is None else int(stored)


def _touched_weeks(connection: Connection) -> set[tuple[str, date]]:
    return {(row[0], row[1]) for row in connection.execute(named_sql("takeovers")["touched_weeks"].for_psycopg())}


def _remove(redis: Redis, keys: Iterable[str | bytes]) -> int:
    removed = 0
    iterator = iter(keys)
    while batch := list(islice(iterator, BATCH)):
        removed += redis.unlink(*batch)
    return removed


def _write(redis: Redis, values: Mapping[str, Result]) -> None:
    iterator = iter(values.items())
    while batch := list(islice(iterator, BATCH)):
        with redis.pipeline(transaction=False) as pipeline:
            for key, value in batch:
                run_id = value.computed.run_id if value.computed else 0
                pipeline.eval(STORE, 2, RUN_KEY, key, run_id, encode(value), HOURS_SECONDS)
            pipeline.execute()
