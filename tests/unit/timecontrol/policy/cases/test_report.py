"""The report of a run, and when it is content."""

from datetime import UTC, datetime

from timecontrol.policy.cases.compare import Difference
from timecontrol.policy.cases.inputs import CaseInputs
from timecontrol.policy.cases.read import SoundCase, WrongCase
from timecontrol.policy.cases.report import report_lines
from timecontrol.policy.cases.run import CheckedCase, Report
from timecontrol.policy.problems import Problem

INPUTS = CaseInputs("UTC", "{}", datetime(2025, 6, 2, tzinfo=UTC), (), [], [], [], [])


def checked(name: str, *differences: Difference, silent: bool = False) -> CheckedCase:
    return CheckedCase(SoundCase(name, "c.yaml", 7, name, INPUTS, None if silent else {}), {"total": {}}, differences)


def test_a_run_is_content_where_every_case_ran_and_none_differs() -> None:
    report = Report((checked("a"), checked("b", silent=True)), ())
    assert report.passed
    assert list(report_lines(report)) == ["2 cases: 1 as expected, 0 differ, 0 wrong, 1 without expectation"]


def test_a_difference_shows_both_sides() -> None:
    report = Report((checked("a", Difference("total.worked_minutes", 480, 481)),), ())
    assert not report.passed
    assert list(report_lines(report)) == [
        "DIFFERS c.yaml:7: a: total.worked_minutes",
        "    expected 480",
        "    computed 481",
        "1 cases: 0 as expected, 1 differ, 0 wrong",
    ]


def test_long_values_are_cut() -> None:
    report = Report((checked("a", Difference("findings", [], ["x" * 400])),), ())
    assert max(len(line) for line in report_lines(report)) < 330


def test_a_wrong_case_is_an_error_of_the_run_and_of_its_answer() -> None:
    report = Report((checked("a"),), (WrongCase("b", (Problem("c.yaml", 9, "b: timezone", "unknown time zone X"),)),))
    assert not report.passed
    assert next(report_lines(report)) == "ERROR c.yaml:9: b: timezone: unknown time zone X"
    assert report.to_json() == {"a": {"total": {}}, "b": {"error": "c.yaml:9: b: timezone: unknown time zone X"}}
