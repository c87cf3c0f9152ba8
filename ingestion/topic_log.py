"""Which life of a topic this is, and how far its log reaches: for sources that send again what Kafka has lost."""

from collections.abc import Iterable
from typing import NamedTuple

import structlog
from confluent_kafka import KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    OffsetSpec,
)

from timecontrol.kafka_client import client_config
from timecontrol.settings import KafkaUser, Settings

log = structlog.get_logger()

# Metadata answers within milliseconds; a broker that needs longer is down.
ADMIN_SECONDS = 3.0


class Incarnation(NamedTuple):
    """One life of the topic: a cluster or a topic that was made anew under its old name has other ids."""

    cluster_id: str
    topic_id: str


class TopicLog:
    """One topic, as a principal that may describe it sees it."""

    def __init__(self, settings: Settings, user: KafkaUser, topic: str) -> None:
        self._admin = AdminClient(client_config(settings, user))
        self._topic = topic

    def incarnation(self) -> Incarnation | None:
        """Which life of the topic this is; None while Kafka does not answer or the topic is not there."""
        try:
            cluster_id = self._admin.list_topics(timeout=ADMIN_SECONDS).cluster_id
            described = self._admin.describe_topics(TopicCollection([self._topic]), request_timeout=ADMIN_SECONDS)
            return Incarnation(str(cluster_id), str(described[self._topic].result().topic_id))
        except KafkaException as error:
            log.warning("kafka_does_not_answer", error=str(error))
            return None

    def ends(self, partitions: Iterable[int]) -> dict[int, int]:
        """The end of the log by partition: the next offset to be written; without those that are not known now."""
        asked = {TopicPartition(self._topic, partition): OffsetSpec.latest() for partition in partitions}  # type: ignore[no-untyped-call]  # confluent_kafka left it out
        found: dict[int, int] = {}
        for place, future in self._admin.list_offsets(asked, request_timeout=ADMIN_SECONDS).items():
            try:
                found[place.partition] = future.result().offset
            except KafkaException as error:
                log.warning("log_end_unknown", partition=place.partition, error=str(error))
        return found
