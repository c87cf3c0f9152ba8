"""One bounded transaction on a pooled connection."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg_pool import ConnectionPool

from timecontrol.warehouse.deadline import hang_up_after
from timecontrol.warehouse.failures import transient_failures
from timecontrol.warehouse.pools import Connection

# How long to wait for a connection before the attempt counts as failed; the caller's retry has the deadline.
POOL_TIMEOUT_SECONDS = 5
# A healthy server ends each statement within a minute (the roles' statement_timeout), and our transactions are few of them.
TRANSACTION_SECONDS = 120


@contextmanager
def transaction(pool: ConnectionPool[Connection], seconds: float = TRANSACTION_SECONDS) -> Iterator[Connection]:
    """A connection for the block: committed at its end, rolled back by an exception.

    Raises Transient when the server is not there, goes away, does not answer within `seconds`, is full or breaks a
    deadlock. A connection that is lost during the commit leaves open whether it happened: positions tell.
    """
    with (
        transient_failures(),
        pool.connection(timeout=POOL_TIMEOUT_SECONDS) as connection,
        hang_up_after(connection, seconds),
        connection.transaction(),
    ):
        yield connection
