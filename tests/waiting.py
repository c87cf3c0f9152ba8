"""Waiting for a condition, instead of sleeping for a time that is too long here and too short there."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

POLL_SECONDS = 0.05


def eventually(check: Callable[[], T], timeout: float = 30.0) -> T:
    """The first result of `check` that is true and raised nothing; after `timeout` seconds its last error or an assertion."""
    deadline = time.monotonic() + timeout
    while True:
        failure: Exception | None = None
        result = None
        try:
            result = check()
        except Exception as error:  # noqa: BLE001  whatever is not there yet may raise anything; the last one is shown
            failure = error
        if failure is None and result:
            return result
        if time.monotonic() >= deadline:
            raise AssertionError(f"not within {timeout} s; the last answer was {result!r}") from failure
        time.sleep(POLL_SECONDS)
