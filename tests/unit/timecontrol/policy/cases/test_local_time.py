"""Local times of cases: skipped hours are refused, repeated ones have two passes."""

from datetime import UTC, date, datetime

import pytest

from timecontrol.policy.cases.local_time import end_after, instant, midnight, to_local, zone

BERLIN = zone("Europe/Berlin")


def test_a_local_time_becomes_an_instant() -> None:
    assert instant(datetime(2025, 6, 2, 8), BERLIN) == datetime(2025, 6, 2, 6, tzinfo=UTC)  # noqa: DTZ001  local by contract


def test_the_two_passes_of_a_repeated_hour() -> None:
    local = to_local("2025-10-26T02:30:00")
    assert instant(local, BERLIN) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert instant(local, BERLIN, fold=1) == datetime(2025, 10, 26, 1, 30, tzinfo=UTC)


def test_half_hours_are_repeated_too() -> None:
    assert instant(to_local("2025-04-06T01:45:00"), zone("Australia/Lord_Howe"), fold=1) == datetime(
        2025, 4, 5, 15, 15, tzinfo=UTC
    )


def test_a_skipped_time_does_not_exist() -> None:
    with pytest.raises(ValueError, match="2025-03-30T02:30:00 does not exist in Europe/Berlin: the clock skips it"):
        instant(to_local("2025-03-30T02:30:00"), BERLIN)


def test_a_second_pass_where_there_is_none() -> None:
    with pytest.raises(ValueError, match="comes only once in Europe/Berlin"):
        instant(to_local("2025-06-02T02:30:00"), BERLIN, fold=1)


def test_an_end_in_a_repeated_hour_is_the_pass_after_the_start() -> None:
    start = instant(to_local("2025-10-26T02:45:00"), BERLIN)
    assert end_after(start, to_local("2025-10-26T02:15:00"), BERLIN) == datetime(2025, 10, 26, 1, 15, tzinfo=UTC)
    with pytest.raises(ValueError, match="is not after the start"):
        end_after(start, to_local("2025-10-26T01:00:00"), BERLIN)


def test_a_midnight_that_the_clock_skips_is_the_first_instant_after_it() -> None:
    assert midnight(date(2018, 11, 4), zone("America/Sao_Paulo")) == datetime(2018, 11, 4, 3, tzinfo=UTC)


@pytest.mark.parametrize("value", ["2025-06-02", "2025-06-02T08:00:00+02:00", "08:00", 5, None, "2025-06-31T08:00:00"])
def test_anything_but_a_local_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"local time|out of range"):
        to_local(value)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown time zone Europe/Belin"):
        zone("Europe/Belin")
