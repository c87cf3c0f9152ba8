"""What is expected against what was computed."""

from typing import Any

import pytest

from timecontrol.policy.cases.compare import differences

ROW = {"rule": "daily_max", "date": "2025-06-02", "status": "violated", "reason": "exceeded", "actual_minutes": 601}
ACTUAL: dict[str, Any] = {
    "total": {"worked_minutes": 480, "pay": {"regular": 480}},
    "days": {
        "2025-06-02": {
            "worked_minutes": 480,
            "first_in": "2025-06-02T08:00:00+02:00",
            "last_out": None,
            "pay": {"regular": 480},
        }
    },
    "weeks": {"2025-06-02": {"worked_minutes": 480, "pay": {"regular": 480}}},
    "worked_shifts": [{"start": "2025-06-02T08:00:00+02:00", "matched_shift_start": None}],
    "sessions": [
        {
            "in": "2025-10-26T02:30:00+01:00",
            "worked_minutes": 7.483333333333333,
            "breaks": [{"start": "2025-06-02T12:00:00+02:00", "type": "meal", "paid": False}],
            "deductions": [],
        }
    ],
    "shift_outcomes": [],
    "findings": [ROW],
    "exceptions": [],
    "pay_lines": [],
}


@pytest.mark.parametrize(
    "expect",
    [
        {},
        {"total": {"worked_minutes": 480.0000009, "pay": {"regular": 480, "overtime_150": 0}}},
        {"days": {"2025-06-02": {"first_in": "2025-06-02T08:00:00", "last_out": None}}},
        {"days": {"2025-06-02": {"first_in": "2025-06-02T06:00:00+00:00"}}},
        {"days": {"2025-06-03": {"worked_minutes": 0, "pay": {"regular": 0}, "first_in": None}}},
        {"weeks": {"2025-06-09": {"worked_minutes": 0}}},
        {"worked_shifts": [{"matched_shift_start": None}]},
        {"sessions": [{"worked_minutes": 7.4833333}]},
        {
            "sessions": [
                {"in": "2025-10-26T02:30:00+01:00", "breaks": [{"type": "meal", "paid": False}], "deductions": []}
            ]
        },
        {"findings": [{"rule": "daily_max", "actual_minutes": 601}]},
        {"exceptions": []},
        {"absent": {"findings": [{"rule": "daily_max", "status": "satisfied"}], "exceptions": [{"kind": "late"}]}},
    ],
)
def test_what_agrees(expect: dict[str, Any]) -> None:
    assert differences(expect, ACTUAL, "Europe/Berlin") == []


@pytest.mark.parametrize(
    ("expect", "path", "expected", "actual"),
    [
        ({"total": {"worked_minutes": 480.000002}}, "total.worked_minutes", 480.000002, 480),
        ({"total": {"pay": {"overtime_150": 1}}}, "total.pay.overtime_150", 1, 0),
        (
            {"days": {"2025-06-02": {"first_in": "2025-06-02T08:00:01"}}},
            "days.2025-06-02.first_in",
            "2025-06-02T08:00:01",
            "2025-06-02T08:00:00+02:00",
        ),
        ({"days": {"2025-06-03": {"worked_minutes": 1}}}, "days.2025-06-03.worked_minutes", 1, 0),
        (
            {"days": {"2025-06-03": {"first_in": "2025-06-03T08:00:00"}}},
            "days.2025-06-03.first_in",
            "2025-06-03T08:00:00",
            None,
        ),
        ({"findings": []}, "findings", [], [ROW]),
        (
            {"findings": [{"rule": "daily_max", "status": "satisfied"}]},
            "findings",
            {"rule": "daily_max", "status": "satisfied"},
            [{"rule": "daily_max", "status": "violated"}],
        ),
        ({"exceptions": [{"kind": "late"}]}, "exceptions", {"kind": "late"}, []),
        (
            {"sessions": [{"in": "2025-10-26T02:30:00"}]},
            "sessions",
            {"in": "2025-10-26T02:30:00"},
            [{"in": "2025-10-26T02:30:00+01:00"}],
        ),
        (
            {"sessions": [{"breaks": []}]},
            "sessions",
            {"breaks": []},
            [{"breaks": [{"start": "2025-06-02T12:00:00+02:00", "type": "meal", "paid": False}]}],
        ),
        (
            {"sessions": [{"deductions": [{"from": "2025-06-02T14:00:00"}]}]},
            "sessions",
            {"deductions": [{"from": "2025-06-02T14:00:00"}]},
            [{"deductions": []}],
        ),
        ({"absent": {"findings": [{"rule": "daily_max"}]}}, "absent.findings", {"rule": "daily_max"}, [ROW]),
    ],
)
def test_what_differs_is_named_with_both_sides(
    expect: dict[str, Any], path: str, expected: object, actual: object
) -> None:
    (found,) = differences(expect, ACTUAL, "Europe/Berlin")
    assert (found.path, found.expected, found.actual) == (path, expected, actual)
