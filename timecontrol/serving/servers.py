"""One PostgreSQL server as a reader sees it: it answers in time, or it is passed over."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from timecontrol.serving.result import Origin
from timecontrol.warehouse.deadline import hang_up_after

# How long a server that did not answer is passed over, so that each reader does not wait for it anew.
REST_SECONDS = 5.0

T = TypeVar("T")


class NotAnswered(Exception):
    """This server gave no answer that the reader can use; another may. The message says why."""


class Server:
    """A server behind an engine; safe to share between threads."""

    def __init__(self, name: Origin, engine: Engine) -> None:
        self.name: Origin = name
        self.engine = engine
        self._rests_until = 0.0

    def ask(self, read: Callable[[Connection], T]) -> T:
        """What `read` returns on a connection of this server; raises NotAnswered where the server is the reason.

        A pooled connection that died with a restart of the server is replaced once.
        """
        if time.monotonic() < self._rests_until:
            raise NotAnswered(f"{self.name} did not answer a moment ago")
        try:
            try:
                return self._once(read)
            except OperationalError as error:
                if not error.connection_invalidated:
                    raise
                return self._once(read)
        except PoolTimeout as error:
            raise NotAnswered(f"all connections to the {self.name} are in use") from error
        except OperationalError as error:
            if isinstance(error.orig, psycopg.errors.QueryCanceled):
                raise NotAnswered(f"the read took too long on the {self.name}") from error
            if not isinstance(error.orig, psycopg.errors.SerializationFailure):  # a replica's conflict with its replay
                self.rest()
            raise NotAnswered(f"{self.name}: {error.orig}") from error

    def _once(self, read: Callable[[Connection], T]) -> T:
        with self.engine.connect() as connection:
            return read(connection)

    def rest(self) -> None:
        """Pass this server over for a while."""
        self._rests_until = time.monotonic() + REST_SECONDS

    @contextmanager
    def deadline(self, connection: Connection, seconds: float) -> Iterator[None]:
        """Hang up when the block lasts longer, and raise NotAnswered: a server that is stopped obeys no timeout of its own."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with hang_up_after(driver, seconds) as expired:
            try:
                yield
            except OperationalError as error:
                if not expired.is_set():
                    raise
                self.rest()
                raise NotAnswered(f"{self.name} did not answer within {seconds} s") from error
