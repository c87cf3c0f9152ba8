"""Generated cases through the models of production and through the reference: both must say the same.

Each disagreement is shown as the smallest case that still shows it, as YAML for `tests/cases/`, with what the reference
expects. More cases, other ones: `TIMECONTROL_REFERENCE_CASES=2000 TIMECONTROL_REFERENCE_SEED=7 pytest <this file>`.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as draws

from tests.reference.answer import answer
from tests.reference.comparison import disagreements, expectation
from tests.reference.strategies import VALUES, Case, case_files
from tests.running_stack import RunningStack
from timecontrol.policy.cases.run import check, supported_parameters
from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.policy.resolve import resolve
from timecontrol.settings import Settings

CASES = int(os.environ.get("TIMECONTROL_REFERENCE_CASES", "300"))
SEED = int(os.environ.get("TIMECONTROL_REFERENCE_SEED", "1"))
# hypothesis draws its first ten examples afresh and mutates later ones, which then differ little: so many short draws.
FRESH = 10
# One pass of the models each; a case of ten punches and eight parameters is small after five or six.
SHRINKING_ROUNDS = 8

Answers = Callable[[list[Case]], dict[str, Any]]
Differences = dict[str, list[str]]


@pytest.fixture(scope="module")
def models(stack: RunningStack, tmp_path_factory: pytest.TempPathFactory) -> Answers:
    """What the models answer to cases, in one pass."""
    settings: Settings = stack.require("postgres")
    path = tmp_path_factory.mktemp("generated") / "cases.yaml"

    def answers(cases: list[Case]) -> dict[str, Any]:
        path.write_text(as_yaml(cases))
        return check(settings, [path], DEFAULT_FOLDER).to_json()

    return answers


def as_yaml(cases: list[Case]) -> str:
    text: str = yaml.safe_dump(cases, sort_keys=False, default_flow_style=None, width=150)
    return text


def usable_policies() -> list[str]:
    """Policies of the repository of which the models compute every parameter, inherited ones included."""
    resolved, _ = resolve(read_folder(DEFAULT_FOLDER).policies)
    return sorted(name for name, entries in resolved.items() if set(entries) <= supported_parameters())


def drawn(count: int) -> list[Case]:
    """Cases that differ from each other, the same for the same seed."""
    cases: list[Case] = []
    every = case_files(supported_parameters(), usable_policies())
    for number in range(SEED * count, (SEED + 1) * count, FRESH):

        @seed(number)
        @draws(
            max_examples=FRESH, phases=[Phase.generate], database=None, deadline=None, suppress_health_check=HealthCheck
        )
        @given(every)
        def collect(case: Case) -> None:
            if case not in cases:
                cases.append(case)

        collect()
    return [{"case": f"generated-{number}"} | case for number, case in enumerate(cases)]


def compared(cases: list[Case], models: Answers) -> Differences:
    """Where models and reference differ, for the cases in which they do."""
    answered = models(cases)
    found = {case["case"]: disagreements(answer(case, DEFAULT_FOLDER), answered[case["case"]]) for case in cases}
    return {name: lines for name, lines in found.items() if lines}


def smaller(case: Case) -> Iterator[Case]:
    """The case without one of its parts, or without half of its rows."""
    for part, value in case.items():
        if part in {"holidays", "leave", "employee", "as_of", "policy"}:
            yield {name: kept for name, kept in case.items() if name != part}
        elif part == "parameters":
            yield from (case | {part: {k: v for k, v in value.items() if k != key}} for key in value)
        elif part in {"punches", "shifts"}:
            half = len(value) // 2
            yield from (case | {part: value[:at] + value[at + 1 :]} for at in range(len(value)))
            yield from [case | {part: value[:half]}, case | {part: value[half:]}] if half > 1 else []


def smallest(case: Case, models: Answers) -> Case:
    """What is left when no part can go without the disagreement; each round tries all parts in one pass."""
    for _ in range(SHRINKING_ROUNDS):
        tried = [{**one, "case": f"{case['case']}-{number}"} for number, one in enumerate(smaller(case))]
        differing = compared(tried, models) if tried else {}
        if not differing:
            break
        case = min((one for one in tried if one["case"] in differing), key=lambda one: len(as_yaml([one])))
    return case


def test_every_parameter_can_be_generated() -> None:
    assert set(VALUES) == set(PARAMETERS)


def test_models_and_reference_agree(models: Answers) -> None:
    cases = drawn(CASES)
    differing = compared(cases, models)
    if differing:
        case = smallest(min((c for c in cases if c["case"] in differing), key=lambda c: len(as_yaml([c]))), models)
        of_models, of_reference = models([case])[case["case"]], answer(case, DEFAULT_FOLDER)
        shown = as_yaml([case | {"expect": expectation(of_reference, of_models)}])
        lines = "\n".join(disagreements(of_reference, of_models))
        others = "\n".join(f"{name}: {found[0]}" for name, found in differing.items())
        pytest.fail(f"{len(differing)} of {len(cases)} cases differ. The smallest:\n{shown}\n{lines}\n\nAll:\n{others}")
