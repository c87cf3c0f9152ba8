"""Signing in: the password is judged while no connection is held, what changes meanwhile counts, guesses are counted."""

from collections.abc import Iterator
from typing import cast

import pytest
from sqlalchemy import Engine, QueuePool

from tests.integration.api_client import NEEDED, PASSWORD, Api, new_id
from tests.running_stack import RunningStack
from timecontrol.clock import SystemClock
from timecontrol.core import accounts
from timecontrol.core.accounts import SignInRefused, sign_in
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings
from timecontrol.warehouse.core_store import core_engine
from user_api.sign_in_limit import MAX_ATTEMPTS, WINDOW, SignInLimit, TooManyAttempts, key


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    opened = core_engine(settings)
    yield opened
    opened.dispose()


@pytest.fixture
def login(api: Api) -> str:
    name = new_id("login")
    account = {"login": name, "password": PASSWORD, "roles": ["employee"]}
    api.admin.post("/v1/accounts", json=account).raise_for_status()
    return name


def test_an_attempt_that_is_taken_back_leaves_the_others_and_their_window(settings: Settings) -> None:
    with read_redis(settings) as redis:
        limit, name = SignInLimit(redis), new_id("login")
        limit.take_back(name)
        assert redis.get(key(name)) is None
        for _ in range(MAX_ATTEMPTS):
            limit.count(name)
        limit.take_back(name)
        assert 0 < cast(int, redis.ttl(key(name))) <= WINDOW.total_seconds()
        limit.count(name)
        with pytest.raises(TooManyAttempts):
            limit.count(name)


@pytest.mark.parametrize("change", [{"active": False}, {"password": "another right password"}])
def test_who_is_closed_while_the_password_is_judged_is_not_let_in(
    monkeypatch: pytest.MonkeyPatch, api: Api, engine: Engine, login: str, change: dict[str, object]
) -> None:
    in_use: list[int] = []

    class Hasher:
        def verify(self, _hash: str, _password: str) -> None:
            assert isinstance(engine.pool, QueuePool)
            in_use.append(engine.pool.checkedout())
            api.admin.patch(f"/v1/accounts/{login}", json=change).raise_for_status()

    assert sign_in(engine, login, PASSWORD, b"key", SystemClock().now()).claims.login == login
    monkeypatch.setattr(accounts, "_hasher", Hasher())
    with pytest.raises(SignInRefused):
        sign_in(engine, login, PASSWORD, b"key", SystemClock().now())
    assert in_use == [0]
