"""Whether a bearer token holds: its signature here, its revocation in PostgreSQL, asked at most every few seconds."""

import time
from collections import OrderedDict
from typing import TypeVar

import structlog
from anyio import CapacityLimiter, fail_after, to_thread
from sqlalchemy import Engine

from timecontrol.clock import Clock
from timecontrol.contracts.errors import Transient
from timecontrol.core.accounts import holder
from timecontrol.core.tokens import Claims, Unauthenticated, fingerprint, read
from timecontrol.warehouse.core_store import POOL_SIZE, transaction

log = structlog.get_logger()

K = TypeVar("K")
V = TypeVar("V")

# A revoked token is refused after this long at the latest; each process asks PostgreSQL this often for a busy token.
RECHECK_SECONDS = 5.0
# A primary that is frozen answers no timeout of its own; no punch waits for it longer than this.
ANSWER_SECONDS = 2.0
# One for each terminal and each person of a large company; the least recently used ones are asked for again.
KEPT_TOKENS = 10_000


class TokenCheck:
    """Checks tokens. While PostgreSQL is away a signature is enough where punches are captured, and nowhere else."""

    def __init__(self, engine: Engine, key: bytes, clock: Clock) -> None:
        self.key = key
        self._engine = engine
        self._clock = clock
        self._checked: OrderedDict[bytes, tuple[Claims, float]] = OrderedDict()
        self._refused: OrderedDict[bytes, str] = OrderedDict()
        self._rests_until = 0.0
        # Threads of their own: requests that fill the shared ones must not keep tokens from being checked.
        self._threads = CapacityLimiter(POOL_SIZE)

    async def claims(self, token: str, *, signature_is_enough: bool = False) -> Claims:
        """What the token says about its holder, with the roles that hold now; raises Unauthenticated.

        While PostgreSQL does not answer: what is known of the holder, or what was signed, where `signature_is_enough`,
        else Transient.
        """
        signed = read(token, self.key, self._clock.now())
        name = fingerprint(token)
        if name in self._refused:
            raise Unauthenticated(self._refused[name])
        known = self._checked.get(name)
        if known is not None and time.monotonic() - known[1] < RECHECK_SECONDS:
            return known[0]
        try:
            found = await self._ask(signed, token)
        except Transient as error:
            if not signature_is_enough:
                raise
            log.warning("token_not_checked", error=str(error))
            return known[0] if known is not None else signed
        except Unauthenticated as error:
            # Nothing makes a revoked token valid again: it stays refused while PostgreSQL is away.
            _keep(self._refused, name, str(error))
            raise
        _keep(self._checked, name, (found, time.monotonic()))
        return found

    def forget(self) -> None:
        """Ask again about every token: something about tokens or accounts has changed here."""
        self._checked.clear()

    async def _ask(self, signed: Claims, token: str) -> Claims:
        """What PostgreSQL knows of the holder; raises Transient at once where it did not answer a moment ago."""
        if time.monotonic() < self._rests_until:
            raise Transient("PostgreSQL did not answer a moment ago")
        try:
            with fail_after(ANSWER_SECONDS):
                return await to_thread.run_sync(
                    self._holder, signed, token, abandon_on_cancel=True, limiter=self._threads
                )
        except TimeoutError as error:
            self._rest()
            raise Transient(f"PostgreSQL did not answer within {ANSWER_SECONDS} s") from error
        except Transient:
            self._rest()
            raise

    def _rest(self) -> None:
        self._rests_until = time.monotonic() + RECHECK_SECONDS

    def _holder(self, signed: Claims, token: str) -> Claims:
        with transaction(self._engine) as session:
            return holder(session, signed, token)


def _keep(kept: OrderedDict[K, V], key: K, value: V) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > KEPT_TOKENS:
        kept.popitem(last=False)
