"""The outbox relay: what transactions have put into `core.outbox`, produced in its order and sent again when Kafka loses it.

A punch stays in the outbox until PostgreSQL has it, whatever Kafka has acknowledged; other records leave with Kafka's
acknowledgement. Killed in between, it sends a record again: consumers know it by its event id.
"""

import signal
import threading
import time
from functools import partial

import structlog

from ingestion.kafka import AcknowledgedProducer
from ingestion.topic_log import TopicLog
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import TOPIC
from timecontrol.logs import configure_logs
from timecontrol.settings import Settings, load_settings
from timecontrol.warehouse.outbox_store import (
    Place,
    note_places,
    relay_connection,
    remove,
    send_lost_again,
    sent_partitions,
    settle,
    to_send,
    wait_for_news,
)
from timecontrol.warehouse.pools import Connection

log = structlog.get_logger()

# Few enough that a kill repeats little, enough to fill a message set.
BATCH_RECORDS = 1000
# A correction waits at most this long for others to share its message set.
LINGER_MS = 5
# The trigger wakes the relay at once; this is how soon it notices a stop, a lost wake-up, and what the sink has committed.
POLL_SECONDS = 1.0
# Records that are settled by one statement: a tenth of a second.
SETTLED_AT_ONCE = 10_000
# How often we ask which life of the topic this is, and whether its log still holds what it acknowledged.
INCARNATION_SECONDS = 2.0
PAUSE_SECONDS = 2.0


def relay_batch(connection: Connection, producer: AcknowledgedProducer, topic_id: str) -> int:
    """Send the oldest records; punches are noted with their places, others removed. Returns how many were sent.

    `topic_id` is the life of the punches' topic. Raises Transient when Kafka does not take a record.
    """
    records = to_send(connection, BATCH_RECORDS)
    places: list[Place] = []

    def noted(outbox_id: int, partition: int, offset: int) -> None:
        places.append(Place(outbox_id, partition, offset))

    for record in records:
        on_place = None if record.event_id is None else partial(noted, record.outbox_id)
        producer.send(record.topic, record.record_key, record.value, record.headers, on_place=on_place)
    producer.flush()
    if places:
        note_places(connection, topic_id, places)
    if others := [record for record in records if record.event_id is None]:
        remove(connection, others)
    return len(records)


def relay(settings: Settings, stop: threading.Event) -> None:
    """Relay until a stop. Raises Transient when a server is away."""
    producer = AcknowledgedProducer(settings, "outbox", linger_ms=LINGER_MS, report_places=True)
    topic_log = TopicLog(settings, "outbox", TOPIC)
    asked_at = settled_at = float("-inf")
    topic_id = ""
    try:
        with relay_connection(settings) as connection:
            log.info("relaying")
            while not stop.is_set():
                if time.monotonic() - asked_at > INCARNATION_SECONDS:
                    topic_id = find_losses(connection, topic_log)
                    asked_at = time.monotonic()
                full = relay_batch(connection, producer, topic_id) == BATCH_RECORDS
                if time.monotonic() - settled_at > POLL_SECONDS:
                    removed, again = settle(connection, SETTLED_AT_ONCE)
                    more = removed + again == SETTLED_AT_ONCE
                    settled_at = float("-inf") if more else time.monotonic()
                    full = full or more
                    if again:
                        log.warning("send_again", not_in_postgres=again)
                if not full:
                    wait_for_news(connection, POLL_SECONDS)
    finally:
        producer.abandon()


def find_losses(connection: Connection, topic_log: TopicLog) -> str:
    """Mark what Kafka has lost to be sent again; returns which life of the punches' topic this is. Raises Transient."""
    incarnation = topic_log.incarnation()
    if incarnation is None:
        raise Transient("Kafka does not answer")
    partitions = sent_partitions(connection)
    lost = send_lost_again(connection, incarnation.topic_id, topic_log.ends(partitions) if partitions else {})
    if lost:
        log.warning("send_again", not_in_kafka=lost)
    return incarnation.topic_id


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
