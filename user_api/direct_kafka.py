"""Records straight to Kafka, for when the Write Redis is down or full: accepted when the broker has acknowledged."""

import asyncio
import threading
from collections.abc import Sequence

import structlog
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from timecontrol.contracts.buffer import BufferedRecord
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import TOPIC
from timecontrol.contracts.record import signed_headers
from timecontrol.kafka_client import producer_config
from timecontrol.settings import Settings

log = structlog.get_logger()

# A request waits for the broker no longer than this; the client keeps the punch and tries again.
ACKNOWLEDGE_SECONDS = 3.0
POLL_SECONDS = 0.05
# A request waits for this: long enough for the records of requests that come at once to travel together.
LINGER_MS = 2


class DirectKafka:
    """A producer in the gateway's right, made when it is first needed; `close` it once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._signing_key = settings.secrets.record_signing.get_secret_value().encode()
        self._producer: Producer | None = None
        self._stop = threading.Event()

    async def send(self, records: Sequence[BufferedRecord]) -> None:
        """Return when Kafka has acknowledged all records; raises Transient when it has not in time.

        Records that were not acknowledged may arrive all the same: the client's repeat has the same event ids.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        open_count = len(records)

        def settle(error: KafkaError | None) -> None:
            nonlocal open_count
            open_count -= 1
            if done.done():
                return
            if error is not None:
                done.set_exception(Transient(f"Kafka: {error.str()}"))
            elif open_count == 0:
                done.set_result(None)

        def delivered(error: KafkaError | None, _message: Message) -> None:
            loop.call_soon_threadsafe(settle, error)

        producer = self._started()
        try:
            for record in records:
                headers = signed_headers(
                    record.event_id,
                    record.source,
                    record.value,
                    "gateway",
                    self._signing_key,
                    origin=record.origin,
                    refused=record.refused,
                )
                producer.produce(
                    TOPIC, value=record.value, key=record.key, headers=list(headers), on_delivery=delivered
                )
        except (BufferError, KafkaException) as error:
            raise Transient(f"Kafka: {error}") from error
        try:
            await asyncio.wait_for(done, ACKNOWLEDGE_SECONDS)
        except TimeoutError as error:
            raise Transient(f"Kafka did not acknowledge within {ACKNOWLEDGE_SECONDS} s") from error

    def close(self) -> None:
        """Stop without waiting for a broker that is down."""
        self._stop.set()

    def _started(self) -> Producer:
        if self._producer is None:
            self._producer = Producer(
                producer_config(
                    self._settings,
                    "gateway",
                    linger_ms=LINGER_MS,
                    delivery_timeout_ms=round(ACKNOWLEDGE_SECONDS * 1000),
                )
            )
            threading.Thread(target=self._poll, args=(self._producer,), name="direct-kafka", daemon=True).start()
        return self._producer

    def _poll(self, producer: Producer) -> None:
        while not self._stop.is_set():
            producer.poll(POLL_SECONDS)
