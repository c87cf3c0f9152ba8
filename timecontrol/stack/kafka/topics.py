"""The topics with their partitions, keys and retention, and the rights of each principal: the one table of both.

Rights follow the design: a producer writes its own topics and reads none; a consumer reads topics and its own group,
whose id is `timecontrol.<user>`; the operator reads everything and writes nothing; what is not named is refused.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from confluent_kafka.admin import AclBinding, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from timecontrol.contracts import core_change, hr_change, punch
from timecontrol.settings import KafkaUser

PUNCHES = punch.TOPIC
HR_CHANGES = hr_change.TOPIC
CORE_CHANGES = core_change.TOPIC
REPLICATOR_POSITIONS = hr_change.POSITIONS_TOPIC

# A punch, refused bytes or a change of the core has at most 900 kB and its headers; the limit is of a batch of records,
# and our producers make none larger than this.
ROOM = {"max.message.bytes": "8000000"}

# Kept for ever: `timecontrol reconcile` finds a row for every offset of the log, and a lost store is filled again from
# it. A company of 200 writes some 100 MB a year.
KEPT = ROOM | {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}


@dataclass(frozen=True)
class Topic:
    """A topic: the key decides the partition, and records are in order within a partition only."""

    name: str
    key: str
    partitions: int
    config: Mapping[str, str] = field(default_factory=dict)


TOPICS = (
    # The broker's clock stamps the records: for terminals that is the instant of receipt.
    Topic(PUNCHES, key="employee_id", partitions=6, config=KEPT | {"message.timestamp.type": "LogAppendTime"}),
    # A row of the HR database may hold a document: what is sent has 8,000,000 bytes (kafka_client.MAX_MESSAGE_BYTES), and
    # a batch of records some more around it.
    Topic(HR_CHANGES, key="table and primary key", partitions=3, config=KEPT | {"max.message.bytes": "8388608"}),
    Topic(CORE_CHANGES, key="entity and its id", partitions=3, config=KEPT),
    # Only the newest position counts; compacted, one record is left of each snapshot that was ever taken.
    Topic(REPLICATOR_POSITIONS, key="snapshot id", partitions=1, config={"cleanup.policy": "compact"}),
)

EVENTS = (PUNCHES, HR_CHANGES, CORE_CHANGES)

WRITES: dict[KafkaUser, tuple[str, ...]] = {
    "terminal": (PUNCHES,),
    "gateway": (PUNCHES,),
    "device_files": (PUNCHES,),
    "outbox": (PUNCHES, CORE_CHANGES),
    "replicator": (HR_CHANGES, REPLICATOR_POSITIONS),
}
READS: dict[KafkaUser, tuple[str, ...]] = {
    "replicator": (REPLICATOR_POSITIONS,),
    # What the core changes is in PostgreSQL before it is in its topic.
    "sink_postgres": (PUNCHES, HR_CHANGES),
    "sink_live_state": EVENTS,
    "sink_archive": EVENTS,
    "operator": ("*",),
}
GROUPS: dict[KafkaUser, str] = {
    "replicator": "timecontrol.replicator",
    "sink_postgres": "timecontrol.sink_postgres",
    "sink_live_state": "timecontrol.sink_live_state",
    "sink_archive": "timecontrol.sink_archive",
    "operator": "*",
}
SINKS: tuple[KafkaUser, ...] = ("sink_postgres", "sink_live_state", "sink_archive")


def acl_bindings() -> Iterator[AclBinding]:
    """Every right as the broker stores it."""
    for user, topics in WRITES.items():
        yield from (allow(user, ResourceType.TOPIC, name, AclOperation.WRITE) for name in topics)
    for user, topics in READS.items():
        yield from (allow(user, ResourceType.TOPIC, name, AclOperation.READ) for name in topics)
    for user, group in GROUPS.items():
        yield allow(user, ResourceType.GROUP, group, AclOperation.READ)
    for operation in (AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS):
        yield allow("operator", ResourceType.BROKER, "kafka-cluster", operation)
    yield allow("operator", ResourceType.TOPIC, "*", AclOperation.DESCRIBE_CONFIGS)


def allow(user: KafkaUser, resource: ResourceType, name: str, operation: AclOperation) -> AclBinding:
    """The right of a principal to do something with one topic or group."""
    return AclBinding(
        resource, name, ResourcePatternType.LITERAL, f"User:{user}", "*", operation, AclPermissionType.ALLOW
    )
