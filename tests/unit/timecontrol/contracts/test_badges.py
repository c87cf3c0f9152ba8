"""Badges: which employee a user number of a device was at an instant."""

from datetime import UTC, datetime

from timecontrol.contracts.badges import ANY_DEVICE, Badge, BadgeTable

MARCH = datetime(2024, 3, 1, tzinfo=UTC)
APRIL = datetime(2024, 4, 1, tzinfo=UTC)
MAY = datetime(2024, 5, 1, tzinfo=UTC)


def test_dates_begin_included_and_end_excluded() -> None:
    table = BadgeTable([Badge("T1", "7", "E1", MARCH, APRIL), Badge("T1", "7", "E2", APRIL, None)])
    assert [table.holder("T1", "7", instant) for instant in (MARCH, APRIL, MAY)] == ["E1", "E2", "E2"]
    assert table.holder("T1", "7", datetime(2024, 2, 29, tzinfo=UTC)) is None


def test_a_row_of_the_device_goes_before_one_for_all_devices() -> None:
    table = BadgeTable([Badge(ANY_DEVICE, "7", "E1", None, None), Badge("T1", "7", "E2", MARCH, None)])
    assert table.holder("T1", "7", MAY) == "E2"
    assert table.holder("T2", "7", MAY) == "E1"
    assert table.holder("T1", "7", datetime(2024, 1, 1, tzinfo=UTC)) == "E1"


def test_of_overlapping_rows_the_later_counts() -> None:
    table = BadgeTable([Badge("T1", "7", "E1", None, None), Badge("T1", "7", "E2", MARCH, None)])
    assert table.holder("T1", "7", MAY) == "E2"
