"""The outbox relay: what transactions have put into `core.outbox`, produced in its order and removed when acknowledged.

Killed between the acknowledgement and the removal it sends a record again: consumers know it by its event id.
"""

import signal
import threading

import structlog

from ingestion.kafka import AcknowledgedProducer
from timecontrol.contracts.errors import Transient
from timecontrol.logs import configure_logs
from timecontrol.settings import Settings, load_settings
from timecontrol.warehouse.outbox_store import oldest, relay_connection, remove, wait_for_news
from timecontrol.warehouse.pools import Connection

log = structlog.get_logger()

# Few enough that a kill repeats little, enough to fill a message set.
BATCH_RECORDS = 1000
# A correction waits at most this long for others to share its message set.
LINGER_MS = 5
# The trigger wakes the relay at once; this is how soon it notices a stop or a lost wake-up.
POLL_SECONDS = 1.0
PAUSE_SECONDS = 2.0


def relay_batch(connection: Connection, producer: AcknowledgedProducer) -> int:
    """Send the oldest records and remove them; returns how many. Raises Transient when Kafka does not take them."""
    records = oldest(connection, BATCH_RECORDS)
    for record in records:
        producer.send(record.topic, record.record_key, record.value, record.headers)
    producer.flush()
    if records:
        remove(connection, records)
    return len(records)


def relay(settings: Settings, stop: threading.Event) -> None:
    """Relay until a stop. Raises Transient when a server is away."""
    producer = AcknowledgedProducer(settings, "outbox", linger_ms=LINGER_MS)
    try:
        with relay_connection(settings) as connection:
            log.info("relaying")
            while not stop.is_set():
                if relay_batch(connection, producer) < BATCH_RECORDS:
                    wait_for_news(connection, POLL_SECONDS)
    finally:
        producer.abandon()


def main() -> None:
    """Relay until SIGTERM; a server that is away is waited for."""
    configure_logs("outbox")
    settings = load_settings()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    while not stop.is_set():
        try:
            relay(settings, stop)
        except Transient as error:
            log.warning("relay_interrupted", reason=str(error))
            stop.wait(PAUSE_SECONDS)


if __name__ == "__main__":
    main()
