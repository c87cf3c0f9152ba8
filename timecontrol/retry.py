"""Bounded retry of what is `Transient`: growing pauses with jitter, and a deadline after which the error is raised."""

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_random_exponential

from timecontrol.contracts.errors import Transient

# A first pause short enough not to be seen, a longest one short enough that a server's return is noticed at once.
FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 5.0


def transient_retry(deadline_seconds: float) -> Retrying:
    """Attempts until one succeeds, raises something else than Transient, or the deadline (seconds) has passed.

    Use as `for attempt in transient_retry(30): with attempt: …`, or call it with a function.
    """
    return Retrying(
        retry=retry_if_exception_type(Transient),
        wait=wait_random_exponential(multiplier=FIRST_PAUSE_SECONDS, max=LONGEST_PAUSE_SECONDS),
        stop=stop_after_delay(deadline_seconds),
        reraise=True,
    )
