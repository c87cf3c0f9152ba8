"""The reference meets every example: those of the project, and the shared ones where they are at hand."""

from pathlib import Path
from typing import Any

import pytest

from tests.reference.answer import answer
from tests.reference.case import load
from tests.reference.expectation import differences

ROOT = Path(__file__).parents[2]
OWN = ROOT / "tests" / "cases"
SHARED = ROOT.parent / "shared" / "cases"


def disagreements(folder: Path) -> list[str]:
    cases: list[dict[str, Any]] = [case for path in sorted(folder.glob("*.yaml")) for case in load(path)]
    assert cases
    return [
        f"{case['case']}: {line}"
        for case in cases
        for line in differences(case.get("expect", {}), answer(case, ROOT / "policies"), case["timezone"])
    ]


def test_the_cases_of_the_project_are_met() -> None:
    assert disagreements(OWN) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared examples stand beside a working copy only")
def test_the_shared_examples_are_met() -> None:
    assert disagreements(SHARED) == []
