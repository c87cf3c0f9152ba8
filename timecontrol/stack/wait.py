"""Waiting for a condition, with a bound."""

import time
from collections.abc import Callable

# Between two looks: short against any start, long against the cost of a look.
POLL_SECONDS = 0.1


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition became true within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True
