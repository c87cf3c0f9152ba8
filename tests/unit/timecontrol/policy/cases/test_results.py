"""Rows of the marts in the words of a case file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from timecontrol.policy.cases.model import SUM_NAMES
from timecontrol.policy.cases.results import answer, minutes

DAY: dict[str, Any] = {name.replace("_minutes", "_seconds"): 0 for name in SUM_NAMES}
MONDAY, SUNDAY = date(2025, 6, 2), date(2025, 6, 8)
EMPTY: dict[str, list[dict[str, Any]]] = {
    name: [] for name in ("days", "worked_shifts", "sessions", "shift_outcomes", "findings", "exceptions", "pay_lines")
}


def test_sums_by_day_week_and_altogether() -> None:
    first = DAY | {"date": MONDAY, "week": MONDAY, "worked_seconds": 449, "balance_seconds": -60}
    first |= {"first_in": datetime(2025, 6, 2, 6, tzinfo=UTC), "last_out": None}
    second = DAY | {"date": SUNDAY, "week": MONDAY, "worked_seconds": 60, "first_in": None, "last_out": None}
    lines = [
        {"date": MONDAY, "week": MONDAY, "pay_code": "regular", "seconds": 449, "source": "work"},
        {"date": SUNDAY, "week": MONDAY, "pay_code": "regular", "seconds": 60, "source": "work"},
        {"date": SUNDAY, "week": MONDAY, "pay_code": "overtime_150", "seconds": 0, "source": "work"},
    ]
    got = answer(EMPTY | {"days": [first, second], "pay_lines": lines}, "Europe/Berlin")
    nothing = dict.fromkeys(SUM_NAMES, 0)
    total = nothing | {"worked_minutes": 509 / 60, "balance_minutes": -1, "pay": {"regular": 509 / 60}}
    assert got["total"] == total
    assert got["weeks"] == {"2025-06-02": total}
    assert got["days"] == {
        "2025-06-02": nothing
        | {"worked_minutes": 449 / 60, "balance_minutes": -1, "pay": {"regular": 449 / 60}}
        | {"first_in": "2025-06-02T08:00:00+02:00", "last_out": None},
        "2025-06-08": nothing | {"worked_minutes": 1, "pay": {"regular": 1}, "first_in": None, "last_out": None},
    }
    assert got["pay_lines"] == [
        {"date": "2025-06-02", "pay_code": "regular", "minutes": 449 / 60, "source": "work"},
        {"date": "2025-06-08", "pay_code": "regular", "minutes": 1, "source": "work"},
        {"date": "2025-06-08", "pay_code": "overtime_150", "minutes": 0, "source": "work"},
    ]


def test_rows_have_local_instants_with_offset() -> None:
    at = datetime(2025, 10, 26, 1, 30, tzinfo=UTC)
    session = {
        "in": at,
        "out": None,
        "worked_seconds": 0,
        "breaks": [{"start": "2025-10-26T00:30:00+00:00", "end": None, "type": "meal", "paid": False}],
        "deductions": [{"from": "2025-10-26T00:30:00+00:00", "to": "2025-10-26T01:30:00+00:00"}],
    }
    finding = {
        "rule": "daily_rest",
        "date": MONDAY,
        "required_minutes": Decimal(660),
        "actual_minutes": Decimal("599.5"),
    }
    got = answer(EMPTY | {"sessions": [session], "findings": [finding]}, "Europe/Berlin")
    assert got["sessions"] == [
        {
            "in": "2025-10-26T02:30:00+01:00",
            "out": None,
            "worked_minutes": 0,
            "breaks": [{"start": "2025-10-26T02:30:00+02:00", "end": None, "type": "meal", "paid": False}],
            "deductions": [{"from": "2025-10-26T02:30:00+02:00", "to": "2025-10-26T02:30:00+01:00"}],
        }
    ]
    assert got["findings"] == [
        {"rule": "daily_rest", "date": "2025-06-02", "required_minutes": 660, "actual_minutes": 599.5}
    ]


def test_nothing_computed_is_nothing() -> None:
    assert answer(EMPTY, "UTC") == {
        "total": dict.fromkeys(SUM_NAMES, 0) | {"pay": {}},
        "days": {},
        "weeks": {},
        "worked_shifts": [],
        "sessions": [],
        "shift_outcomes": [],
        "findings": [],
        "exceptions": [],
        "pay_lines": [],
    }


@pytest.mark.parametrize(("seconds", "expected"), [(0, 0), (60, 1), (-120, -2), (90, 1.5), (1, 1 / 60)])
def test_minutes_are_whole_where_seconds_are(seconds: int, expected: float) -> None:
    assert minutes(seconds) == expected
    assert isinstance(minutes(seconds), int) == (seconds % 60 == 0)
