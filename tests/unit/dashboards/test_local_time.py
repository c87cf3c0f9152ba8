"""Times of day as texts tell them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dashboards.local_time import told

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_zone_is_told_only_near_a_clock_change() -> None:
    assert told(datetime(2026, 10, 7, 6, 5, tzinfo=UTC), BERLIN) == "08:05"
    assert told(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), BERLIN, "%H:%M:%S") == "02:30:00 CEST"
    assert told(datetime(2026, 10, 25, 1, 30, tzinfo=UTC), BERLIN, "%H:%M:%S") == "02:30:00 CET"
