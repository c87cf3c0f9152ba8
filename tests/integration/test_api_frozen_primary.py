"""A primary that is stopped in the middle of everything: its connections stay open, and it obeys no timeout of its own."""

from collections.abc import Iterator

import httpx
import pytest

from tests.integration.api_client import NEEDED, Api, client
from tests.running_stack import RunningStack
from timecontrol.serving.compute import run
from timecontrol.settings import Settings

# As many as the API keeps: each of them is a connection that will never answer again.
POOLED = 8


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED, "replica")


@pytest.fixture(scope="module")
def me(settings: Settings) -> httpx.Client:
    api = Api(settings)
    person = api.person("employee", employee_id=api.employee())
    run(settings, reason="test")
    for _ in range(POOLED):
        person.get("/v1/me/schedule").raise_for_status()
    return person


@pytest.fixture
def frozen(stack: RunningStack, me: httpx.Client) -> Iterator[None]:  # noqa: ARG001  connected before
    stack.pause(["postgres"])
    try:
        yield
    finally:
        stack.resume(["postgres"])


@pytest.mark.usefixtures("frozen")
def test_hours_come_from_the_replica(me: httpx.Client) -> None:
    for period in ({"from": "2026-01-01", "to": "2026-01-31"}, {}):
        answer = me.get("/v1/me/hours", params=period)
        assert (answer.status_code, answer.headers["X-Source"]) == (200, "replica"), answer.text


@pytest.mark.usefixtures("frozen")
def test_what_needs_the_primary_is_answered_503(settings: Settings, me: httpx.Client) -> None:
    sign_in = client(settings).post("/v1/sessions", json={"login": "test-admin", "password": "of no use"})
    answers = [sign_in, me.get("/v1/me/schedule"), client(settings).get("/health/ready")]
    assert [(answer.status_code, answer.json().get("code")) for answer in answers] == [
        (503, "unavailable"),
        (503, "unavailable"),
        (503, None),
    ]
