"""A power failure takes the end of Kafka's log, and new records get the offsets of those that were read: no sink reads on."""

import struct
from pathlib import Path
from uuid import UUID

import pytest

from ingestion.sinks.archive.collections import POSITIONS
from tests.capture import archive, as_value, captured, event, new_id, produce, query
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.live_keys import live_position_key
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings

SINKS = ("sink_postgres", "sink_live_state", "sink_archive")

# Of a batch in a log segment: its first offset and its length after these twelve bytes.
BATCH_HEADER = struct.Struct(">qi")


def cut(segment: Path, offset: int) -> None:
    """Cut a log segment before the batch that begins at the offset."""
    content = segment.read_bytes()
    place = 0
    while True:
        first, length = BATCH_HEADER.unpack_from(content, place)
        if first == offset:
            segment.write_bytes(content[:place])
            return
        place += BATCH_HEADER.size + length


@pytest.fixture
def settings(untouched_stack: RunningStack) -> Settings:
    return untouched_stack.require(*SINKS)


def test_a_log_that_was_cut_and_has_grown_past_the_position_is_an_alarm_and_a_stop(
    untouched_stack: RunningStack, settings: Settings
) -> None:
    stack, who = untouched_stack, f"cut-{new_id()}"
    bodies = [event(who, number) for number in range(10)]
    places = [produce(settings, [as_value(body)], key=who)[0] for body in bodies]
    partition = places[0][0]
    eventually(lambda: captured(settings, who) == [UUID(body["event_id"]) for body in bodies])
    position = (
        "select next_offset, leader_epoch is not null from raw.positions where topic = 'punches.v1' and partition = %s"
    )
    assert query(settings, position, partition) == [(10, True)]
    read_to_the_end = {"topic": "punches.v1", "_id": {"$regex": f"/{partition}$"}, "next_offset": 10}
    with archive(settings) as database:
        found = eventually(lambda: database[POSITIONS].find_one(read_to_the_end))
    assert found is not None
    cluster_id, topic_id, _ = found["_id"].split("/")
    redis = read_redis(settings)
    eventually(
        lambda: redis.get(live_position_key(cluster_id, topic_id, partition)) == b"10 %d" % found["leader_epoch"]
    )

    stack.down(["kafka", *SINKS])
    data = settings.home / "kafka/data"
    cut(data / f"punches.v1-{partition}/00000000000000000000.log", 6)
    (data / ".kafka_cleanshutdown").unlink()
    stack.up(["kafka"])
    later = [event(who, 100 + number) for number in range(8)]
    assert produce(settings, [as_value(body) for body in later], key=who)[-1] == (partition, 13)

    stack.up(SINKS)
    eventually(lambda: [each.state for each in stack.conditions() if each.name in SINKS] == ["EXITED"] * len(SINKS))
    assert "position is outside the log" in (settings.home / "logs/alerts.jsonl").read_text()
    assert query(settings, position, partition) == [(10, True)]
