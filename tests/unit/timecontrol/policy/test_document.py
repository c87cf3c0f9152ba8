"""The page of parameters says what the models say."""

from pathlib import Path

from timecontrol.policy.document import page
from timecontrol.policy.parameters import PARAMETERS

ROOT = Path(__file__).parents[4]


def test_the_page_is_up_to_date() -> None:
    assert (ROOT / "docs" / "policy-parameters.md").read_text() == page()


def test_every_parameter_is_on_the_page_once() -> None:
    text = page()
    assert [name for name in PARAMETERS if text.count(f"### `{name}`\n") != 1] == []


def test_every_key_has_a_meaning() -> None:
    assert [line for line in page().splitlines() if line.startswith("- `") and line.endswith("`: ")] == []
