"""Which offsets the topics hold now."""

from typing import NamedTuple

from confluent_kafka.admin import AdminClient

from ingestion.sinks.records import PartitionId
from timecontrol.contracts import hr_change, punch
from timecontrol.kafka_client import client_config
from timecontrol.kafka_topics import describe_topics, offsets
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
    partitions = [
        PartitionId(*topic.incarnation, name, number)
        for name, topic in describe_topics(admin, TOPICS, ADMIN_SECONDS).items()
        for number in topic.partitions
    ]
    places = [(each.topic, each.partition) for each in partitions]
    lows = offsets(admin, places, "first", ADMIN_SECONDS)
    highs = offsets(admin, places, "next", ADMIN_SECONDS)
    return [
        LogEnd(partition_id, lows[place], highs[place]) for partition_id, place in zip(partitions, places, strict=True)
    ]
