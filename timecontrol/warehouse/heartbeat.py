"""The heartbeat: one row on the primary, written each second; its age on the replica is the replica's delay.

`now() - pg_last_xact_replay_timestamp()` would grow while the primary is idle.
"""

import signal
import threading

import psycopg
import structlog

from timecontrol.logs import configure_logs
from timecontrol.settings import load_settings
from timecontrol.warehouse.deadline import hang_up_after
from timecontrol.warehouse.pools import conninfo

log = structlog.get_logger()

PERIOD_SECONDS = 1.0
# A beat takes milliseconds; a primary that has vanished would be waited for until TCP gives up, a quarter of an hour.
BEAT_SECONDS = 5.0

BEAT = """
insert into ops.heartbeat (name, beat_at) values ('primary', clock_timestamp())
on conflict (name) do update set beat_at = excluded.beat_at
"""


def main() -> None:
    """Beat until SIGTERM; a primary that does not answer is tried again with the next beat."""
    configure_logs("heartbeat")
    dsn = conninfo(load_settings(), "ingest")
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    connection: psycopg.Connection | None = None
    while not stop.is_set():
        try:
            connection = connection or psycopg.connect(dsn, autocommit=True)
            with hang_up_after(connection, BEAT_SECONDS):
                connection.execute(BEAT)
        except psycopg.OperationalError as error:
            log.warning("primary_does_not_answer", error=str(error))
            connection = None
        stop.wait(PERIOD_SECONDS)


if __name__ == "__main__":
    main()
