"""Whether a token holds, while PostgreSQL can say it and while it cannot."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import Mock
from uuid import UUID

import pytest
from anyio import to_thread

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.core.tokens import Claims, Unauthenticated, issue
from user_api import token_check
from user_api.token_check import ANSWER_SECONDS, TokenCheck

KEY = b"key"
CLAIMS = Claims(
    token_id=UUID(int=1),
    kind="person",
    login="ada",
    roles=("admin",),
    expires_at=SystemClock().now() + timedelta(hours=1),
)
TOKEN = issue(CLAIMS, KEY)


@pytest.fixture
def tokens() -> TokenCheck:
    return TokenCheck(Mock(), KEY, SystemClock())


def answers(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
    """Let PostgreSQL know the token, or fail so."""

    @contextmanager
    def transaction(_engine: object) -> Iterator[None]:
        if error is not None:
            raise error
        yield

    monkeypatch.setattr(token_check, "transaction", transaction)
    monkeypatch.setattr(token_check, "holder", lambda _session, claims, _token: claims)


def test_while_postgresql_is_away_the_signature_is_enough_for_capture_alone(
    monkeypatch: pytest.MonkeyPatch, tokens: TokenCheck
) -> None:
    answers(monkeypatch, Transient("away"))

    async def ask() -> None:
        for _ in range(2):
            assert await tokens.claims(TOKEN, signature_is_enough=True) == CLAIMS
            with pytest.raises(Transient):
                await tokens.claims(TOKEN)

    asyncio.run(ask())


def test_a_token_that_was_revoked_is_refused_everywhere_also_while_postgresql_is_away(
    monkeypatch: pytest.MonkeyPatch, tokens: TokenCheck
) -> None:
    async def ask() -> None:
        for error in (Unauthenticated("revoked"), Transient("away")):
            answers(monkeypatch, error)
            with pytest.raises(Unauthenticated, match="revoked"):
                await tokens.claims(TOKEN, signature_is_enough=True)

    asyncio.run(ask())


def test_a_crowd_that_fills_the_threads_of_the_process_keeps_no_token_from_being_checked(
    monkeypatch: pytest.MonkeyPatch, tokens: TokenCheck
) -> None:
    answers(monkeypatch)

    async def ask() -> Claims:
        limiter = to_thread.current_default_thread_limiter()
        for number in range(int(limiter.total_tokens)):
            limiter.acquire_on_behalf_of_nowait(number)
        started = time.monotonic()
        found = await tokens.claims(TOKEN)
        assert time.monotonic() - started < ANSWER_SECONDS
        return found

    assert asyncio.run(ask()) == CLAIMS
