"""How a sink's consumer connects."""

from timecontrol.kafka_client import ClientConfig, client_config
from timecontrol.settings import KafkaUser, Settings


def consumer_config(settings: Settings, user: KafkaUser, group: str) -> ClientConfig:
    """Librdkafka configuration of a sink: positions live in its store, so Kafka neither commits nor resets by itself.

    Holds a password: never log it.
    """
    return client_config(settings, user) | {
        "group.id": group,
        # KIP-848: a consumer that joins or leaves does not stop the others, and the first record comes at once.
        "group.protocol": "consumer",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        # Bounds the memory of a backlog: fetched and not yet read, in KiB.
        "queued.max.messages.kbytes": 16_384,
    }
