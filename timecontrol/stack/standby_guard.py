"""The standby guard: notices a replica or a subscription that the primary can no longer feed, and has it built anew.

Without it both would stay as they were until the next `timecontrol stack up`: they answer, and never again have what is new.
"""

import signal
import threading

import psycopg
import structlog

from timecontrol.contracts.errors import Transient
from timecontrol.logs import configure_logs
from timecontrol.stack.control import started_stack
from timecontrol.stack.errors import StackError

log = structlog.get_logger()

# Readers have left a late replica for the primary after ten seconds; a look is two short queries.
LOOK_SECONDS = 5.0


def main() -> None:
    """Look until SIGTERM; what could not be rebuilt is tried again with the next look."""
    configure_logs("standby_guard")
    stack = started_stack()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.wait(LOOK_SECONDS):
        try:
            stack.rebuild_lost()
        except (StackError, Transient, psycopg.OperationalError) as error:
            log.warning("not_now", reason=str(error))


if __name__ == "__main__":
    main()
