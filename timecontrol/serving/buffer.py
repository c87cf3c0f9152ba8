"""The Write Redis: its clients' settings, and how much waits in it."""

from dataclasses import dataclass
from typing import Any, cast

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from timecontrol.contracts.buffer import STREAM
from timecontrol.contracts.errors import Transient
from timecontrol.settings import RedisUser, Settings

# Longer than any fsync of a healthy disk; a Redis that is silent for so long is frozen.
TIMEOUT_SECONDS = 2.0


@dataclass(frozen=True)
class BufferStatus:
    """What the Write Redis holds that PostgreSQL has not committed.

    Attributes:
        entries: entries of the stream; a batch is one.
        oldest_age_seconds: since the oldest was accepted, by the clock of the Write Redis; None when nothing waits.
    """

    entries: int
    oldest_age_seconds: float | None


def client_options(settings: Settings, user: RedisUser = "app") -> dict[str, Any]:
    """Arguments of a sync client of the Write Redis; they hold the password, so never log them.

    It repeats nothing by itself: a read of the group whose answer was lost would skip what it had been given.
    """
    return {
        "host": settings.write_redis.host,
        "port": settings.write_redis.port,
        "username": user,
        "password": settings.secrets.redis[user].get_secret_value(),
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
    }


def buffer_status(settings: Settings, user: RedisUser = "operator") -> BufferStatus:
    """Depth and age of the buffer. Raises Transient when the Write Redis does not answer."""
    try:
        with Redis(**client_options(settings, user)) as redis:
            entries = cast("int", redis.xlen(STREAM))
            oldest = cast("list[tuple[bytes, Any]]", redis.xrange(STREAM, count=1))
            now_us = int(cast("dict[str, Any]", redis.info("server"))["server_time_usec"])
    except RedisError as error:
        raise Transient(f"the Write Redis does not answer: {error}") from error
    if not oldest:
        return BufferStatus(entries, None)
    accepted_ms = int(oldest[0][0].split(b"-")[0])
    return BufferStatus(entries, max(0.0, now_us / 1e6 - accepted_ms / 1000))
