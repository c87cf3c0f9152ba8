"""docs/exceptions.md, the kinds that the models know and the words of the pages are the same."""

import re
from pathlib import Path

from dashboards.words import EXCEPTIONS
from timecontrol.policy.parameters import PARAMETERS

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/exceptions.md").read_text(encoding="utf-8")
KINDS = (PROJECT / "dbt_project/models/intermediate/int_exception_kinds.sql").read_text(encoding="utf-8")
KINDS_OF_MODELS = re.findall(r"\('(\w+)', '(info|warning|error)', '([^']+)'\)", KINDS)
# Codes of TimeTrex are a letter and a digit or a letter.
CODES = re.findall(r"^\| ([A-Z][1-9A-Z]) \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)


def test_the_page_lists_the_kinds_as_the_models_have_them() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| [^|]+ \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert rows == KINDS_OF_MODELS


def test_the_parameters_that_the_page_names_exist() -> None:
    groups = {name.split(".")[0] for name in PARAMETERS}
    named = re.findall(rf"`((?:{'|'.join(groups)})\.\w+)", PAGE)
    assert named
    assert set(named) <= set(PARAMETERS)


def test_each_code_of_timetrex_has_a_kind_of_ours_or_a_reason() -> None:
    kinds = {kind for kind, _, _ in KINDS_OF_MODELS}
    assert len({code for code, _ in CODES}) == len(CODES) == 33
    without = [code for code, ours in CODES if not kinds & set(re.findall(r"`(\w+)`", ours))]
    assert [code for code, ours in CODES if ours.startswith("none: ")] == without


def test_each_kind_says_what_is_wrong_and_what_to_do() -> None:
    assert [kind for kind, _, detail in KINDS_OF_MODELS if not re.fullmatch(r"[A-Z][^.]+\. [A-Z].+\.", detail)] == []


def test_pages_have_words_for_every_kind() -> None:
    assert set(EXCEPTIONS) == {kind for kind, _, _ in KINDS_OF_MODELS}
