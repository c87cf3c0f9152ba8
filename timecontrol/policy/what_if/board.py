"""The board in the Read Redis on which pages ask for comparisons and the service answers. Keys: docs/redis-keys.md."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from pydantic import ValidationError
from redis import Redis
from redis.exceptions import RedisError

from timecontrol.contracts.errors import Transient
from timecontrol.policy.difference import Difference
from timecontrol.policy.difference_json import from_json, to_json
from timecontrol.policy.what_if.request import Request

State = Literal["waiting", "computing", "done", "failed"]
UNDER_WAY: frozenset[State] = frozenset({"waiting", "computing"})

RedisValue = bytes | bytearray | memoryview | str | int | float

# A question of this day: whoever has it tomorrow wants it on tomorrow's hours.
LIFE_SECONDS = 86_400
ASKED, TAKEN = "what_if:asked", "what_if:taken"


@dataclass(frozen=True)
class Comparison:
    """Where a comparison stands.

    Attributes:
        at: since when it is in this state.
        step: what is computed, in words; empty while it waits.
        begun: how many steps were begun, this one included.
        before: how many are computed first; 0 unless it waits.
        error: why it failed, with what to do; empty unless it failed.
        found: the answer; None unless it is done.
    """

    request: Request
    state: State
    at: datetime
    step: str = ""
    begun: int = 0
    before: int = 0
    error: str = ""
    found: Difference | None = None


class Board:
    """All comparisons of the last day; every method raises Transient where the Read Redis does not answer."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    def ask(self, request: Request, at: datetime) -> None:
        """Ask for a comparison, anew where it has been computed or has failed; one that is under way goes on."""
        with _answering():
            if self._field(request.id, "state") in UNDER_WAY:
                return
            with self._redis.pipeline() as pipeline:
                pipeline.delete(_key(request.id))
                self._write(pipeline, request.id, at, request=request.model_dump_json(), state="waiting")
                pipeline.rpush(ASKED, request.id)
                pipeline.execute()

    def look(self, comparison_id: str) -> Comparison | None:
        """Where it stands; None where nobody has asked for it within a day."""
        with _answering():
            stored = cast(dict[bytes, bytes], self._redis.hgetall(_key(comparison_id)))
            place = cast(int | None, self._redis.lpos(ASKED, comparison_id))
            taken = self._redis.llen(TAKEN)
        if b"request" not in stored:
            return None
        state = cast(State, stored[b"state"].decode())
        return Comparison(
            request=Request.model_validate_json(stored[b"request"]),
            state=state,
            at=datetime.fromisoformat(stored[b"at"].decode()),
            step=stored.get(b"step", b"").decode(),
            begun=int(stored.get(b"begun", 0)),
            before=(place or 0) + taken if state == "waiting" else 0,
            error=stored.get(b"error", b"").decode(),
            found=from_json(zlib.decompress(stored[b"found"]).decode()) if state == "done" else None,
        )

    def take(self, at: datetime) -> Request | None:
        """The next one to compute, from now on `computing`; None where nothing is asked for."""
        with _answering():
            taken = cast(bytes | None, self._redis.lmove(ASKED, TAKEN))
            if taken is None:
                return None
            comparison_id = taken.decode()
            try:
                request = Request.model_validate_json(self._field(comparison_id, "request") or "")
            except ValidationError:  # pushed out of a full cache, or written by another version of this code
                self._redis.lrem(TAKEN, 0, comparison_id)
                return None
            self._write(self._redis, comparison_id, at, state="computing")
            return request

    def say(self, comparison_id: str, step: str, at: datetime) -> None:
        """What is computed from now on."""
        with _answering():
            self._redis.hincrby(_key(comparison_id), "begun")
            self._write(self._redis, comparison_id, at, step=step)

    def finish(self, comparison_id: str, found: Difference, at: datetime) -> None:
        """The answer."""
        content = zlib.compress(to_json(found).encode())
        with _answering():
            self._write(self._redis, comparison_id, at, state="done", found=content)
            self._redis.lrem(TAKEN, 0, comparison_id)

    def fail(self, comparison_id: str, error: str, at: datetime) -> None:
        """Why there is no answer, unless there is one: who fails may have finished just before."""
        with _answering():
            if self._field(comparison_id, "state") == "computing":
                self._write(self._redis, comparison_id, at, state="failed", error=error)
            self._redis.lrem(TAKEN, 0, comparison_id)

    def left(self) -> list[str]:
        """The ids of those that were taken and are neither finished nor failed."""
        with _answering():
            return [name.decode() for name in cast(list[bytes], self._redis.lrange(TAKEN, 0, -1))]

    def _field(self, comparison_id: str, name: str) -> str | None:
        value = cast(bytes | None, self._redis.hget(_key(comparison_id), name))
        return None if value is None else value.decode()

    def _write(self, redis: Redis, comparison_id: str, at: datetime, **fields: str | bytes) -> None:
        values: dict[str, str | bytes] = {"at": at.isoformat(), **fields}
        redis.hset(_key(comparison_id), mapping=cast(dict[RedisValue, RedisValue], values))
        redis.expire(_key(comparison_id), LIFE_SECONDS)


def _key(comparison_id: str) -> str:
    return f"what_if:{comparison_id}"


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        raise Transient(
            f"the Read Redis, where comparisons are asked for and answered, does not answer: {error}"
        ) from error
