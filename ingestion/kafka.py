"""The producer that our sources write to Kafka with."""

import time
from collections.abc import Callable, Sequence

import structlog
from confluent_kafka import KafkaError, KafkaException, Message, Producer

from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import MAX_MESSAGE_BYTES, produce_when_room, producer_config
from timecontrol.settings import KafkaUser, Settings

log = structlog.get_logger()

# A broker that restarts is back within seconds; a record that is not acknowledged for so long is reported as lost.
DELIVERY_TIMEOUT_MS = 120_000

WARNING_SECONDS = 10.0

#: Told where a record has come to lie: partition and offset.
OnPlace = Callable[[int, int], None]


class AcknowledgedProducer:
    """An idempotent producer whose `flush` returns only when the broker has acknowledged all that was sent before.

    After an error it is of no more use: what it holds may be lost, so the caller starts again from its last position.
    `report_places` makes `send` tell where each record has come to lie, which costs a call for each.
    """

    def __init__(
        self,
        settings: Settings,
        user: KafkaUser,
        *,
        linger_ms: int,
        delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS,
        report_places: bool = False,
    ) -> None:
        self._first_error: KafkaError | None = None
        self._warned_at = float("-inf")
        config = producer_config(settings, user, linger_ms=linger_ms, delivery_timeout_ms=delivery_timeout_ms) | {
            "delivery.report.only.error": not report_places
        }
        self._producer = Producer(config, logger=None, error_cb=self._connection_error)

    def send(
        self,
        topic: str,
        key: str | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]] = (),
        *,
        partition: int = -1,
        on_place: OnPlace | None = None,
    ) -> None:
        """Queue one record, waiting while the queue is full. Raises Transient when an earlier record was not delivered.

        `on_place` is told partition and offset when the broker has acknowledged the record.
        """

        def delivered(error: KafkaError | None, message: Message) -> None:
            self._first_error = self._first_error or error
            place = message.partition(), message.offset()
            if error is None and on_place is not None and place[0] is not None and place[1] is not None:
                on_place(place[0], place[1])

        try:
            produce_when_room(
                self._producer,
                topic,
                key=key,
                value=value,
                headers=headers,
                partition=partition,
                on_delivery=delivered,
                while_full=self._raise_failure,
            )
        except KafkaException as error:
            raise _too_large_or_transient(error.args[0], key) from error
        self._producer.poll(0)

    def flush(self, on_progress: Callable[[int], None] | None = None) -> None:
        """Wait until all is acknowledged; `on_progress` is told how many are not. Raises Transient when one was not delivered."""
        while remaining := self._producer.flush(0.5):
            self._raise_failure()
            if on_progress is not None:
                on_progress(remaining)
        self._raise_failure()

    def partition_count(self, topic: str) -> int:
        """How many partitions a topic has. Raises Transient when the broker or the topic is not there."""
        try:
            found = self._producer.list_topics(topic, timeout=10).topics[topic]
        except KafkaException as error:
            raise Transient(f"Kafka does not answer: {error}") from error
        if found.error is not None:
            raise Transient(f"topic {topic}: {found.error.str()}")
        return len(found.partitions)

    def abandon(self) -> None:
        """Forget what is queued, for a stop that must not wait for a broker that is down."""
        self._producer.purge()
        self._producer.flush(1)

    def _raise_failure(self) -> None:
        if self._first_error is not None:
            raise Transient(f"Kafka did not take a record: {self._first_error.str()}")

    def _connection_error(self, error: KafkaError) -> None:
        # The client reports every attempt to connect again, many a second.
        if time.monotonic() - self._warned_at > WARNING_SECONDS:
            log.warning("kafka_client", error=error.str())
            self._warned_at = time.monotonic()


def _too_large_or_transient(error: KafkaError, key: str | None) -> Exception:
    if error.code() == KafkaError.MSG_SIZE_TOO_LARGE:
        return ValueError(f"the record {key!r} is larger than {MAX_MESSAGE_BYTES} bytes, the limit of one message")
    return Transient(f"Kafka did not take a record: {error.str()}")
