"""How any client of confluent-kafka connects as a principal of ours, and how our producers send."""

from collections.abc import Callable, Sequence

from confluent_kafka import KafkaError, Message, Producer

from timecontrol.settings import KafkaUser, Settings

ClientConfig = dict[str, str | int | float | bool]

# Room for a row of the legacy database with a large document in it; `max.message.bytes` of the topics is no
# less. The client's own limit is 1,000,000, headers included.
MAX_MESSAGE_BYTES = 8_000_000
# Errors only (a level of syslog): the client warns, past our logs, of what it tries again by itself.
LOG_LEVEL = 3
# How long a producer whose queue is full delivers before it looks for room again.
ROOM_SECONDS = 0.1


def client_config(settings: Settings, user: KafkaUser) -> ClientConfig:
    """Address and credential of a principal; holds the password, so never log it."""
    return {
        "bootstrap.servers": f"{settings.kafka.host}:{settings.kafka.port}",
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-256",
        "sasl.username": user,
        "sasl.password": settings.secrets.kafka[user].get_secret_value(),
        "client.id": f"timecontrol-{user}",
        "log_level": LOG_LEVEL,
    }


def producer_config(settings: Settings, user: KafkaUser, *, linger_ms: int, delivery_timeout_ms: int) -> ClientConfig:
    """The same for a producer: its own repeats are dropped by the broker, and a record counts when all replicas have it.

    A record that was not acknowledged within `delivery_timeout_ms` is reported as not delivered.
    """
    return client_config(settings, user) | {
        "enable.idempotence": True,
        "acks": "all",
        "compression.type": "lz4",
        "linger.ms": linger_ms,
        "delivery.timeout.ms": delivery_timeout_ms,
        "message.max.bytes": MAX_MESSAGE_BYTES,
    }


def produce_when_room(
    producer: Producer,
    topic: str,
    *,
    key: str | None,
    value: bytes | None,
    headers: Sequence[tuple[str, bytes]],
    partition: int = -1,
    on_delivery: Callable[[KafkaError | None, Message], None] | None = None,
    while_full: Callable[[], None] = lambda: None,
) -> None:
    """Queue one record; while the client's queue is full, deliver from it and call `while_full`, which may raise to give up.

    Raises KafkaException for a record that the client does not take.
    """
    while True:
        try:
            producer.produce(
                topic, value=value, key=key, headers=list(headers), partition=partition, on_delivery=on_delivery
            )
        except BufferError:
            producer.poll(ROOM_SECONDS)
            while_full()
        else:
            return
