"""A bound on the wait for a server that is frozen or cut off: it obeys no timeout of its own, and TCP waits for hours."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg


@contextmanager
def hang_up_after(connection: psycopg.Connection[Any], seconds: float) -> Iterator[threading.Event]:
    """Hang up when the block lasts longer: what waits for an answer then raises psycopg.OperationalError.

    Yields an event that is set where it was hung up.
    """
    expired = threading.Event()
    with socket.socket(fileno=os.dup(connection.fileno())) as shared:

        def hang_up() -> None:
            expired.set()
            with suppress(OSError):  # it may have ended this moment
                shared.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            yield expired
        finally:
            timer.cancel()
