"""The store of the User Core: transactions on the primary, newest versions, and writes that announce themselves."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any, Literal, TypeVar, cast

import msgspec
import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy import ColumnElement, Engine, Select, create_engine, event, func, select, text, tuple_
from sqlalchemy import Connection as SqlConnection
from sqlalchemy.exc import DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from timecontrol.contracts.core_change import CLOUDEVENT_TYPE, TOPIC, CoreChange, Entity
from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings
from timecontrol.warehouse import infinite
from timecontrol.warehouse.acts import record_act
from timecontrol.warehouse.core_tables import Version
from timecontrol.warehouse.deadline import hang_up_after
from timecontrol.warehouse.outbox_store import add
from timecontrol.warehouse.pools import CONNECT_TIMEOUT_SECONDS, Connection, sqlalchemy_url

V = TypeVar("V", bound=Version)
Change = Literal["created", "updated", "deleted"]

# The API serves requests in 40 threads at most; more connections than this only wait for the same cores.
POOL_SIZE = 8
# A request that could not get a connection for so long is answered 503, and the client tries again.
POOL_WAIT_SECONDS = 5
# A connection is checked with an empty statement before it is used: a primary that has not answered by then is frozen.
ANSWER_SECONDS = 2.0
# A write transaction must end soon: it holds back the watermark of the models.
STATEMENT_TIMEOUT_MS = 10_000
IDLE_TIMEOUT_MS = 15_000
# The longest that both of them allow: a frozen primary obeys neither.
TRANSACTION_SECONDS = 25


def core_engine(settings: Settings) -> Engine:
    """An engine of the primary in the right of the User Core; connects on first use, the caller disposes of it."""
    engine = create_engine(
        sqlalchemy_url(settings, "core"),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            "application_name": "timecontrol-core",
            "options": (
                f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
                f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} -c TimeZone=UTC"
            ),
        },
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: "psycopg.Connection[Any]", _record: object) -> None:
        infinite.register(connection)

    @event.listens_for(engine, "checkout")
    def _checked_out(connection: "psycopg.Connection[Any]", _record: object, _proxy: object) -> None:
        # What `pool_pre_ping` does, with a bound on it.
        with hang_up_after(connection, ANSWER_SECONDS) as expired:
            try:
                ConnectionPool.check_connection(connection)
            except psycopg.OperationalError as error:
                if expired.is_set():
                    raise
                raise DisconnectionError(str(error)) from error

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """A session for the block, committed at its end or rolled back; connects with its first statement.

    Raises Transient when the primary is not there, or does not answer in time.
    """
    try:
        with ExitStack() as bound, Session(engine, expire_on_commit=False) as session, session.begin():

            @event.listens_for(session, "after_begin")
            def _begun(_session: Session, _transaction: object, connection: SqlConnection) -> None:
                bound.enter_context(hang_up_after(_driver(connection), TRANSACTION_SECONDS))

            yield session
    except (OperationalError, PoolTimeout) as error:
        raise Transient(f"PostgreSQL: {error}") from error


def current(entity: type[V], touching: ColumnElement[bool]) -> Select[V]:
    """The entities whose newest version satisfies the condition and is no delete."""
    key = tuple_(*(getattr(entity, name) for name in entity.KEY))
    candidates = select(*(getattr(entity, name) for name in entity.KEY)).where(touching).distinct().correlate(None)
    columns = [getattr(entity, name) for name in entity.KEY]
    newest = select(func.max(entity.version_id)).where(key.in_(candidates)).group_by(*columns).correlate(None)
    return select(entity).where(entity.version_id.in_(newest), touching, ~entity.deleted)


def driver(session: Session) -> Connection:
    """Psycopg's connection of the session's transaction, for what is written with it."""
    return _driver(session.connection())


def _driver(connection: SqlConnection) -> Connection:
    return cast("Connection", connection.connection.driver_connection)


def lock(session: Session, name: str) -> None:
    """Wait until no other transaction holds this name: what is compared and then written must not change between."""
    session.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


def write(session: Session, version: Version, change: Change, at: datetime) -> None:
    """Add a version, announce it in `core.changes.v1` and write the administrative act, all in this transaction."""
    version.deleted = change == "deleted"
    session.add(version)
    session.flush()
    announce(session, version.ENTITY, version.identity, change, version.data(), version.actor, at)


def announce(
    session: Session, entity: Entity, identity: str, change: Change, data: dict[str, Any], actor: str, at: datetime
) -> None:
    """Announce a change that this transaction makes, and write down who made it."""
    value = msgspec.json.encode(
        CoreChange(entity=entity, id=identity, change=change, data=jsonable(data), actor=actor, at=at)
    )
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", CLOUDEVENT_TYPE.encode()),
        ("ce_id", f"{entity}/{identity}@{at.isoformat()}".encode()),
        ("ce_source", b"user_core"),
        ("content-type", b"application/json"),
    ]
    add(driver(session), TOPIC, f"{entity}:{identity}", headers, value)
    record_act(driver(session), actor, f"{entity}.{change}", f"{entity}/{identity}", jsonable(data))


def jsonable(data: dict[str, Any]) -> dict[str, Any]:
    """The data with dates, instants and ids as text; infinite dates as PostgreSQL words them."""
    words: dict[object, str] = {
        infinite.FIRST_INSTANT: "-infinity",
        infinite.LAST_INSTANT: "infinity",
        infinite.FIRST_DAY: "-infinity",
    }
    named = {
        key: words.get(value, value) if not isinstance(value, (dict, list)) else value for key, value in data.items()
    }
    return cast("dict[str, Any]", msgspec.to_builtins(named))
