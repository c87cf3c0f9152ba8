"""Where accepted punches go: into the Write Redis, and while that is down or full straight to Kafka."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from timecontrol.contracts.buffer import FIELD, STREAM, BufferedRecord, encode
from timecontrol.serving.buffer import client_options
from timecontrol.settings import Settings
from user_api.direct_kafka import DirectKafka

log = structlog.get_logger()

# One connection for each request at a time: requests that wait for the same fsync share it.
CONNECTIONS = 64
# How long the Write Redis is passed over after it did not take an entry.
REST_SECONDS = 1.0
# A phone may repeat a punch whose answer it did not get until its owner is back from a week without a network.
RECEIPT_LIFE = timedelta(days=8)

Door = Literal["buffer", "kafka"]


class Intake:
    """Takes records in; safe for concurrent requests of one event loop."""

    def __init__(self, settings: Settings) -> None:
        # A connection that died with a restart of Redis is replaced once; an entry that came twice is one to the sink.
        options = client_options(settings) | {"retry": Retry(NoBackoff(), 1)}
        pool = BlockingConnectionPool(max_connections=CONNECTIONS, **options)
        self._redis = Redis(connection_pool=pool)
        self._kafka = DirectKafka(settings)
        self._rests_until = 0.0

    async def accept(self, records: Sequence[BufferedRecord]) -> Door:
        """Return when the records are safe, all as one entry; raises Transient when neither door takes them.

        The Write Redis answers after its fsync. An error of Redis leaves open whether it took the entry: then the
        records go to Kafka as well, and the dedup key counts a repeat.
        """
        if time.monotonic() >= self._rests_until:
            try:
                await self._redis.xadd(STREAM, {FIELD: encode(records)})
            except (RedisError, OSError) as error:
                self._rest(error)
            else:
                return "buffer"
        await self._kafka.send(records)
        return "kafka"

    async def first_receipts(self, event_ids: Sequence[UUID], now: datetime) -> dict[UUID, datetime]:
        """When these events reached us first: now, or at an earlier attempt. Empty while the Write Redis is away.

        Keys `received:<event_id>` of the Write Redis, the instant as text, for RECEIPT_LIFE.
        """
        return await self._receipts(event_ids, now)

    async def known_receipts(self, event_ids: Sequence[UUID]) -> dict[UUID, datetime]:
        """When an earlier attempt of these events reached us; those that are new are missing."""
        return await self._receipts(event_ids, None)

    async def _receipts(self, event_ids: Sequence[UUID], now: datetime | None) -> dict[UUID, datetime]:
        if not event_ids or time.monotonic() < self._rests_until:
            return {}
        pipeline = self._redis.pipeline(transaction=False)
        for event_id in event_ids:
            key = f"received:{event_id}"
            if now is None:
                pipeline.get(key)
            else:
                pipeline.set(key, now.astimezone(UTC).isoformat(), nx=True, get=True, ex=RECEIPT_LIFE)
        try:
            found: list[Any] = await pipeline.execute()
        except (RedisError, OSError) as error:
            self._rest(error)
            return {}
        known = {
            event_id: datetime.fromisoformat(answer.decode())
            for event_id, answer in zip(event_ids, found, strict=True)
            if answer is not None
        }
        return known if now is None else {event_id: known.get(event_id, now) for event_id in event_ids}

    async def answers(self) -> bool:
        """Whether the Write Redis answers; Kafka may take punches when it does not."""
        try:
            return bool(await self._redis.ping())
        except (RedisError, OSError):
            return False

    async def close(self) -> None:
        """Close all connections."""
        self._kafka.close()
        await self._redis.aclose()

    def _rest(self, error: Exception) -> None:
        log.warning("write_redis_does_not_take", error=str(error))
        self._rests_until = time.monotonic() + REST_SECONDS
