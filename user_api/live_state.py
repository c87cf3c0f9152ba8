"""The live state that the sink keeps in the Read Redis, as far as the API shows it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from timecontrol.contracts.errors import Transient
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY, LiveStateName, live_key
from timecontrol.settings import Settings

# The state is a help: a punch is not kept waiting for it.
TIMEOUT_SECONDS = 0.5


class LiveState(BaseModel):
    """One employee now. An employee who has never punched is `out` since nothing."""

    state: LiveStateName
    since: datetime | None = None
    session_since: datetime | None = None
    break_type: str | None = None
    site_id: str | None = None
    event_id: str | None = None


class LiveStates:
    """Reads of the `live:` hashes."""

    def __init__(self, settings: Settings) -> None:
        self._redis = Redis(
            host=settings.read_redis.host,
            port=settings.read_redis.port,
            username="app",
            password=settings.secrets.redis["app"].get_secret_value(),
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 1),
            decode_responses=True,
        )

    async def of(self, employee_id: str, at: datetime) -> LiveState:
        """The state that somebody's punches leave at an instant after them.

        Raises Transient when the Read Redis does not answer, or holds a part of the state only.
        """
        try:
            # Both of one instant: a state that is missing and the word that none is.
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hgetall(live_key(employee_id))
                pipe.exists(LIVE_STATE_WHOLE_KEY)
                found, is_whole = await pipe.execute()
        except (RedisError, OSError) as error:
            raise Transient(f"the live state is not there at the moment: {error}") from error
        if not is_whole:
            raise Transient("the live state is read from the topics again and is not whole yet")
        return shown(found, at)

    async def close(self) -> None:
        """Close all connections."""
        await self._redis.aclose()


def shown(found: Mapping[str, str], at: datetime) -> LiveState:
    """The state that a hash says; who is in for longer than any shift has forgotten to clock out, and is out."""
    until = found.get("counts_until")
    if until and at > datetime.fromisoformat(until):
        return LiveState(state="out")
    known = {name: value for name, value in found.items() if value != "" and name in LiveState.model_fields}
    return LiveState.model_validate({"state": "out"} | known)
