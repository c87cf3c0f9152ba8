"""Case files through the models of production, in one pass, in a scratch database that is gone afterwards."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.running_stack import RunningStack
from timecontrol.policy.cases.report import report_lines
from timecontrol.policy.cases.run import Report, check, supported_parameters
from timecontrol.policy.command import app
from timecontrol.policy.files import DEFAULT_FOLDER
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.scratch import scratch

EXAMPLES = Path(__file__).parents[1] / "cases"


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    """A primary that answers."""
    return stack.require("postgres")


@pytest.fixture(scope="module")
def examples(settings: Settings) -> Report:
    """All examples, run once."""
    return check(settings, sorted(EXAMPLES.glob("*.yaml")), DEFAULT_FOLDER)


def scratch_schemas(settings: Settings) -> list[str]:
    with connect(settings, "transform") as connection:
        return [
            name for (name,) in connection.execute("select nspname from pg_namespace where nspname like 'case\\_%'")
        ]


def test_every_example_that_uses_computed_parameters_only_is_met(examples: Report) -> None:
    assert [line for line in report_lines(examples) if line.startswith("DIFFERS")] == []
    assert examples.checked


def test_the_other_examples_say_which_parameter_is_not_computed(examples: Report) -> None:
    reasons = [problem.reason for wrong in examples.wrong for problem in wrong.problems]
    assert [reason for reason in reasons if not reason.startswith("parameter not yet computed")] == []
    assert bool(reasons) == (supported_parameters() < set(PARAMETERS))


def test_nothing_of_a_run_is_left(settings: Settings, examples: Report) -> None:
    assert examples.checked
    assert scratch_schemas(settings) == []


def test_what_a_killed_run_left_behind_goes_with_the_next(settings: Settings) -> None:
    with connect(settings, "transform") as connection:
        connection.autocommit = True
        connection.execute("create schema case_0123456789ab_raw")
        connection.execute("create table case_0123456789ab_raw.punches (event_id uuid)")
        with scratch(connection) as made:
            assert {name.removeprefix(made.prefix) for name in scratch_schemas(settings)} == {
                "raw",
                "core",
                "policy",
                "ops",
            }
    assert scratch_schemas(settings) == []


def test_a_run_leaves_the_scratch_schemas_of_another_alone_and_none_after_a_failure(settings: Settings) -> None:
    with connect(settings, "transform") as first, connect(settings, "transform") as second:
        first.autocommit = second.autocommit = True
        with scratch(first) as made:
            with pytest.raises(RuntimeError, match="a failure"), scratch(second):
                raise RuntimeError("a failure")
            assert {name.removeprefix(made.prefix) for name in scratch_schemas(settings)} == {
                "raw",
                "core",
                "policy",
                "ops",
            }
    assert scratch_schemas(settings) == []


CASES = """\
- case: agrees
  timezone: Europe/Berlin
  punches:
    - {kind: clock_in, at: 2025-06-02T08:00:00}
    - {kind: clock_out, at: 2025-06-02T16:00:30}
  expect: {total: {worked_minutes: 480.5}}
- case: differs
  timezone: Europe/Berlin
  punches:
    - {kind: clock_in, at: 2025-06-02T08:00:00}
    - {kind: clock_out, at: 2025-06-02T16:00:00}
  expect: {days: {2025-06-02: {worked_minutes: 481}}}
- case: wrong
  timezone: Europe/Berlin
  punches:
    - {kind: clock_in, at: 2025-03-30T02:30:00}
- case: silent
  timezone: Europe/Berlin
"""


def test_the_command_says_what_differs_and_writes_every_answer(settings: Settings, tmp_path: Path) -> None:
    assert settings.home
    path, out = tmp_path / "cases.yaml", tmp_path / "out.json"
    path.write_text(CASES)
    result = CliRunner().invoke(app, ["check", str(path), "--json", str(out)])
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        f"ERROR {path}:16: wrong: punches[0].at: 2025-03-30T02:30:00 does not exist in Europe/Berlin: the clock skips it",
        f"DIFFERS {path}:7: differs: days.2025-06-02.worked_minutes",
        "    expected 481",
        "    computed 480",
        "4 cases: 1 as expected, 1 differ, 1 wrong, 1 without expectation",
    ]
    answers = json.loads(out.read_text())
    assert list(answers) == ["agrees", "differs", "silent", "wrong"]
    assert list(answers["wrong"]) == ["error"]
    assert answers["agrees"]["sessions"] == [
        {
            "in": "2025-06-02T08:00:00+02:00",
            "out": "2025-06-02T16:00:30+02:00",
            "rounded_in": "2025-06-02T08:00:00+02:00",
            "rounded_out": "2025-06-02T16:00:30+02:00",
            "worked_minutes": 480.5,
            "breaks": [],
            "deductions": [],
        }
    ]
    assert answers["agrees"]["total"]["pay"] == {"regular": 480.5}
    assert answers["silent"]["days"] == {}
