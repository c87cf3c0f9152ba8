"""How each sink's process runs: its loop until SIGTERM, and an alarm that names what only a person can decide."""

import sys

import structlog

from ingestion.service import stop_on_signals
from ingestion.sinks.loop import SinkLoop
from ingestion.sinks.records import LogReplaced, PositionOutsideLog

log = structlog.get_logger()

# The supervisor starts a process again whatever its exit status; this one tells a person reading `status` which case it is.
EXIT_POSITION_OUTSIDE_LOG = 3


def run_sink(loop: SinkLoop) -> None:
    """Run until told to stop; ends the process with status 3 when the log does not hold the position."""
    stop = stop_on_signals()
    log.info("started")
    try:
        loop.run(stop)
    except PositionOutsideLog as error:
        log.critical("position_outside_log", reason=str(error))
        sys.exit(EXIT_POSITION_OUTSIDE_LOG)
    except LogReplaced as error:
        log.critical("log_replaced", reason=str(error))
        raise
    log.info("stopped")
