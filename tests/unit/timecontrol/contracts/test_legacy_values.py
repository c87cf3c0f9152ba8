"""What the legacy HR system's columns hold, whatever that is."""

from datetime import UTC, date, datetime

import pytest

from timecontrol.contracts.legacy_values import legacy_breaks, legacy_date, legacy_instant, legacy_text


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Ada", "Ada"),
        ("", ""),
        (7, "7"),
        ({"utf8_base64": "AMOEZGE="}, "Äda"),
        ({"base64": "/w=="}, None),
        (None, None),
    ],
)
def test_a_text_or_none(value: object, found: str | None) -> None:
    assert legacy_text(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026-02-28T08:00:00", date(2026, 2, 28)),
        ("2026-02-30", None),
        ("0000-00-00", None),
        ("", None),
        (None, None),
        ({"base64": "AA=="}, None),
    ],
)
def test_a_date_or_none(value: object, found: date | None) -> None:
    assert legacy_date(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("2026-01-05T08:00:00", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("2026-01-05T08:00:00.000007", datetime(2026, 1, 5, 8, 0, 0, 7, tzinfo=UTC)),
        ("2026-01-05T09:00:00+01:00", datetime(2026, 1, 5, 8, tzinfo=UTC)),
        ("0000-00-00 00:00:00", None),
        (7, None),
        (None, None),
    ],
)
def test_an_instant_or_none(value: object, found: datetime | None) -> None:
    assert legacy_instant(value) == found


def test_breaks_that_can_be_read() -> None:
    good = '{"start": "2026-01-06T15:00:00Z", "end": "2026-01-06T15:15:00Z", "paid": false}'
    backwards = '{"start": "2026-01-06T15:00:00Z", "end": "2026-01-06T15:00:00Z", "paid": false}'
    assert legacy_breaks(f'["lunch", {{"start": "noon"}}, {backwards}, {good}]') == [
        {"start": "2026-01-06T15:00:00Z", "end": "2026-01-06T15:15:00Z", "paid": False}
    ]
    assert [legacy_breaks(text) for text in ("{not json", "7", None)] == [[], [], []]
