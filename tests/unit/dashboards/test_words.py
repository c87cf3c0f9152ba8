"""Codes and durations in words."""

import pytest

from dashboards import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 min"), (59, "0 min"), (60.5, "1 min"), (3659, "1 h"), (25_500, "7 h 05 min")],
)
def test_what_grows_is_cut_to_the_minute(seconds: float, said: str) -> None:
    assert words.so_far(seconds) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("regular", "Regular"),
        ("overtime_150", "Overtime 150 %"),
        ("double_time_200", "Double time 200 %"),
        ("night_premium", "Night premium"),
        ("standby", "Standby"),
    ],
)
def test_pay_code(code: str, said: str) -> None:
    assert words.pay_code(code) == said


def test_rules_and_exceptions_without_a_name_are_still_readable() -> None:
    assert words.rule("meal_period_2") == "Second meal break"
    assert words.rule("meal_period_7") == "Meal break 7"
    assert words.rule("some_new_rule") == "Some new rule"
    assert words.exception("some_new_kind") == "Some new kind"


def test_every_rule_has_a_title_and_its_unit() -> None:
    assert words.rule("longest_work") == "Longest work without a break"
    assert words.rule("average_day") == "Average day"
    assert words.unit("consecutive_days") == "days"
    assert words.unit("daily_rest") == "min"


def test_counts() -> None:
    assert [words.plural(number, "shift") for number in (0, 1, 1234)] == ["0 shifts", "1 shift", "1,234 shifts"]
    assert words.plural(2, "person", "people") == "2 people"
