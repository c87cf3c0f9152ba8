"""Topics as the table says, and each principal refused what is not its own."""

from collections.abc import Sequence

import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AclOperation, AdminClient, ConfigResource, NewTopic, ResourceType

from tests.running_stack import RunningStack
from timecontrol.kafka_client import client_config
from timecontrol.settings import KafkaUser, Settings, principals
from timecontrol.stack.kafka.provision import EVERY_ACL
from timecontrol.stack.kafka.topics import (
    CORE_CHANGES,
    EVENTS,
    HR_CHANGES,
    PUNCHES,
    READS,
    TOPICS,
    WRITES,
    acl_bindings,
    allow,
)
from timecontrol.stack.measures import group_lags

ANSWER_SECONDS = 10
# A topic that no other test reads, so that records written here disturb nobody.
NOT_A_DECODABLE_RECORD = b"written by test_stack_kafka"


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require("kafka")


def read_error(settings: Settings, user: KafkaUser, topic: str, group: str | None = None) -> KafkaError | None:
    """What refuses a principal partition 0 of a topic, or the membership of a group; None for a record or the end."""
    config = client_config(settings, user) | {"group.id": group or f"timecontrol.{user}", "log_level": 0}
    consumer = Consumer(config | {"enable.auto.commit": False, "enable.partition.eof": True})
    try:
        hidden: KafkaError | None = consumer.list_topics(topic, timeout=ANSWER_SECONDS).topics[topic].error
        if hidden is not None:
            # Not even its partitions are shown; the client would wait for them for ever.
            return hidden
        if group is None:
            consumer.assign([TopicPartition(topic, 0, 0)])
        else:
            consumer.subscribe([topic])
        message = consumer.poll(ANSWER_SECONDS)
    finally:
        consumer.close()
    assert message is not None
    error = message.error()
    return None if error is None or error.code() == KafkaError._PARTITION_EOF else error


def write_error(settings: Settings, user: KafkaUser, topic: str, value: bytes) -> KafkaError | None:
    """What the broker says to a record of a principal."""
    errors: list[KafkaError | None] = []
    producer = Producer(client_config(settings, user) | {"log_level": 0, "message.timeout.ms": 10_000})
    producer.produce(topic, value, on_delivery=lambda error, _message: errors.append(error))
    assert producer.flush(ANSWER_SECONDS) == 0
    return errors[0]


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_has_its_partitions_and_settings(settings: Settings, topic: object) -> None:
    assert topic in TOPICS
    expected = TOPICS[TOPICS.index(topic)]
    admin = AdminClient(client_config(settings, "operator"))
    assert len(admin.list_topics(timeout=ANSWER_SECONDS).topics[expected.name].partitions) == expected.partitions
    (answer,) = admin.describe_configs([ConfigResource(ResourceType.TOPIC, expected.name)]).values()
    found = {name: entry.value for name, entry in answer.result().items() if name in expected.config}
    assert found == dict(expected.config)


def not_granted(rights: dict[KafkaUser, tuple[str, ...]]) -> Sequence[tuple[KafkaUser, str]]:
    users: tuple[KafkaUser, ...] = principals(KafkaUser)  # type: ignore[assignment]  # the names of that very type
    return [
        (user, topic)
        for user in users
        for topic in EVENTS
        if user != "admin" and topic not in rights.get(user, ()) and "*" not in rights.get(user, ())
    ]


@pytest.mark.parametrize(("user", "topic"), not_granted(WRITES))
def test_a_principal_may_not_write_what_is_not_its_own(settings: Settings, user: KafkaUser, topic: str) -> None:
    error = write_error(settings, user, topic, NOT_A_DECODABLE_RECORD)
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


@pytest.mark.parametrize(("user", "topic"), not_granted(READS))
def test_a_principal_may_not_read_what_is_not_its_own(settings: Settings, user: KafkaUser, topic: str) -> None:
    error = read_error(settings, user, topic)
    assert error is not None
    # Most producers have no group either, and which refusal comes first is chance.
    assert error.code() in (KafkaError.TOPIC_AUTHORIZATION_FAILED, KafkaError.GROUP_AUTHORIZATION_FAILED)


@pytest.mark.parametrize(
    ("user", "topic"), [("terminal", PUNCHES), ("outbox", CORE_CHANGES), ("replicator", HR_CHANGES)]
)
def test_a_producer_writes_its_own_topic(settings: Settings, user: KafkaUser, topic: str) -> None:
    assert write_error(settings, user, topic, NOT_A_DECODABLE_RECORD) is None


@pytest.mark.parametrize("user", ["sink_postgres", "sink_live_state", "sink_archive", "operator"])
def test_a_reader_reads_punches(settings: Settings, user: KafkaUser) -> None:
    assert read_error(settings, user, PUNCHES) is None


def test_a_consumer_may_not_join_the_group_of_another(settings: Settings) -> None:
    error = read_error(settings, "sink_archive", PUNCHES, group="timecontrol.sink_postgres")
    assert error is not None
    assert error.code() == KafkaError.GROUP_AUTHORIZATION_FAILED


def test_a_terminal_may_not_make_a_topic(settings: Settings) -> None:
    admin = AdminClient(client_config(settings, "terminal"))
    (answer,) = admin.create_topics([NewTopic("mine", num_partitions=1, replication_factor=1)]).values()
    with pytest.raises(KafkaException, match="uthorization"):
        answer.result()


def test_a_right_that_is_not_in_the_table_is_taken_back(stack: RunningStack, settings: Settings) -> None:
    admin = AdminClient(client_config(settings, "admin"))
    stray = allow("terminal", ResourceType.TOPIC, HR_CHANGES, AclOperation.READ)
    for answer in admin.create_acls([stray]).values():
        answer.result()
    stack.require("kafka")
    found = admin.describe_acls(EVERY_ACL).result()
    assert stray not in found
    assert set(found) == set(acl_bindings())


def test_every_sink_has_a_lag(settings: Settings) -> None:
    lags = {lag.group: lag.records for lag in group_lags(settings)}
    assert set(lags) == {"timecontrol.sink_postgres", "timecontrol.sink_live_state", "timecontrol.sink_archive"}
    assert all(records >= 0 for records in lags.values())
