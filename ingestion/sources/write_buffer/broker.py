"""The flusher's producer, which reports each record's place."""

from collections.abc import Callable, Sequence

import structlog
from confluent_kafka import KafkaError, Message, Producer

from timecontrol.contracts.buffer import BufferedRecord
from timecontrol.contracts.punch import TOPIC
from timecontrol.contracts.record import signed_headers
from timecontrol.kafka_client import produce_when_room, producer_config
from timecontrol.settings import Settings

log = structlog.get_logger()

# Short enough not to be seen on the live board, long enough for records of many requests to travel together.
LINGER_MS = 5
# A record that a restarting broker has not taken after so long is given up here and sent again from the stream.
DELIVERY_TIMEOUT_MS = 30_000
# Bounds the memory while the broker is away; the client's own bound is 1 GiB. What finds no room waits in the stream.
QUEUE_KIB = 262_144

#: Told of one record: its partition and offset, or None when the broker did not take it.
OnDelivery = Callable[[tuple[int, int] | None], None]


class Broker:
    """Sends records in the gateway's right; the callbacks run within `serve` and `send`."""

    def __init__(self, settings: Settings) -> None:
        self._signing_key = settings.secrets.record_signing.get_secret_value().encode()
        config = producer_config(settings, "gateway", linger_ms=LINGER_MS, delivery_timeout_ms=DELIVERY_TIMEOUT_MS) | {
            "queue.buffering.max.kbytes": QUEUE_KIB
        }
        self._producer = Producer(config)

    def send(self, records: Sequence[BufferedRecord], on_delivery: OnDelivery) -> None:
        """Queue the records; `on_delivery` is called once for each, later."""

        def delivered(error: KafkaError | None, message: Message) -> None:
            if error is not None:
                log.warning("record_not_taken", error=error.str())
            partition, offset = message.partition(), message.offset()
            on_delivery(None if error is not None or partition is None or offset is None else (partition, offset))

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
            produce_when_room(
                self._producer, TOPIC, key=record.key, value=record.value, headers=headers, on_delivery=delivered
            )
        self._producer.poll(0)

    def serve(self) -> None:
        """Run the callbacks of what was delivered meanwhile."""
        self._producer.poll(0)

    def close(self) -> None:
        """Stop without waiting for a broker that is down: what it has not acknowledged is still in the stream."""
        self._producer.purge()
        self._producer.flush(1)
