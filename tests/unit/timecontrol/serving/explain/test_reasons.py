"""Why a second is paid as it is."""

from datetime import date

import pytest

from timecontrol.serving.explain.day import came_from
from timecontrol.serving.explain.reasons import Parameter, break_reason, in_force, uncertain_reason
from timecontrol.serving.explain.words import duration

MEAL = Parameter("breaks.meal_unpaid_from_minutes", 30, date(1961, 1, 11), "29 CFR 785.19(a)")
REST = Parameter("breaks.rest_paid_up_to_minutes", 20, date(1961, 1, 11), None)
RULES = {rule.name: rule for rule in (MEAL, REST)}


@pytest.mark.parametrize(
    ("kind", "seconds", "is_paid", "is_gap", "sentence"),
    [
        ("meal", 1800, False, False, "a meal break of at least 30 min is unpaid"),
        ("meal", 1799, True, False, "a meal break shorter than 30 min is paid"),
        (
            "meal",
            3600,
            False,
            True,
            "time between two sessions counts as a meal break; a meal break of at least 30 min is unpaid",
        ),
        ("rest", 600, True, False, "a rest break of at most 20 min is paid"),
        ("rest", 1260, False, False, "a rest break longer than 20 min is unpaid"),
        (
            "other",
            600,
            False,
            False,
            "a break of another kind is unpaid: where the policy does not name the kinds that are paid, only rest breaks are",
        ),
    ],
)
def test_a_break_names_the_rule_that_decided(
    kind: str, seconds: int, is_paid: bool, is_gap: bool, sentence: str
) -> None:
    assert break_reason(kind, seconds, is_paid=is_paid, is_gap=is_gap, rules=RULES).sentence == sentence


@pytest.mark.parametrize(
    ("types", "kind", "is_gap", "sentence"),
    [
        (
            ["rest", "other"],
            "other",
            False,
            "a break of another kind is paid: the policy pays these kinds of breaks: rest, other",
        ),
        ([], "rest", False, "a rest break is unpaid: the policy pays no kind of break"),
        (["rest"], "sleep", False, "sleep is unpaid: the policy pays these kinds of breaks: rest"),
        (
            [],
            "meal",
            True,
            "time between two sessions counts as a meal break, which is unpaid: the policy pays no kind of break",
        ),
    ],
)
def test_a_break_whose_kind_decides_names_the_kinds(types: list[str], kind: str, is_gap: bool, sentence: str) -> None:
    rule = Parameter("breaks.paid_types", types, date(2000, 1, 1), "ArbZG s. 2(1)")
    found = break_reason(kind, 600, is_paid=kind in types, is_gap=is_gap, rules={rule.name: rule})
    assert (found.sentence, found.parameter, found.value, found.reference) == (
        sentence,
        rule.name,
        types,
        "ArbZG s. 2(1)",
    )


def test_the_default_names_its_parameter_too() -> None:
    found = break_reason("meal", 600, is_paid=False, is_gap=False, rules={})
    assert (found.parameter, found.valid_from) == ("breaks.paid_types", None)


def test_uncertain_time_names_its_parameter_also_where_its_default_counts() -> None:
    ended = {"worked_shift_id": "s", "session_id": "b", "is_open": False, "out_at": None}
    started = ended | {"session_id": "a"}
    told = [uncertain_reason(segment, [started, ended], {})[1].parameter for segment in (ended, started)]
    assert told == ["pairing.open_session", "pairing.in_after_in"]
    stray = ended | {"session_id": None}
    excluded = Parameter("pairing.out_after_out", "missing", date(2020, 1, 1), "works agreement")
    reason = uncertain_reason(stray, [started, ended], {excluded.name: excluded})[1]
    assert (reason.parameter, reason.value, reason.reference) == (excluded.name, "missing", "works agreement")


def test_where_all_from_first_to_last_counts_no_length_decides() -> None:
    meal = Parameter("breaks.meal_unpaid_from_minutes", 30, date(2000, 1, 1), None)
    whole = Parameter("pairing.hours_from", "first_in_last_out", date(2000, 1, 1), "works agreement")
    found = break_reason("meal", 2700, is_paid=True, is_gap=False, rules={meal.name: meal, whole.name: whole})
    assert (found.sentence, found.parameter) == (
        "all time from the first clock in to the last clock out counts",
        whole.name,
    )


def test_a_single_minute_is_one() -> None:
    shortest = Parameter("breaks.minimum_counted_minutes", 1, date(2000, 1, 1), None)
    found = break_reason("meal", 59, is_paid=True, is_gap=False, rules={shortest.name: shortest})
    assert found.sentence == "a break shorter than 1 min is work"


def test_the_newest_version_counts_and_null_abolishes() -> None:
    def version(name: str, year: int, value: object) -> dict[str, object]:
        return {"parameter": name, "valid_from": date(year, 1, 1), "value": value, "reference": None}

    versions = [
        version("a", 2000, 1),
        version("a", 2020, 2),
        version("a", 2030, 3),
        version("b", 2000, 1),
        version("b", 2010, None),
    ]
    assert {name: rule.value for name, rule in in_force(versions, date(2026, 1, 1)).items()} == {"a": 2}


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        (None, "record 5 of partition 2"),
        ("file:0123456789abcdef#12", "line 12 of the file 0123456789ab, record 5 of partition 2"),
        ("mysql:0-1-44#3", "row 3 of transaction 0-1-44 of the legacy HR system, record 5 of partition 2"),
        ("api:t-1", "the API with token t-1, record 5 of partition 2"),
    ],
)
def test_a_punch_says_where_it_was_read(origin: str | None, words: str) -> None:
    assert came_from(origin, 2, 5) == words


def test_durations_are_read_as_people_say_them() -> None:
    assert [duration(each) for each in (0, 59, 1560, 28800, 29100, 34205, -90)] == [
        "0 min", "59 s", "26 min", "8 h", "8 h 05 min", "9 h 30 min 5 s", "-1 min 30 s",
    ]  # fmt: skip
