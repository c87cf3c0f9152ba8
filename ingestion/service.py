"""How the sinks and the flusher stop when told, within a bound."""

import signal
import threading
from types import FrameType

# The supervisor kills after 15 s. A process that waits for a server that is frozen ends itself a little earlier by
# SIGALRM: being killed anywhere loses nothing, that is the promise.
GRACE_SECONDS = 8


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM or SIGINT sets; the process has GRACE_SECONDS from then."""
    stop = threading.Event()

    def ask_to_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.alarm(GRACE_SECONDS)

    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    return stop
