"""The live state over HTTP while the Read Redis holds a part of it only."""

import httpx
import pytest

from tests.integration.api_client import NEEDED, Api, event_id
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def me(settings: Settings) -> httpx.Client:
    api = Api(settings)
    return api.person("employee", employee_id=api.employee())


def clock_out(me: httpx.Client) -> list[str]:
    """The warnings about a punch that nobody clocked in for."""
    body = {"event_id": event_id(), "kind": "clock_out", "occurred_at": "2026-06-01T08:00:00Z"}
    answer = me.post("/v1/punches", json=body)
    assert answer.status_code == 202, answer.text
    warnings: list[str] = answer.json()["warnings"]
    return warnings


def test_a_part_of_the_state_is_no_state(settings: Settings, me: httpx.Client) -> None:
    with read_redis(settings) as redis:
        eventually(lambda: redis.exists(LIVE_STATE_WHOLE_KEY))
        assert me.get("/v1/me/state").json()["state"] == "out"
        redis.delete(LIVE_STATE_WHOLE_KEY)
        try:
            partial = me.get("/v1/me/state")
            assert (partial.status_code, partial.headers["Retry-After"]) == (503, "5")
            assert clock_out(me) == []
        finally:
            redis.set(LIVE_STATE_WHOLE_KEY, 1)
    assert [warning[:22] for warning in clock_out(me)] == ["You are not clocked in"]
