"""How each sink's process runs: its loop until SIGTERM, and an alarm that names what only a person can decide."""

import sys

import structlog

from ingestion.service import stop_on_signals
from ingestion.sinks.loop import SinkLoop
from ingestion.sinks.records import LogReplaced, PositionOutsideLog
from timecontrol.alerts import alert
from timecontrol.settings import Settings
from timecontrol.stack.program import EXIT_WAITS_FOR_A_PERSON

log = structlog.get_logger()


def run_sink(loop: SinkLoop, settings: Settings) -> None:
    """Run until told to stop; when the log does not hold the position it alerts, and is not started again by itself."""
    stop = stop_on_signals()
    log.info("started")
    try:
        loop.run(stop)
    except PositionOutsideLog as error:
        log.critical("position_outside_log", reason=str(error))
        alert(settings, "a sink has stopped: its position is outside the log", str(error))
        sys.exit(EXIT_WAITS_FOR_A_PERSON)
    except LogReplaced as error:
        log.critical("log_replaced", reason=str(error))
        raise
    log.info("stopped")
