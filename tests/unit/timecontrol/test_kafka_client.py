"""A producer whose queue is full: the record waits for room, or for whoever gives up."""

import pytest
from confluent_kafka import Producer

from timecontrol.contracts.errors import Transient
from timecontrol.kafka_client import produce_when_room


def test_while_the_queue_is_full_the_caller_may_give_up() -> None:
    # Nobody listens there, so that what is queued stays.
    producer = Producer({"bootstrap.servers": "127.0.0.1:1", "queue.buffering.max.messages": 1, "log_level": 0})
    asked = 0

    def give_up_at_the_second() -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            raise Transient("no room")

    produce_when_room(producer, "t", key=None, value=b"1", headers=[])
    with pytest.raises(Transient, match="no room"):
        produce_when_room(producer, "t", key=None, value=b"2", headers=[], while_full=give_up_at_the_second)
    assert (asked, len(producer)) == (2, 1)
    producer.purge()
