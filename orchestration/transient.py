"""Transient errors are retried by Dagster, all others fail the step at once."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from timecontrol.contracts.errors import Transient

# Longer than a server's restart; what is still away then is an outage, and an alert.
MAX_RETRIES = 4
WAIT_SECONDS = 10

# A full run by hand takes minutes at 10,000 employees. Whoever computes waits for it: nothing else could compute meanwhile.
OTHER_RUN_SECONDS = 900


@contextmanager
def retried() -> Iterator[None]:
    """Turn Transient into a request to try the step again."""
    try:
        yield
    except Transient as error:
        raise dg.RetryRequested(max_retries=MAX_RETRIES, seconds_to_wait=WAIT_SECONDS) from error
