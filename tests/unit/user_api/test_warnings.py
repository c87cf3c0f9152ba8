"""Warnings about the state that a punch meets."""

import asyncio
from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock, Mock
from uuid import UUID

import pytest

from timecontrol.contracts.punch import Punch
from user_api.live_state import LiveState
from user_api.routes.punches import odd_state

SINCE = datetime(2026, 11, 24, 13, tzinfo=UTC)


@pytest.mark.parametrize(("seconds", "warned"), [(-1, False), (0, True), (60, True)])
def test_a_punch_from_before_the_state_meets_another_one(seconds: int, warned: bool) -> None:
    punch = Punch(
        event_id=UUID(int=1),
        employee_id="E1",
        kind="clock_in",
        occurred_at=SINCE + timedelta(seconds=seconds),
        source="api",
        device_id="T1",
    )
    services = Mock(live=Mock(of=AsyncMock(return_value=LiveState(state="in", since=SINCE))))
    warnings = asyncio.run(odd_state(punch, services))
    assert [text.startswith("You are already clocked in.") for text in warnings] == [True] * warned
