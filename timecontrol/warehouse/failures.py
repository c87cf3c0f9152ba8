"""Which of PostgreSQL's errors pass by themselves, and which never will."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolTimeout

from timecontrol.contracts.errors import Transient

#: What PostgreSQL raises for a row or a statement that it can never hold: operational errors by name, and yet they stay.
LIMITS = (psycopg.errors.ProgramLimitExceeded, psycopg.errors.StatementTooComplex)


@contextmanager
def transient_failures(server: str = "postgres") -> Iterator[None]:
    """Turn what psycopg raises for a server that is away, full, cut off or breaks a deadlock into Transient."""
    try:
        yield
    except LIMITS:
        raise
    except (psycopg.OperationalError, PoolTimeout) as error:
        raise Transient(f"PostgreSQL ({server}): {error}") from error
