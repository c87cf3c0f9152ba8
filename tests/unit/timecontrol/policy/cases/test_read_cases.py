"""Case files: a wrong case is named with file, line, case, key and reason; the others still run."""

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent, indent

import pytest

from timecontrol.policy.cases.read import SoundCase, Vocabulary, WrongCase, read_cases
from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.parameters import PARAMETERS

VOCABULARY = Vocabulary.of(read_folder(DEFAULT_FOLDER), PARAMETERS)
SOUND = "- case: sound\n  timezone: UTC\n"


def read(path: Path, text: str, vocabulary: Vocabulary = VOCABULARY) -> tuple[list[SoundCase], list[WrongCase]]:
    path.write_text(text)
    return read_cases([path], vocabulary)


def one(tmp_path: Path, body: str) -> SoundCase:
    sound, wrong = read(tmp_path / "c.yaml", f"- case: c\n{indent(dedent(body), '  ')}")
    assert [str(problem) for case in wrong for problem in case.problems] == []
    return sound[0]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("timezone: Europe/Berlin\nzone: x", "3: c: zone: unknown key zone; did you mean timezone?"),
        ("policy: us-ca", "1: c: timezone is missing"),
        ("timezone: Europe/Belin", "2: c: timezone: unknown time zone Europe/Belin"),
        ("timezone: UTC\npolicy: us-cal", "3: c: policy: unknown policy us-cal; did you mean us-ca?"),
        (
            "timezone: UTC\nparameters:\n  workday.start_at: '06:00'",
            "4: c: parameters.workday.start_at: unknown parameter; did you mean workday.starts_at?",
        ),
        (
            "timezone: UTC\nparameters:\n  overtime.windows: [{from: '22:00', to: '22:00', pay_code: regular}]",
            "4: c: parameters.overtime.windows[0]: the window from 22:00 to 22:00 has no length",
        ),
        (
            "timezone: Europe/Berlin\npunches:\n  - {kind: clock_in, at: 2025-03-30T02:30:00}",
            "4: c: punches[0].at: 2025-03-30T02:30:00 does not exist in Europe/Berlin: the clock skips it",
        ),
        (
            "timezone: Europe/Berlin\npunches:\n  - {kind: clock_in, at: 2025-06-02T02:30:00, fold: 1}",
            "4: c: punches[0].at: 2025-06-02T02:30:00 comes only once in Europe/Berlin",
        ),
        (
            "timezone: UTC\npunches:\n  - {kind: clock_in, at: 2025-06-02T08:00:01}\nas_of: 2025-06-02T08:00:00",
            "4: c: punches[0].at: the punch is after as_of (2025-06-02 08:00:00)",
        ),
        (
            "timezone: UTC\npunches:\n  - {kind: clockin, at: 2025-06-02T08:00:00}",
            "4: c: punches[0].kind: Input should be 'clock_in', 'clock_out', 'break_start', 'break_end' or 'unknown', not 'clockin'",
        ),
        (
            "timezone: UTC\npunches:\n  - {kind: clock_in, at: 2025-06-02T08:00:00Z}",
            "4: c: punches[0].at: a local time such as 2025-06-02T08:00:00 is expected, without offset, not",
        ),
        (
            "timezone: UTC\nshifts:\n  - {start: 2025-06-02T08:00:00, end: 2025-06-02T08:00:00}",
            "4: c: shifts[0].end: the end 2025-06-02T08:00:00 is not after the start",
        ),
        (
            (
                "timezone: UTC\nshifts:\n  - start: 2025-06-02T08:00:00\n    end: 2025-06-02T16:00:00\n"
                "    breaks: [{start: 2025-06-02T12:00:00, end: 2025-06-02T11:00:00}]"
            ),
            "6: c: shifts[0].breaks[0].end: the end 2025-06-02T11:00:00 is not after the start",
        ),
        (
            "timezone: UTC\nleave: [{from: 2025-06-03, to: 2025-06-02}]",
            "3: c: leave[0].to: the last day is before the first",
        ),
        (
            "timezone: UTC\nleave: [{from: 2025-06-03, to: 2025-06-03T12:00:00}]",
            "3: c: leave[0]: from and to are two days or two local times",
        ),
        (
            "timezone: UTC\nexpect:\n  total: {worked_minute: 5}",
            "4: c: expect.total.worked_minute: unknown key worked_minute; did you",
        ),
        (
            "timezone: UTC\nexpect:\n  total: {pay: {overtime: 5}}",
            "4: c: expect.total.pay.overtime: unknown pay code overtime; did you mean overtime_250?",
        ),
        ("timezone: UTC\nexpect:\n  days: {2025-06-32: {worked_minutes: 5}}", "4: c: expect.days.2025-06-32: "),
        (
            "timezone: UTC\nexpect:\n  findings: [{rule: daily_max, status: broken}]",
            "4: c: expect.findings[0].status: Input should be",
        ),
    ],
)
def test_a_wrong_case_is_named_and_the_others_run(tmp_path: Path, body: str, problem: str) -> None:
    sound, wrong = read(tmp_path / "c.yaml", f"- case: c\n{indent(body, '  ')}\n{SOUND}")
    assert [case.name for case in sound] == ["sound"]
    assert [case.name for case in wrong] == ["c"]
    (found,) = (str(found) for found in wrong[0].problems)
    assert found.startswith(f"{tmp_path / 'c.yaml'}:{problem}")


def test_a_parameter_that_is_not_computed_is_never_ignored(tmp_path: Path) -> None:
    only = Vocabulary.of(read_folder(DEFAULT_FOLDER), ["overtime.weekly_tiers"])
    text = (
        "- {case: a, timezone: UTC, parameters: {workday.starts_at: '06:00'}}\n- {case: b, timezone: UTC, policy: us-flsa}\n"
        + SOUND
    )
    sound, wrong = read(tmp_path / "c.yaml", text, only)
    assert [case.name for case in sound] == ["sound"]
    assert [problem.reason for case in wrong for problem in case.problems] == [
        "parameter not yet computed",
        "parameter not yet computed: breaks.meal_unpaid_from_minutes",
        "parameter not yet computed: breaks.paid_types",
        "parameter not yet computed: breaks.rest_paid_up_to_minutes",
        "parameter not yet computed: workday.attribution",
    ]


def test_wrong_files_are_named_and_the_others_run(tmp_path: Path) -> None:
    texts = {"no.yaml": "- case: [a\n", "map.yaml": "case: a\n", "sound.yaml": SOUND}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    sound, wrong = read_cases([tmp_path / name for name in (*texts, "absent.yaml")], VOCABULARY)
    assert [case.name for case in sound] == ["sound"]
    assert {Path(case.name).name: case.problems[0].reason for case in wrong} == {
        "no.yaml": "while parsing a flow sequence expected ',' or ']', but got '<stream end>'",
        "map.yaml": "a list of cases is expected",
        "absent.yaml": "No such file or directory",
    }


def test_a_name_twice_is_refused_under_a_name_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    sound, wrong = read(path, SOUND + SOUND)
    assert [case.name for case in sound] == ["sound"]
    assert [case.name for case in wrong] == [f"sound ({path}:3)"]
    assert wrong[0].problems[0].reason == f"a case of this name stands at {path}:1 already"


def test_a_case_without_a_name_is_named_by_its_place(tmp_path: Path) -> None:
    _, wrong = read(tmp_path / "c.yaml", "- timezone: UTC\n- 5\n")
    assert [case.name for case in wrong] == [f"{tmp_path / 'c.yaml'}:1", f"{tmp_path / 'c.yaml'}:2"]


def test_the_cases_own_values_count_always_and_in_place_of_the_policys(tmp_path: Path) -> None:
    case = one(
        tmp_path,
        """\
        policy: us-flsa
        timezone: UTC
        parameters: {overtime.weekly_tiers: [], breaks.paid_types: null}
        """,
    )
    values = [(parameter, valid_from, value) for parameter, valid_from, value, *_ in case.inputs.parameters]
    assert values == [
        ("breaks.meal_unpaid_from_minutes", "1961-01-11", 30),
        ("breaks.rest_paid_up_to_minutes", "1961-01-11", 20),
        ("workday.attribution", "1940-10-24", "split_at_boundary"),
        ("breaks.paid_types", "-infinity", None),
        ("overtime.weekly_tiers", "-infinity", []),
    ]


def test_now_is_a_week_after_the_last_punch_or_shift_unless_it_is_given(tmp_path: Path) -> None:
    punched = "timezone: UTC\npunches: [{kind: clock_in, at: 2025-06-02T08:00:00}]\n"
    planned = punched + "shifts: [{start: 2025-06-02T08:00:00, end: 2025-06-02T16:00:00}]\n"
    assert one(tmp_path, punched).inputs.now_at == datetime(2025, 6, 9, 8, tzinfo=UTC)
    assert one(tmp_path, planned).inputs.now_at == datetime(2025, 6, 9, 16, tzinfo=UTC)
    assert one(tmp_path, planned + "as_of: 2025-06-02T08:00:00").inputs.now_at == datetime(2025, 6, 2, 8, tzinfo=UTC)


def test_punches_keep_the_order_in_which_they_are_written(tmp_path: Path) -> None:
    case = one(
        tmp_path,
        """\
        timezone: America/Los_Angeles
        punches:
          - {kind: unknown, at: 2025-06-02T09:00:00}
          - {kind: break_start, at: 2025-06-02T08:00:00, break_type: nap}
        """,
    )
    assert [(row[2], row[3], row[8], row[10]) for row in case.inputs.punches] == [
        ("unknown", datetime(2025, 6, 2, 16, tzinfo=UTC), None, 0),
        ("break_start", datetime(2025, 6, 2, 15, tzinfo=UTC), "nap", 1),
    ]


def test_leave_of_days_lasts_to_the_end_of_the_last_and_that_of_hours_by_the_clock(tmp_path: Path) -> None:
    case = one(
        tmp_path,
        """\
        timezone: Europe/Berlin
        leave:
          - {from: 2025-03-29, to: 2025-03-30}
          - {from: 2025-06-02T08:00:00, to: 2025-06-02T12:00:00}
        """,
    )
    assert [(row[2], row[3]) for row in case.inputs.leave] == [
        (datetime(2025, 3, 28, 23, tzinfo=UTC), datetime(2025, 3, 30, 22, tzinfo=UTC)),
        (datetime(2025, 6, 2, 6, tzinfo=UTC), datetime(2025, 6, 2, 10, tzinfo=UTC)),
    ]
    assert [row[4] is None for row in case.inputs.leave] == [False, True]


def test_only_what_is_named_is_expected(tmp_path: Path) -> None:
    case = one(
        tmp_path,
        """\
        timezone: UTC
        expect:
          total: {worked_minutes: 0, pay: {regular: 0}}
          sessions: [{in: 2025-06-02T08:00:00, out: null, deductions: [{from: 2025-06-02T08:00:00}]}]
          exceptions: []
          absent: {findings: [{rule: daily_max}]}
        """,
    )
    assert case.expect == {
        "total": {"worked_minutes": 0, "pay": {"regular": 0}},
        "sessions": [{"in": "2025-06-02T08:00:00", "out": None, "deductions": [{"from": "2025-06-02T08:00:00"}]}],
        "exceptions": [],
        "absent": {"findings": [{"rule": "daily_max"}]},
    }


def test_the_examples_of_the_repository_are_sound() -> None:
    sound, wrong = read_cases(sorted((Path(__file__).parents[4] / "cases").glob("*.yaml")), VOCABULARY)
    assert [str(problem) for case in wrong for problem in case.problems] == []
    assert len(sound) >= 171
