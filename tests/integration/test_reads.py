"""Reads from the replica and the primary, and the cache before them, on real servers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Executable, select, text

from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.errors import Transient
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Parameters, Reads, Statement, write_position
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.result import Computed, Result
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

ANSWER = text("select 42 as answer")


class CountingReads(Reads):
    """Reads that count how often PostgreSQL was asked."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.count = 0

    def fetch(
        self,
        statement: Statement,
        parameters: Parameters | None = None,
        *,
        not_before: str | None = None,
        timeout_seconds: float | None = None,
    ) -> Result:
        self.count += 1
        return super().fetch(statement, parameters, not_before=not_before, timeout_seconds=timeout_seconds)


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("postgres", "replica", "read_redis", "heartbeat")


@pytest.fixture
def reads(settings: Settings) -> Iterator[CountingReads]:
    opened = CountingReads(settings)
    eventually(lambda: opened.fetch(ANSWER).origin == "replica")
    opened.count = 0
    yield opened
    opened.close()


@pytest.fixture
def run_id(settings: Settings) -> Iterator[int]:
    """A run that succeeded, the newest of all, removed afterwards."""
    with connect(settings, "owner") as connection:
        row = connection.execute(
            "insert into ops.runs (previous_watermark, watermark, now_at, full_refresh, reason, status) "
            "values (0, 1, now(), false, 'test', 'succeeded') returning run_id"
        ).fetchone()
    assert row is not None
    yield row[0]
    with connect(settings, "owner") as connection:
        connection.execute("delete from ops.runs where run_id = %s", (row[0],))


@contextmanager
def paused(stack: RunningStack, name: str) -> Iterator[None]:
    stack.pause([name])
    try:
        yield
    finally:
        stack.resume([name])


@contextmanager
def later_run(settings: Settings) -> Iterator[str]:
    """A run that was begun after the last that succeeded; gives the position behind it."""
    with connect(settings, "owner") as connection:
        connection.execute(
            "insert into ops.runs (previous_watermark, watermark, now_at, full_refresh, reason, status) "
            "values (1, 2, now(), false, 'overtakes', 'failed')"
        )
    with connect(settings, "owner") as connection:
        yield write_position(connection)
    with connect(settings, "owner") as connection:
        connection.execute("delete from ops.runs where reason = 'overtakes'")


def test_a_fresh_replica_answers(reads: Reads) -> None:
    result = reads.fetch(ANSWER)
    assert (result.origin, result.records()) == ("replica", [{"answer": 42}])
    assert 0 <= result.age_seconds <= reads.max_age_seconds


def test_a_reader_cannot_write(reads: Reads) -> None:
    with pytest.raises(Exception, match=r"read-only transaction|permission denied"):
        reads.fetch(text("delete from ops.heartbeat returning name"))


def test_a_replica_that_hangs_is_passed_over(stack: RunningStack, reads: Reads) -> None:
    with paused(stack, "replica"):
        assert reads.fetch(ANSWER).origin == "primary"
        assert reads.fetch(ANSWER).origin == "primary"
    eventually(lambda: reads.fetch(ANSWER).origin == "replica")


def test_a_replica_that_is_down_is_passed_over(stack: RunningStack, reads: Reads) -> None:
    stack.down(["replica"])
    assert reads.fetch(ANSWER).origin == "primary"
    stack.up(["replica"])
    eventually(lambda: reads.fetch(ANSWER).origin == "replica")


def test_a_late_replica_answers_when_nobody_else_does(stack: RunningStack, reads: Reads) -> None:
    with paused(stack, "heartbeat"):
        reads.max_age_seconds = 1
        eventually(lambda: reads.fetch(ANSWER).origin == "primary")
        with paused(stack, "postgres"):
            late = reads.fetch(ANSWER)
    assert late.origin == "replica"
    assert late.age_seconds > 1


def test_a_statement_that_takes_too_long_is_ended(settings: Settings) -> None:
    impatient = Reads(settings.model_copy(update={"read_timeout_seconds": 1}))
    with pytest.raises(Transient, match=r"too long on the replica.*too long on the primary"):
        impatient.fetch(text("select pg_sleep(30)"))
    impatient.close()


def test_one_statement_may_take_longer_than_the_others(settings: Settings) -> None:
    impatient = Reads(settings.model_copy(update={"read_timeout_seconds": 1}))
    long = text("select pg_sleep(1.5)")
    assert impatient.fetch(long, timeout_seconds=20).rows
    with pytest.raises(Transient, match="too long on the primary"):
        impatient.fetch(long)
    impatient.close()


def test_one_reads_ones_own_write(settings: Settings, reads: Reads, run_id: int) -> None:
    with connect(settings, "operator") as connection:
        position = write_position(connection)
    result = reads.fetch(ANSWER, not_before=position)
    assert result.computed is not None
    assert result.computed.run_id == run_id


def test_what_the_replica_has_not_replayed_is_read_from_the_primary(reads: Reads) -> None:
    assert reads.fetch(ANSWER, not_before="FFFFFFFF/0").origin == "primary"


def test_a_page_read_twice_asks_postgres_once(settings: Settings, reads: CountingReads, run_id: int) -> None:
    eventually(lambda: seen_run(reads) == run_id)
    reads.count = 0
    page: Executable = select(text("7 as seven"))
    with read_redis(settings) as redis:
        cache = ReadCache(reads, redis)
        redis.delete("marts:run")
        first, second = cache.page(page), cache.page(page)
        assert (first.rows, second.rows, second.origin, reads.count) == (((7,),), ((7,),), "cache", 1)
        for key in redis.scan_iter("page:*"):
            redis.delete(key)
        refilled, again = cache.page(page), cache.page(page)
        assert (refilled.rows, again.origin, reads.count) == (((7,),), "cache", 2)


def test_a_read_says_that_a_later_run_was_begun(settings: Settings, reads: CountingReads, run_id: int) -> None:
    eventually(lambda: reads.fetch(ANSWER).computed is not None)
    with connect(settings, "owner") as connection:
        position = write_position(connection)
    before = reads.fetch(ANSWER, not_before=position).computed
    with later_run(settings) as position:
        after = reads.fetch(ANSWER, not_before=position).computed
    assert before is not None
    assert after is not None
    assert (before.run_id, before.is_overtaken) == (run_id, False)
    assert (after.run_id, after.is_overtaken) == (run_id, True)


@pytest.mark.usefixtures("run_id")
def test_what_a_later_run_may_have_changed_is_not_kept(settings: Settings, reads: CountingReads) -> None:
    with read_redis(settings) as redis, later_run(settings) as position:
        eventually(lambda: reads.fetch(ANSWER, not_before=position).origin == "replica")
        redis.delete("marts:run", *redis.scan_iter("page:*"))
        cache = ReadCache(reads, redis)
        reads.count = 0
        page: Executable = select(text("8 as eight"))
        assert [cache.page(page).origin, cache.page(page).origin] == ["replica", "replica"]
        assert reads.count == 2


def test_a_newer_run_is_not_overwritten_by_a_slow_reader(settings: Settings, reads: CountingReads, run_id: int) -> None:
    with read_redis(settings) as redis:
        redis.set("marts:run", run_id + 1, ex=60)
        redis.delete("people")
        cache = ReadCache(reads, redis)
        computed = Computed(run_id, 1, reads.fetch(ANSWER).computed.now_at)  # type: ignore[union-attr]  # the fixture's run
        cache._store("people", Result((), (), "primary", 0.0, computed), 60)
        assert redis.get("people") is None
        redis.delete("marts:run")


def test_without_redis_postgres_answers(settings: Settings, stack: RunningStack, reads: CountingReads) -> None:
    with read_redis(settings) as redis:
        cache = ReadCache(reads, redis)
        with paused(stack, "read_redis"):
            assert cache.page(ANSWER).records() == [{"answer": 42}]


def seen_run(reads: Reads) -> int | None:
    computed = reads.fetch(ANSWER).computed
    return computed.run_id if computed else None
