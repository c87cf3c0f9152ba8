"""The live state after its Redis was emptied, and after its sink was killed: the same, to the last key.

On a stack of its own: nobody else writes to this Redis, and the log that is read again holds only what is made here.
"""

import itertools
import threading
from collections.abc import Iterator
from typing import cast

import pytest
import uuid_utils
from redis import Redis

from ingestion.sinks.loop import POLL_SECONDS
from tests.capture import as_value, event, new_id, produce_pairs
from tests.integration.live_state import badge_punch, core, correction, give_badge, hr, operator
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY, live_position_key
from timecontrol.settings import Settings

# Enough for several batches, so that a kill falls between two of them.
CROWD_PUNCHES = 40_000
CROWD = 300


@pytest.fixture(scope="module")
def settings(untouched_stack: RunningStack) -> Settings:
    return untouched_stack.require("sink_live_state")


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    with operator(settings) as client:
        yield client


@pytest.fixture(scope="module")
def company(settings: Settings) -> int:
    """People, sites, badges, a policy, a correction, and the punches of a crowd; returns the number of records."""
    who, device, row_key, snapshot = "ada", "T1", new_id(), str(uuid_utils.uuid7())
    row = {"badge_id": row_key, "device_id": "T2", "device_user": "7", "employee_id": who}
    hr(settings, "insert", row_key, row | {"valid_from": None, "valid_to": None}, snapshot, table="badges")
    hr(settings, "insert", who, {"employee_id": who, "name": "Ada", "policy": "alternating"}, snapshot)
    core(settings, "employee", who, "updated", {"valid_from": "2020-01-01", "team": "red"})
    core(settings, "site", "S1", "created", {"name": "Harbour", "time_zone": "Europe/Oslo"})
    data = {"policy": "alternating", "parameter": "pairing.direction", "valid_from": "2000-01-01", "value": "alternate"}
    core(settings, "policy_parameter", "alternating/pairing.direction", "updated", data)
    give_badge(settings, device, who)
    give_badge(settings, device, "ben", "2026-03-02T09:00:00Z")
    badge_punch(settings, device, "clock_in", 0)
    badge_punch(settings, "T2", "clock_in", 30)
    wrong = badge_punch(settings, device, "clock_in", 70)
    correction(settings, "ben", "clock_in", 75, supersedes=wrong)
    people = [f"p{number}" for number in range(CROWD)]
    kinds = ("clock_in", "break_start", "break_end", "clock_out")
    events = (
        (people[number % CROWD], event(people[number % CROWD], 7 * (number // CROWD), kind=kinds[number * 7 % 4]))
        for number in range(CROWD_PUNCHES)
    )
    produce_pairs(settings, ((who, as_value(body)) for who, body in events))
    return 11 + CROWD_PUNCHES


def offsets_read(redis: Redis) -> int:
    """How far the sink has come, over all partitions."""
    keys = list(redis.scan_iter(live_position_key("*", "*", 0).removesuffix("0") + "*"))
    return sum(int(position.split()[0]) for position in cast("list[str]", redis.mget(keys))) if keys else 0


def is_whole(redis: Redis, records: int) -> bool:
    """Whether all records are read, and the state says that it is whole."""
    return offsets_read(redis) == records and bool(redis.exists(LIVE_STATE_WHOLE_KEY))


def everything(redis: Redis) -> dict[str, object]:
    """Every key with its value."""
    readers = {"string": redis.get, "hash": redis.hgetall, "set": redis.smembers}
    found: dict[str, object] = {}
    for key in redis.scan_iter(count=1000):
        kind = cast(str, redis.type(key))
        found[key] = redis.zrange(key, 0, -1, withscores=True) if kind == "zset" else readers[kind](key)
    return found


def test_after_a_flush_and_kills_on_the_way_everything_is_there_again(
    untouched_stack: RunningStack, redis: Redis, company: int
) -> None:
    eventually(lambda: is_whole(redis, company), timeout=60)
    before = everything(redis)
    assert {f"live:p{number}" for number in range(CROWD)} <= before.keys()
    assert [cast("dict[str, str]", before[f"live:{who}"])["state"] for who in ("ada", "ben")] == ["out", "in"]
    redis.flushall()
    eventually(lambda: is_whole(redis, company), timeout=60)
    assert everything(redis) == before
    redis.flushall()
    for _ in range(2):
        says_whole = redis.exists(LIVE_STATE_WHOLE_KEY)
        read = offsets_read(redis)
        assert read < company
        assert not says_whole
        eventually(lambda read=read: offsets_read(redis) > read, timeout=60)
        untouched_stack.kill(["sink_live_state"])
    eventually(lambda: is_whole(redis, company), timeout=60)
    assert everything(redis) == before


def test_partitions_in_which_nothing_comes_are_read_again_while_others_are_busy(
    settings: Settings, redis: Redis, company: int
) -> None:
    eventually(lambda: is_whole(redis, company), timeout=60)
    stop = threading.Event()

    def punches() -> Iterator[tuple[str, bytes]]:
        for number in itertools.count():
            yield "busy", as_value(event("busy", number))
            # Sooner than the sink takes a topic for quiet.
            if stop.wait(POLL_SECONDS / 5):
                return

    busy = threading.Thread(target=produce_pairs, args=(settings, punches()))
    busy.start()
    try:
        eventually(lambda: bool(redis.exists("live:busy")))
        redis.flushall()
        eventually(lambda: bool(redis.exists(LIVE_STATE_WHOLE_KEY)), timeout=60)
        assert all(redis.exists(f"live:p{number}") for number in range(CROWD))
        assert redis.hget("live:ben", "state") == "in"
    finally:
        stop.set()
        busy.join()
