"""Clients of the Read Redis that fail at once instead of keeping a page waiting."""

import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from timecontrol.settings import RedisUser, Settings

log = structlog.get_logger()

T = TypeVar("T")

# A cache that needs longer than the database behind it is of no use.
TIMEOUT_SECONDS = 0.5
# How long Redis is passed over after it did not answer.
REST_SECONDS = 5.0


def read_redis(settings: Settings, user: RedisUser = "app") -> Redis:
    """A client of the Read Redis, of bytes, without retries; connects on first use."""
    return Redis(
        host=settings.read_redis.host,
        port=settings.read_redis.port,
        username=user,
        password=settings.secrets.redis[user].get_secret_value(),
        socket_timeout=TIMEOUT_SECONDS,
        socket_connect_timeout=TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


class BestEffortRedis:
    """Redis as a help that may be missing: operations give None while it does not answer."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._rests_until = 0.0

    def attempt(self, operation: Callable[[Redis], T]) -> T | None:
        """What the operation returns, or None when Redis does not answer or did not a moment ago."""
        if time.monotonic() < self._rests_until:
            return None
        try:
            return operation(self.redis)
        except RedisError as error:
            self._rests_until = time.monotonic() + REST_SECONDS
            log.warning("read_redis_does_not_answer", error=str(error))
            return None
