"""docs/marts.md, which readers rely on, names exactly the columns that the models' contracts hold."""

import re
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[2]
MODELS = sorted((PROJECT / "dbt_project/models/marts").glob("*.yml"))
# The first cell of a row of the page names the mart; in the last, what is in backquotes outside brackets is a column.
ROW = re.compile(r"^\| `(\w+)` \|.*\| (.*) \|$", re.MULTILINE)


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_the_page_names_the_columns_of_the_contract(path: Path) -> None:
    (model,) = yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    described = dict(ROW.findall((PROJECT / "docs/marts.md").read_text(encoding="utf-8")))[path.stem]
    named = re.findall(r"`(\w+)`", re.sub(r"\([^)]*\)", "", described))
    assert named == [column["name"] for column in model["columns"]]
