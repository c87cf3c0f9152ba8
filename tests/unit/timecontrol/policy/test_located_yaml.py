"""YAML 1.2 with lines: what is text stays text, what is wrong is named by its line."""

import pytest

from timecontrol.policy.located_yaml import YamlFault, parse_yaml


def test_words_and_times_stay_text() -> None:
    text = (
        "on: 22:00\nyes: no\nday: 2025-06-02\nat: 2025-06-02T08:00:00\nn: 7.5\nm: 060\nnothing:\nflag: true\n'5': '6'\n"
    )
    assert parse_yaml(text, "a.yaml").value == {
        "on": "22:00",
        "yes": "no",
        "day": "2025-06-02",
        "at": "2025-06-02T08:00:00",
        "n": 7.5,
        "m": 60,
        "nothing": None,
        "flag": True,
        "5": "6",
    }


def test_each_part_has_its_line() -> None:
    located = parse_yaml("a:\n  - b: 1\n    c: [2,\n      3]\n", "a.yaml")
    assert located.line(("a", 0, "c")) == 3
    assert located.line(("a", 0, "c", 1)) == 4
    assert located.line(("a", 0, "unheard of", "deeper")) == 2
    assert located.existing(("a",), (0, "union branch", "b")) == ("a", 0, "b")


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: [1, 2\n", 3, "expected ',' or ']'"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key a occurs twice"),
        ("a: 1\n[b]: 2\n", 2, "a key must be a word"),
        ("a: *unknown\n", 1, "undefined alias"),
    ],
)
def test_a_file_that_is_no_yaml_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(YamlFault) as caught:
        parse_yaml(text, "a.yaml")
    assert caught.value.line == line
    assert reason in caught.value.reason


def test_an_empty_file_is_nothing() -> None:
    assert parse_yaml("# only a remark\n", "a.yaml").value is None
