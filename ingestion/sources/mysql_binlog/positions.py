"""The replicator's position: a record in a compacted topic, written after everything up to it is acknowledged."""

from contextlib import closing

import msgspec
from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from ingestion.kafka import AcknowledgedProducer
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.hr_change import POSITIONS_TOPIC, ReplicatorPosition
from timecontrol.kafka_client import client_config
from timecontrol.settings import Settings

# The topic holds a handful of records; a broker that cannot hand them over in this time is away.
READ_SECONDS = 20.0


def save(producer: AcknowledgedProducer, position: ReplicatorPosition) -> None:
    """Write the position and wait for its acknowledgement. The caller has flushed everything up to it."""
    # A key for each snapshot: a replicator that was replaced cannot overwrite its successor's position.
    producer.send(POSITIONS_TOPIC, str(position.snapshot_id), msgspec.json.encode(position))
    producer.flush()


def load(settings: Settings) -> ReplicatorPosition | None:
    """The last position of the latest snapshot; None before the first. Raises Transient when the broker is away."""
    config = client_config(settings, "replicator") | {
        "group.id": "timecontrol.replicator",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "auto.offset.reset": "error",
    }
    try:
        with closing(Consumer(config)) as consumer:
            records = _read_all(consumer)
    except KafkaException as error:
        raise Transient(f"the replicator's position cannot be read: {error}") from error
    positions = [msgspec.json.decode(value, type=ReplicatorPosition) for value in records]
    latest = max((position.snapshot_id for position in positions), default=None)
    # Of one snapshot the last written counts: the topic may not be compacted yet.
    return next((position for position in reversed(positions) if position.snapshot_id == latest), None)


def _read_all(consumer: Consumer) -> list[bytes]:
    """All values of the topic, in the order of each partition."""
    partitions = consumer.list_topics(POSITIONS_TOPIC, timeout=READ_SECONDS).topics[POSITIONS_TOPIC].partitions
    waiting = set()
    starts = []
    for number in partitions:
        low, high = consumer.get_watermark_offsets(TopicPartition(POSITIONS_TOPIC, number), timeout=READ_SECONDS)
        if high > low:
            waiting.add(number)
            starts.append(TopicPartition(POSITIONS_TOPIC, number, low))
    consumer.assign(starts)
    values: list[bytes] = []
    while waiting:
        message = consumer.poll(READ_SECONDS)
        if message is None:
            raise Transient(f"{POSITIONS_TOPIC} cannot be read to its end")
        error = message.error()
        if error is not None and error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001  the client has no public name for it
            waiting.discard(message.partition())
        elif error is not None:
            raise KafkaException(error)
        elif (value := message.value()) is not None:
            values.append(value)
    return values
