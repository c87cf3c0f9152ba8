"""Badges of the legacy database and of the User Core as one table, with their dates."""

from datetime import UTC, datetime

import pytest
import uuid_utils

from tests.integration.legacy_database import session
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.badges import BadgeTable
from timecontrol.settings import Settings
from timecontrol.warehouse.hr_store import badges
from timecontrol.warehouse.pools import connect

MARCH = datetime(2024, 3, 1, tzinfo=UTC)


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("mysql", "sink_postgres", "binlog_replicator")


def holder(settings: Settings, device: str, instant: datetime) -> str | None:
    with connect(settings, "ingest") as connection:
        return BadgeTable(badges(connection)).holder(device, "7", instant)


def test_a_badge_that_appears_in_either_place_is_found_by_date(settings: Settings) -> None:
    device = f"T-{uuid_utils.uuid7()}"
    assert holder(settings, device, MARCH) is None
    with session(settings) as legacy:
        legacy.execute(
            "insert into badges values (%s, %s, '7', 'E1', '2024-01-01', '2024-02-01'), (%s, %s, '7', 'E2', '2024-02-01', null)",
            (f"{device}-1", device, f"{device}-2", device),
        )
    eventually(lambda: holder(settings, device, MARCH) == "E2")
    assert holder(settings, device, datetime(2024, 1, 31, tzinfo=UTC)) == "E1"
    with connect(settings, "core") as connection:
        connection.execute(
            "insert into core.badges (device_id, device_user, employee_id, valid_from, actor) values (%s, '7', 'E3', %s, 'test')",
            (device, MARCH),
        )
    assert holder(settings, device, MARCH) == "E3"
    assert holder(settings, device, datetime(2024, 2, 29, tzinfo=UTC)) == "E2"
