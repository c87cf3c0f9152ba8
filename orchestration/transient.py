"""Transient errors are retried by Dagster, all others fail the step at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from timecontrol.contracts.errors import Transient

# Longer than a server's restart and than a run of another process; what is still away then is an outage, and an alert.
MAX_RETRIES = 4
WAIT_SECONDS = 10


@contextmanager
def retried() -> Iterator[None]:
    """Turn Transient into a request to try the step again."""
    try:
        yield
    except Transient as error:
        raise dg.RetryRequested(max_retries=MAX_RETRIES, seconds_to_wait=WAIT_SECONDS) from error
