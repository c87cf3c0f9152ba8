"""What a real broker says about topics."""

import pytest
from confluent_kafka.admin import AdminClient

from tests.running_stack import RunningStack
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import TOPIC
from timecontrol.kafka_client import client_config
from timecontrol.kafka_topics import Place, describe_topics, offsets

SECONDS = 10


@pytest.fixture
def admin(stack: RunningStack) -> AdminClient:
    return AdminClient(client_config(stack.require("kafka"), "operator") | {"log_level": 0})


def test_a_topic_has_its_ids_and_partitions_and_one_that_is_not_there_is_waited_for(admin: AdminClient) -> None:
    found = describe_topics(admin, [TOPIC, "core.changes.v1"], SECONDS)
    assert found[TOPIC].partitions == list(range(len(found[TOPIC].partitions)))
    assert found[TOPIC].incarnation.cluster_id == found["core.changes.v1"].incarnation.cluster_id
    assert found[TOPIC].incarnation.topic_id != found["core.changes.v1"].incarnation.topic_id
    with pytest.raises(Transient):
        describe_topics(admin, [TOPIC, "nothing.v1"], SECONDS)


def test_offsets_of_what_is_there_and_of_what_is_not(admin: AdminClient) -> None:
    known, unknown = (TOPIC, 0), (TOPIC, 9999)
    first = offsets(admin, [known], "first", SECONDS)
    assert 0 <= first[known] <= offsets(admin, [known], "next", SECONDS)[known]
    with pytest.raises(Transient, match=f"{TOPIC}/9999"):
        offsets(admin, [known, unknown], "next", SECONDS)
    told: list[Place] = []
    found = offsets(admin, [known, unknown], "first", SECONDS, on_unknown=lambda place, _: told.append(place))
    assert (found, told) == (first, [unknown])
    assert offsets(admin, [], "next", SECONDS) == {}
