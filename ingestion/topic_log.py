"""Which life of a topic this is, and how far its log reaches: for sources that send again what Kafka has lost."""

from collections.abc import Iterable

import structlog
from confluent_kafka.admin import AdminClient

from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import client_config
from timecontrol.kafka_topics import Incarnation, Place, describe_topics, offsets
from timecontrol.settings import KafkaUser, Settings

log = structlog.get_logger()

# Metadata answers within milliseconds; a broker that needs longer is down.
ADMIN_SECONDS = 3.0


class TopicLog:
    """One topic, as a principal that may describe it sees it."""

    def __init__(self, settings: Settings, user: KafkaUser, topic: str) -> None:
        self._admin = AdminClient(client_config(settings, user))
        self._topic = topic

    def incarnation(self) -> Incarnation | None:
        """Which life of the topic this is; None while Kafka does not answer or the topic is not there."""
        try:
            return describe_topics(self._admin, [self._topic], ADMIN_SECONDS)[self._topic].incarnation
        except Transient as error:
            log.warning("kafka_does_not_answer", error=str(error))
            return None

    def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """The end of the log by partition: the next offset to be written; without those that are not known now."""
        places = [(self._topic, partition) for partition in partitions]
        found = offsets(self._admin, places, "next", ADMIN_SECONDS, on_unknown=_warn)
        return {partition: offset for (_, partition), offset in found.items()}


def _warn(place: Place, error: Transient) -> None:
    log.warning("log_end_unknown", partition=place[1], error=str(error))
