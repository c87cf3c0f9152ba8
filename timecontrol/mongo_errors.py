"""Which of MongoDB's errors pass by themselves."""

from collections.abc import Iterator
from contextlib import contextmanager

from pymongo.errors import ConnectionFailure, ExecutionTimeout, WriteConcernError

from timecontrol.contracts.errors import Transient


@contextmanager
def transient_errors() -> Iterator[None]:
    """Turn what pymongo raises for a server that is away, is no primary or does not answer in time into Transient."""
    try:
        yield
    # A server that is not (yet) primary is a failed connection too.
    except (ConnectionFailure, WriteConcernError, ExecutionTimeout) as error:
        raise Transient(f"MongoDB: {error}") from error
