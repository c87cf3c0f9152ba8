"""Taking the measures of the health page: each server is asked at the same time, and one that is down hides no other."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from dashboards import health
from dashboards.data import Data
from dashboards.health import Check
from timecontrol.contracts.errors import Transient
from timecontrol.serving.buffer import buffer_status
from timecontrol.stack.control import Stack
from timecontrol.stack.measures import group_lags, replica_age_seconds


def checks(data: Data) -> list[Check]:
    """All checks: the programs, then the path of a punch."""
    measures: Sequence[tuple[str, Callable[[Data], list[Check]]]] = (
        ("Servers and services", _programs),
        ("Write buffer", _buffer),
        ("Kafka consumers", _lags),
        ("Quarantine", _quarantine),
        ("Replica", _replica),
        ("From punch to hours", _waiting),
        ("Last run", _last_run),
    )
    with ThreadPoolExecutor(max_workers=len(measures)) as pool:
        futures = [(name, pool.submit(measure, data)) for name, measure in measures]
        found: list[Check] = []
        for name, future in futures:
            try:
                found += future.result()
            except Transient as error:
                found.append(health.unreachable(name, str(error)))
    return found


def _programs(data: Data) -> list[Check]:
    return [health.programs({program.name: program.state for program in Stack(data.settings).conditions()})]


def _buffer(data: Data) -> list[Check]:
    status = buffer_status(data.settings)
    return [health.buffer(status.entries, status.oldest_age_seconds)]


def _lags(data: Data) -> list[Check]:
    return [health.lag(lag.group, lag.records) for lag in group_lags(data.settings)]


def _quarantine(data: Data) -> list[Check]:
    return [health.quarantine(**data.health("captured").records()[0])]


def _replica(data: Data) -> list[Check]:
    return [health.replica(replica_age_seconds(data.settings), data.settings.replica_max_age_seconds)]


def _waiting(data: Data) -> list[Check]:
    row = data.health("waiting_input").records()[0]
    return [health.waiting(row["punches"], _seconds_since(row["oldest_at"], data.clock.now()))]


def _last_run(data: Data) -> list[Check]:
    runs = data.health("last_runs").records()
    if not runs:
        return [health.last_run(None, None, None)]
    newest = runs[0]
    ended = newest["finished_at"] or newest["started_at"]
    return [health.last_run(newest["status"], _seconds_since(ended, data.clock.now()), newest["error"])]


def _seconds_since(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else (now - instant).total_seconds()
