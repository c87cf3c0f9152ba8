"""How far the pipeline is behind: lag of each consumer group, buffer, replica and watermark, measured on the servers."""

from dataclasses import dataclass
from typing import LiteralString

from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient

from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import client_config
from timecontrol.kafka_topics import Place, offsets
from timecontrol.settings import Settings
from timecontrol.stack.kafka.topics import GROUPS, READS, SINKS, TOPICS
from timecontrol.warehouse.pools import Server, connect

# A server that is paused must not keep a person waiting for the status of the others.
ANSWER_SECONDS = 5

HEARTBEAT_AGE = """
select extract(epoch from clock_timestamp() - max(beat_at))::float8 from ops.heartbeat where name = 'primary'
"""
WATERMARK_AGE = """
select extract(epoch from clock_timestamp() - max(now_at))::float8 from ops.runs where status = 'succeeded'
"""


@dataclass(frozen=True)
class Lag:
    """How many records a consumer group has still to read."""

    group: str
    records: int


def group_lags(settings: Settings) -> list[Lag]:
    """The lag of each sink's group: end offsets less committed ones. Raises Transient when Kafka does not answer."""
    admin = AdminClient(client_config(settings, "operator") | {"log_level": 0})
    try:
        return [Lag(GROUPS[sink], _records_behind(settings, admin, GROUPS[sink], READS[sink])) for sink in SINKS]
    except KafkaException as error:
        raise Transient(f"Kafka does not answer: {error.args[0].str()}") from error


def replica_age_seconds(settings: Settings) -> float | None:
    """Age of the newest heartbeat that the replica has, None before the first. Raises Transient when the replica does not answer."""
    return _age(settings, "replica", HEARTBEAT_AGE)


def watermark_age_seconds(settings: Settings) -> float | None:
    """Time since the instant of the last run of the models that succeeded, None before the first.

    Raises Transient when the primary does not answer.
    """
    return _age(settings, "postgres", WATERMARK_AGE)


def _records_behind(settings: Settings, admin: AdminClient, group: str, topics: tuple[str, ...]) -> int:
    partitions = [
        (topic.name, number) for topic in TOPICS if topic.name in topics for number in range(topic.partitions)
    ]
    committed = _committed(settings, group, partitions)
    ends = offsets(admin, partitions, "next", ANSWER_SECONDS)
    # What was never read begins at the start of the log.
    unread = [place for place in partitions if committed.get(place, -1) < 0]
    starts = offsets(admin, unread, "first", ANSWER_SECONDS)
    return sum(ends[place] - starts.get(place, committed.get(place, 0)) for place in partitions)


def _committed(settings: Settings, group: str, places: list[Place]) -> dict[Place, int]:
    """The committed offset of each place, negative where there is none; asking joins no group."""
    # Not by the admin client: its call ends the process (SIGSEGV, confluent-kafka 2.16.1) at a broker that never had a group.
    consumer = Consumer(client_config(settings, "operator") | {"group.id": group, "log_level": 0})
    try:
        found = consumer.committed([TopicPartition(*place) for place in places], timeout=ANSWER_SECONDS)
    finally:
        consumer.close()
    return {(each.topic, each.partition): each.offset for each in found}


def _age(settings: Settings, server: Server, query: LiteralString) -> float | None:
    with connect(settings, "operator", server, options=f"-c statement_timeout={ANSWER_SECONDS}s") as connection:
        row = connection.execute(query).fetchone()
    return None if row is None else row[0]
