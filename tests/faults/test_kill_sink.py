"""`kill -9` of the Postgres sink, and of the servers around it, in the middle of a load: nothing lost, nothing doubled."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest

from tests.capture import as_value, event, new_id, produce_pairs, query
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.settings import Settings

RECORDS = 100_000
EMPLOYEES = 500
# After so many records of the load the next kill follows: while the sink is busy, at places that no two runs share.
KILLS_AT = (1, 30_000, 70_000)


@pytest.fixture
def stack(untouched_stack: RunningStack) -> RunningStack:
    """Loads and kills are counted over all that a store holds, so no other test writes to it."""
    return untouched_stack


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("sink_postgres")


def load(settings: Settings, run: str, records: int) -> list[dict[str, str]]:
    """Produce that many punches of the employees `<run>-<n>`, every tenth twice."""
    bodies = [event(f"{run}-{number % EMPLOYEES}", number) for number in range(records)]
    pairs: list[tuple[str | None, bytes | None]] = []
    for number, body in enumerate(bodies):
        pair = (body["employee_id"], as_value(body))
        pairs += [pair, pair] if number % 10 == 0 else [pair]
    produce_pairs(settings, pairs)
    return bodies


def counted(settings: Settings, run: str) -> tuple[int, int]:
    """Rows and distinct events of the load."""
    statement = "select count(*), count(distinct event_id) from raw.punches where starts_with(employee_id, %s)"
    [(rows, events)] = query(settings, statement, f"{run}-")
    return rows, events


def progress(settings: Settings) -> int:
    """Offsets of punches that were committed."""
    [(offsets,)] = query(
        settings, "select coalesce(sum(next_offset), 0)::bigint from raw.positions where topic = 'punches.v1'"
    )
    return int(offsets)


def accounted(settings: Settings) -> bool:
    """Whether the batches cover every offset once, with as many rows as there are."""
    [(covered, read, rows, written)] = query(
        settings,
        "select sum(row_count + repeat_count + quarantined_count)::bigint, sum(last_offset - first_offset + 1)::bigint, "
        "sum(row_count)::bigint, (select count(*) from raw.punches) from raw.batches where topic = 'punches.v1'",
    )
    return bool(covered == read == progress(settings) and rows == written)


def test_killed_again_and_again_in_the_middle_of_a_load(stack: RunningStack, settings: Settings) -> None:
    run = f"kill-{new_id()}"
    stack.pause(["sink_postgres"])
    bodies = load(settings, run, RECORDS)
    start = progress(settings)
    stack.resume(["sink_postgres"])
    for threshold in KILLS_AT:
        eventually(lambda threshold=threshold: progress(settings) - start >= threshold, timeout=120)  # type: ignore[misc]
        stack.kill(["sink_postgres"])
    stack.up(["sink_postgres"])
    eventually(lambda: progress(settings) - start == RECORDS * 11 // 10, timeout=180)
    assert counted(settings, run) == (RECORDS, RECORDS)
    assert accounted(settings)
    sample = bodies[:: RECORDS // 1000]
    found = query(
        settings,
        "select event_id::text, employee_id, kind from raw.punches where event_id = any(%s::uuid[]) order by event_id",
        [body["event_id"] for body in sample],
    )
    assert found == sorted((body["event_id"], body["employee_id"], body["kind"]) for body in sample)


@pytest.mark.parametrize("server", ["postgres", "kafka"])
def test_a_server_killed_under_it_delays_and_loses_nothing(
    stack: RunningStack, settings: Settings, server: str
) -> None:
    run = f"server-{new_id()}"
    stack.pause(["sink_postgres"])
    load(settings, run, 20_000)
    start = progress(settings)
    stack.resume(["sink_postgres"])
    eventually(lambda: progress(settings) > start, timeout=60)
    stack.kill([server])
    stack.up([server, "sink_postgres"])
    eventually(lambda: counted(settings, run) == (20_000, 20_000), timeout=120)
    assert accounted(settings)


@contextmanager
def second_sink() -> Iterator[None]:
    """Another process of the Postgres sink, in the same consumer group."""
    process = subprocess.Popen([sys.executable, "-m", "ingestion.sinks.postgres.main"])
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_two_at_once_double_nothing(stack: RunningStack, settings: Settings) -> None:
    """A second process of the group, as when a frozen one wakes up: the positions let only one of them write."""
    run = f"two-{new_id()}"
    loading = Thread(target=load, args=(settings, run, 20_000))
    loading.start()
    eventually(lambda: counted(settings, run)[0] > 0, timeout=60)
    stack.pause(["sink_postgres"])
    with second_sink():
        eventually(lambda: counted(settings, run)[0] > 5_000, timeout=120)
        stack.resume(["sink_postgres"])
        loading.join()
        eventually(lambda: counted(settings, run) == (20_000, 20_000), timeout=120)
    assert accounted(settings)
