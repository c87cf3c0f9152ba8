"""The live state in the Read Redis, its positions with it: WATCH on the positions, then all writes in one MULTI.

Positions lie beside the data, so whatever happens to this Redis happens to both: when it was flushed or restarted
empty, the positions are gone too and the loop reads the topics again from their start.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar, cast

import structlog
from redis import Redis
from redis.client import Pipeline
from redis.exceptions import BusyLoadingError, OutOfMemoryError, WatchError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from ingestion.sinks.changes import decode_core, decode_hr
from ingestion.sinks.decode import decode_punch
from ingestion.sinks.live_state.commands import Command
from ingestion.sinks.live_state.documents import Documents
from ingestion.sinks.live_state.people import Touched, profile_commands, project_core, project_hr
from ingestion.sinks.live_state.punches import live_commands, project_punches
from ingestion.sinks.records import PartitionId, Position, PositionMoved, Record, Run
from timecontrol.clock import Clock
from timecontrol.contracts import core_change, hr_change, punch
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.contracts.punch import Punch
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY, live_position_key

log = structlog.get_logger()

Content = TypeVar("Content")

TOPICS = (punch.TOPIC, hr_change.TOPIC, core_change.TOPIC)


class LiveStateStore:
    """See `ingestion.sinks.loop.Store`. What no decoder accepts is passed over: the Postgres sink keeps it in quarantine."""

    def __init__(self, redis: Redis, clock: Clock, signing_key: bytes) -> None:
        self._redis = redis
        self._clock = clock
        self._signing_key = signing_key

    def position(self, partition_id: PartitionId) -> Position | None:
        """The next offset, None when this Redis holds no state of the partition."""
        with transient_errors():
            # redis-py's types allow for clients that decode text; this one gives bytes.
            stored = cast("bytes | None", self._redis.get(position_key(partition_id)))
        return None if stored is None else parse_position(stored)

    def start(self, partition_id: PartitionId, offset: int) -> None:
        """Begin a partition that this Redis holds no state of: until it has been read the state is not whole."""
        with transient_errors(), self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(LIVE_STATE_WHOLE_KEY)
            pipe.set(position_key(partition_id), offset, nx=True)
            pipe.execute()

    def caught_up(self, positions: Sequence[tuple[PartitionId, int]]) -> bool:
        """Mark the state as whole, unless this Redis is no longer at these positions, and then return False."""
        keys = [position_key(partition_id) for partition_id, _ in positions]
        with transient_errors(), self._redis.pipeline(transaction=True) as pipe:
            reader = _PipelineReader(pipe)
            reader.watch(keys)
            stored = [None if value is None else parse_position(value).offset for value in reader.mget(keys)]
            if stored != [offset for _, offset in positions]:
                return False
            pipe.multi()
            pipe.set(LIVE_STATE_WHOLE_KEY, 1)
            try:
                pipe.execute()
            except WatchError:
                return False
        return True

    def knows_former_life(self, _partition_id: PartitionId) -> bool:
        """No: it shows the present, and its keys do not name the topic; the other sinks tell."""
        return False

    def apply(self, runs: Sequence[Run]) -> None:
        """Write what follows from the runs, and the positions, as one transaction."""
        keys = [position_key(run.partition_id) for run in runs]
        with transient_errors(), self._redis.pipeline(transaction=True) as pipe:
            reader = _PipelineReader(pipe)
            reader.watch(keys)
            stored = [None if value is None else parse_position(value).offset for value in reader.mget(keys)]
            if stored != [run.first_offset for run in runs]:
                raise PositionMoved
            commands = self._commands(reader, runs)
            pipe.multi()
            for command in commands:
                pipe.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
            pipe.mset({key: format_position(run) for key, run in zip(keys, runs, strict=True)})
            try:
                pipe.execute()
            except WatchError as error:
                raise PositionMoved from error

    def _commands(self, reader: "_PipelineReader", runs: Sequence[Run]) -> list[Command]:
        known, touched = Documents(reader), Touched()
        commands: list[Command] = []
        arrived: defaultdict[str, list[tuple[Punch, int]]] = defaultdict(list)
        for run in runs:
            topic = run.partition_id.topic
            if topic == punch.TOPIC:
                for event, offset in accepted(run, self._decode_punch):
                    arrived[event.employee_id].append((event, offset))
            elif topic == core_change.TOPIC:
                project_core(known, touched, list(accepted(run, decode_core)))
            else:
                changes = list(accepted(run, decode_hr))
                commands += project_hr(reader, known, touched, run.partition_id.partition, changes)
        project_punches(known, touched, arrived)
        commands += live_commands(reader, known, touched)
        commands += profile_commands(known, self._clock.now().date())
        return [*commands, *touched.commands(), *known.commands()]

    def _decode_punch(self, record: Record) -> tuple[Punch, int]:
        return decode_punch(record, self._signing_key).punch, record.offset


def accepted(run: Run, decode: Callable[[Record], Content]) -> Iterator[Content]:
    """What the records say that a decoder accepts."""
    for record in run.records:
        try:
            yield decode(record)
        except Rejected as error:
            log.warning("passed_over", place=record.place, code=error.code)


def position_key(partition_id: PartitionId) -> str:
    """Where the position of a partition is."""
    return live_position_key(partition_id.cluster_id, partition_id.topic_id, partition_id.partition)


def format_position(run: Run) -> str:
    """The position after the run: `<next offset>`, and ` <leader epoch>` of the record before it where the broker tells it."""
    next_offset = str(run.last_offset + 1)
    return next_offset if run.leader_epoch is None else f"{next_offset} {run.leader_epoch}"


def parse_position(stored: bytes) -> Position:
    """What `format_position` wrote."""
    next_offset, *epoch = stored.split()
    return Position(int(next_offset), int(epoch[0]) if epoch else None)


@contextmanager
def transient_errors() -> Iterator[None]:
    """Errors of Redis that pass: it is not there, it is loading, it is full."""
    try:
        yield
    except (RedisConnectionError, RedisTimeoutError, BusyLoadingError, OutOfMemoryError) as error:
        raise Transient(f"the Read Redis: {error}") from error


class _PipelineReader:
    """Reads of a pipeline that watches: each is executed at once."""

    def __init__(self, pipe: "Pipeline") -> None:
        self._pipe = pipe

    def watch(self, keys: Sequence[str]) -> None:
        self._pipe.watch(*keys)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped

    def mget(self, keys: Sequence[str]) -> list[bytes | None]:
        # redis-py's types allow for clients that decode text; this one gives bytes.
        return cast(list[bytes | None], self._pipe.mget(keys)) if keys else []

    def hmget(self, key: str, fields: Sequence[str]) -> list[bytes | None]:
        return cast(list[bytes | None], self._pipe.hmget(key, list(fields))) if fields else []

    def smembers(self, key: str) -> set[bytes]:
        return cast(set[bytes], self._pipe.smembers(key))

    def hgetall(self, key: str) -> dict[bytes, bytes]:
        return cast(dict[bytes, bytes], self._pipe.hgetall(key))
