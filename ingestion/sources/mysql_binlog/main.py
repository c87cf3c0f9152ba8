"""`python -m ingestion.sources.mysql_binlog.main`: the replicator as a service, until SIGTERM."""

import signal
import threading

from ingestion.sources.mysql_binlog.replicator import Replicator
from timecontrol.clock import SystemClock
from timecontrol.logs import configure_logs
from timecontrol.settings import load_settings


def main() -> None:
    """Replicate the legacy database until SIGTERM or SIGINT; the position is written before it ends."""
    configure_logs("replicator")
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    Replicator(load_settings(), SystemClock(), stop).run()


if __name__ == "__main__":
    main()
