"""Which offsets the topics hold now."""

from typing import NamedTuple

from confluent_kafka import KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    OffsetSpec,
)

from ingestion.sinks.records import PartitionId
from timecontrol.contracts import hr_change, punch
from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings

# What the Postgres sink reads.
TOPICS = (punch.TOPIC, hr_change.TOPIC)
ADMIN_SECONDS = 10


class LogEnd(NamedTuple):
    """A partition that holds the offsets `low` … `high` - 1."""

    partition_id: PartitionId
    low: int
    high: int


def log_ends(settings: Settings) -> list[LogEnd]:
    """All partitions of the topics that the Postgres sink reads; raises Transient when Kafka does not answer."""
    admin = AdminClient(client_config(settings, "operator"))
    try:
        cluster_id = str(admin.list_topics(timeout=ADMIN_SECONDS).cluster_id)
        described = admin.describe_topics(TopicCollection(list(TOPICS)), request_timeout=ADMIN_SECONDS)
        partitions = []
        for topic, future in described.items():
            found = future.result()
            partitions += [
                PartitionId(cluster_id, str(found.topic_id), topic, each.id)
                for each in sorted(found.partitions, key=lambda each: each.id)
            ]
        lows = _offsets(admin, partitions, OffsetSpec.earliest())  # type: ignore[no-untyped-call]  # confluent_kafka left it out
        highs = _offsets(admin, partitions, OffsetSpec.latest())  # type: ignore[no-untyped-call]  # as above
    except KafkaException as error:
        raise Transient(f"Kafka does not answer: {error}") from error
    return [LogEnd(each, lows[each.topic, each.partition], highs[each.topic, each.partition]) for each in partitions]


def _offsets(admin: AdminClient, partitions: list[PartitionId], spec: OffsetSpec) -> dict[tuple[str, int], int]:
    asked = {TopicPartition(each.topic, each.partition): spec for each in partitions}
    answers = admin.list_offsets(asked, request_timeout=ADMIN_SECONDS)
    return {(place.topic, place.partition): future.result().offset for place, future in answers.items()}
