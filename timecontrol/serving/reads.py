"""Reads of the marts: from the replica while it is fresh, from the primary when it is not, and the answer says which.

| replica | primary | answered by |
|---|---|---|
| fresh | any | replica |
| late, down or too slow | up | primary |
| late | down | replica, its age said |
| down | down | nobody: Transient |
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, cast

import psycopg
import structlog
from psycopg.postgres import types as postgres_types
from sqlalchemy import Connection, Executable, text
from sqlalchemy.exc import ProgrammingError

from timecontrol.contracts.errors import Transient
from timecontrol.serving.result import Column, Computed, Result, in_utc
from timecontrol.serving.servers import NotAnswered, Server
from timecontrol.settings import PostgresRole, Settings
from timecontrol.warehouse.engines import read_engine
from timecontrol.warehouse.named_sql import NamedSql, named_sql

log = structlog.get_logger()

# The probe reads two rows by key: a server that has not answered by then is stopped or drowning.
PROBE_SECONDS = 1.5
# A replica of the same network replays a commit within milliseconds; a page waits this long for one's own write.
REPLAY_WAIT_SECONDS = 1.0
REPLAY_POLL_SECONDS = 0.02
# What a statement_timeout at the server needs to reach the reader.
GRACE_SECONDS = 1.0
# For one statement that may take longer than the connection's others.
OWN_TIMEOUT = text(
    "select set_config('statement_timeout', :limit, true), set_config('idle_in_transaction_session_timeout', :limit, true)"
)

Statement = Executable | NamedSql
Parameters = Mapping[str, Any]


class Late(NotAnswered):
    """The replica is behind what this read asks for."""


class NotComputed(Transient):
    """The marts are not there yet: no run of the models has succeeded."""


@dataclass(frozen=True)
class Question:
    """A statement and how fresh its answer must be."""

    statement: Executable
    parameters: Parameters
    timeout_seconds: float
    has_own_timeout: bool
    max_age_seconds: float
    not_before: str | None


class Reads:
    """Reads with the rights of `role`; safe to share between threads. Close it when the process ends."""

    def __init__(self, settings: Settings, role: PostgresRole = "reader") -> None:
        self.replica = Server("replica", read_engine(settings, role, "replica"))
        self.primary = Server("primary", read_engine(settings, role, "postgres"))
        self.max_age_seconds = settings.replica_max_age_seconds
        self.timeout_seconds = settings.read_timeout_seconds

    def close(self) -> None:
        """Close all connections."""
        self.replica.engine.dispose()
        self.primary.engine.dispose()

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        *,
        not_before: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Result:
        """Rows of a SELECT (SQLAlchemy's or named SQL), all of one snapshot.

        `not_before` is a position in the primary's log (`write_position`, taken after one's own commit): the answer
        contains everything committed before it. `timeout_seconds` is for what a page would not wait for; else the
        setting `read_timeout_seconds` holds. Raises Transient when no server answers in time, NotComputed before
        the first run, and what PostgreSQL raises for a statement that is wrong.
        """
        executable = text(statement.text) if isinstance(statement, NamedSql) else statement
        question = Question(
            executable,
            parameters or {},
            timeout_seconds or self.timeout_seconds,
            timeout_seconds is not None,
            self.max_age_seconds,
            not_before,
        )
        try:
            return self.replica.ask(partial(answer, self.replica, question))
        except NotAnswered as refusal:
            log.warning("read_from_primary", reason=str(refusal))
            replica_refusal = refusal
        at_any_age = replace(question, max_age_seconds=math.inf)
        try:
            return self.primary.ask(partial(answer, self.primary, replace(at_any_age, not_before=None)))
        except NotAnswered as refusal:
            if not isinstance(replica_refusal, Late):
                raise Transient(f"No database server answers: {replica_refusal}; {refusal}") from refusal
        try:
            return self.replica.ask(partial(answer, self.replica, at_any_age))
        except NotAnswered as refusal:
            raise Transient(f"The primary does not answer, and the replica is behind: {refusal}") from refusal


def answer(server: Server, question: Question, connection: Connection) -> Result:
    """Ask one server; raises NotAnswered (Late where a replica is behind what is asked for)."""
    if question.not_before is not None:
        with server.deadline(connection, REPLAY_WAIT_SECONDS + PROBE_SECONDS):
            wait_for_replay(connection, question.not_before)
    with server.deadline(connection, PROBE_SECONDS):
        probe = connection.execute(text(named_sql("freshness")["as_of"].text)).one()
    # The primary's own data are never old: its heartbeat may be, and that is the heartbeat's fault.
    age = 0.0 if server.name == "primary" else math.inf if probe.age_seconds is None else max(0.0, probe.age_seconds)
    if age > question.max_age_seconds:
        raise Late(f"the replica is {age:.0f} s late, at most {question.max_age_seconds:.0f} s are allowed")
    computed = (
        None if probe.run_id is None else Computed(probe.run_id, probe.watermark, probe.now_at, probe.is_overtaken)
    )
    with server.deadline(connection, question.timeout_seconds + GRACE_SECONDS):
        try:
            if question.has_own_timeout:
                connection.execute(OWN_TIMEOUT, {"limit": f"{round(question.timeout_seconds * 1000)}ms"})
            rows = connection.execute(question.statement, question.parameters)
        except ProgrammingError as error:
            if computed is None and isinstance(error.orig, psycopg.errors.UndefinedTable):
                raise NotComputed("Nothing is computed yet: the first run makes the marts") from error
            raise
        columns = tuple(Column(name, type_name(code)) for name, code, *_ in rows.cursor.description)
        values = tuple(tuple(in_utc(value) for value in row) for row in rows)
    return Result(columns, values, server.name, age, computed)


def type_name(code: object) -> str:
    """A type's name in PostgreSQL; its number where psycopg knows none."""
    known = postgres_types.get(cast(int, code))
    return known.name if known else str(code)


def wait_for_replay(connection: Connection, position: str) -> None:
    """Return when the replica has replayed the log up to the position; raises Late when that takes too long."""
    statement = text(named_sql("freshness")["has_replayed"].text)
    until = time.monotonic() + REPLAY_WAIT_SECONDS
    while not connection.execute(statement, {"position": position}).scalar_one():
        if time.monotonic() > until:
            raise Late(f"the replica has not replayed {position} within {REPLAY_WAIT_SECONDS} s")
        time.sleep(REPLAY_POLL_SECONDS)
    connection.rollback()  # the reader's snapshot begins after the wait


def write_position(connection: psycopg.Connection[Any]) -> str:
    """The position behind everything committed so far, for `not_before`; call it after one's own commit."""
    row = connection.execute(named_sql("freshness")["write_position"].text).fetchone()
    assert row is not None
    return str(row[0])
