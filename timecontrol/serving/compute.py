"""One run of the models: freezes a watermark and a now, computes what is new since the last run, and records the run.

Only one run at a time: it holds an advisory lock, so that a row left `running` by a killed process is known to be dead.
"""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

import psycopg

from timecontrol.clock import Clock, SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import NodeResult, models_sha256, run_models
from timecontrol.warehouse.locks import AdvisoryLock
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import Connection, connect

# Tests that read whole tables cost more than a run, and `check` asks for them; unit tests have nothing to do with the data
# and belong to `make test`.
UNIT_TESTS = "test_type:unit"
NIGHTLY_TESTS = "tag:nightly"


@dataclass(frozen=True)
class RunRequest:
    """Days to compute anew although no input changed; no employee means all who have anything on these days."""

    from_day: date
    to_day: date
    employee_id: str | None = None


@dataclass(frozen=True)
class RunResult:
    """A run that succeeded: what it read up to, what it took as now, what it computed."""

    run_id: int
    watermark: int
    now_at: datetime
    full_refresh: bool
    touched_weeks: int
    seconds: float
    nodes: Sequence[NodeResult]


def run(
    settings: Settings,
    *,
    full_refresh: bool = False,
    reason: str,
    employee_weeks: Sequence[RunRequest] = (),
    check: bool = False,
    wait_seconds: float = 0,
    clock: Clock | None = None,
) -> RunResult:
    """Compute what is new since the last run (or everything), then test it; `check` tests whole marts.

    Everything is computed in the first run, where the models are not those of the last run, and where a full run has
    failed since. Raises Transient when another run is under way for longer than `wait_seconds` or the database goes away,
    ModelsFailed when a model or a test fails: the run is then recorded as failed, its watermark does not count, and the
    next run computes what this one was to compute and all that it has touched.
    """
    started = time.monotonic()
    now_at = (clock or SystemClock()).now()
    with connect(settings, "transform") as connection:
        connection.autocommit = True
        _lock(connection, wait_seconds)
        _execute(connection, "fail_abandoned")
        asked = {"now_at": now_at, "full_refresh": full_refresh, "reason": reason, "models_sha256": models_sha256()}
        run_id, watermark, full = _execute(connection, "start", **asked)
        for request in employee_weeks:
            _execute(connection, "request", run_id=run_id, **asdict(request))
        excluded = [UNIT_TESTS] if check else [UNIT_TESTS, NIGHTLY_TESTS]
        work = settings.home / "dbt"
        variables = {"check": True} if check else {}
        try:
            nodes = run_models(
                settings, work, variables=variables, full_refresh=full, command="build", exclude=excluded
            )
        except BaseException as error:
            _execute(connection, "fail", run_id=run_id, error=str(error))
            raise
        # On the connection that holds the lock: one that broke held it no longer, and another run may have begun.
        (touched,) = _execute(connection, "succeed", run_id=run_id)
    return RunResult(run_id, watermark, now_at, full, touched, time.monotonic() - started, nodes)


def _execute(connection: Connection, name: str, **parameters: object) -> tuple[Any, ...]:
    try:
        cursor = connection.execute(named_sql("runs")[name].for_psycopg(), parameters)
    except psycopg.OperationalError as error:
        raise Transient(f"the database went away during a run of the models, which does not count: {error}") from error
    return (cursor.fetchone() or ()) if cursor.description else ()


def _lock(connection: Connection, wait_seconds: float) -> None:
    """Take the lock of computing; PostgreSQL takes a timeout of 0 for no end, so the shortest wait is a millisecond."""
    connection.execute("select set_config('lock_timeout', %s, false)", (f"{max(1, round(wait_seconds * 1000))}ms",))
    try:
        connection.execute("select pg_advisory_lock(%s)", (AdvisoryLock.COMPUTE,))
    except psycopg.errors.LockNotAvailable as error:
        raise Transient("another run of the models is under way; it holds the lock until it ends") from error
    connection.execute("reset lock_timeout")
