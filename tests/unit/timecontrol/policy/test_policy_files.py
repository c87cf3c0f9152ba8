"""Policy files: what is wrong is named with file, line and the nearest known word; the others are unharmed."""

from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.rows import rows_of

PAY_CODES = """\
regular: {title: Regular time, multiplier: 1, on_top: false}
overtime_150: {title: Overtime, multiplier: 1.5, on_top: false}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of policies."""
    made = tmp_path / "policies"
    (made / "xx").mkdir(parents=True)
    (made / "pay_codes.yaml").write_text(PAY_CODES)
    return made


def write(folder: Path, name: str, text: str) -> None:
    (folder / "xx" / f"{name}.yaml").write_text(dedent(text))


def problems(folder: Path) -> list[str]:
    return [str(problem) for problem in rows_of(read_folder(folder)).problems]


def test_the_policies_of_the_repository_are_sound() -> None:
    rows = rows_of(read_folder(DEFAULT_FOLDER))
    assert [str(problem) for problem in rows.problems] == []
    assert {"none", "us-flsa", "us-ca"} <= {row.policy for row in rows.policies}
    assert [row for row in rows.parameters if not row.reference] == []
    codes = {row.pay_code: row.on_top for row in rows.pay_codes}
    assert [code for code, on_top in codes.items() if on_top] == [
        "meal_premium",
        "night_premium",
        "rest_premium",
        "weekend_premium",
    ]


def test_values_are_kept_in_normal_form_by_date_with_their_place(folder: Path) -> None:
    write(
        folder,
        "a",
        """\
        policy: a
        title: A
        parameters:
          workday.starts_at:
            - {valid_from: 2020-01-01, value: null, reference: repealed}
            - valid_from: 2010-01-01
              value: "06:00"
              reference: Act s. 1
        """,
    )
    entries = read_folder(folder).policies["a"].entries["workday.starts_at"]
    assert [(entry.valid_from, entry.value, entry.reference, entry.file, entry.line) for entry in entries] == [
        (date(2010, 1, 1), "06:00", "Act s. 1", "policies/xx/a.yaml", 6),
        (date(2020, 1, 1), None, "repealed", "policies/xx/a.yaml", 5),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "policy: a\ntitle: A\nparameters:\n  overtime.daily_tier:\n    - {valid_from: 2020-01-01, value: [], reference: r}\n",
            "policies/xx/a.yaml:4: parameters.overtime.daily_tier: unknown parameter; did you mean overtime.daily_tiers?",
        ),
        (
            (
                "policy: a\ntitle: A\nparameters:\n  overtime.daily_tiers:\n    - valid_from: 2020-01-01\n      reference: r\n"
                "      value:\n        - {over_minutes: 480, pay_code: overtime_150}\n"
                "        - {over_minute: 600, pay_code: overtime_150}\n"
            ),
            (
                "policies/xx/a.yaml:9: parameters.overtime.daily_tiers[0].value[1].over_minute: "
                "unknown key over_minute; did you mean over_minutes?"
            ),
        ),
        (
            (
                "policy: a\ntitle: A\nparameters:\n  overtime.daily_tiers:\n    - valid_from: 2020-01-01\n      reference: r\n"
                "      value:\n        - {over_minutes: 480, pay_code: overtime_15}\n"
            ),
            (
                "policies/xx/a.yaml:8: parameters.overtime.daily_tiers[0].value[0].pay_code: "
                "unknown pay code overtime_15; did you mean overtime_150?"
            ),
        ),
        (
            "policy: a\ntitle: A\nparameters:\n  workday.starts_at:\n    - {valid_from: 2020-01-01, value: '25:00', reference: r}\n",
            (
                "policies/xx/a.yaml:5: parameters.workday.starts_at[0].value: "
                "String should match pattern '^([01]\\d|2[0-3]):[0-5]\\d$', not '25:00'"
            ),
        ),
        (
            "policy: a\ntitle: A\nparameters:\n  workday.starts_at:\n    - {valid_from: 2020-01-01, value: '06:00'}\n",
            "policies/xx/a.yaml:5: parameters.workday.starts_at[0]: reference is missing",
        ),
        (
            (
                "policy: a\ntitle: A\nparameters:\n  workday.starts_at:\n    - {valid_from: 2020-01-01, value: '06:00', reference: r}\n"
                "    - {valid_from: 2020-01-01, value: '07:00', reference: r}\n"
            ),
            "policies/xx/a.yaml:6: parameters.workday.starts_at[1].valid_from: 2020-01-01 occurs twice",
        ),
        ("policy: a\ntitel: A\n", "policies/xx/a.yaml:2: titel: unknown key titel; did you mean title?"),
        ("policy: b\ntitle: A\n", "policies/xx/a.yaml:1: policy: the file is called a.yaml, so the policy must be a"),
        (
            "policy: a\ntitle: [A\n",
            "policies/xx/a.yaml:3: while parsing a flow sequence expected ',' or ']', but got '<stream end>'",
        ),
        (
            "policy: a\ntitle: A\nextends: bb\n",
            "policies/xx/a.yaml:3: extends: unknown policy bb; did you mean b?",
        ),
    ],
)
def test_a_wrong_policy_is_named_and_the_others_are_kept(folder: Path, text: str, problem: str) -> None:
    write(folder, "a", text)
    write(folder, "b", "policy: b\ntitle: B\n")
    assert problems(folder) == [problem]
    assert [row.policy for row in rows_of(read_folder(folder)).policies] == ["b"]


def test_a_policy_twice_is_refused(folder: Path) -> None:
    write(folder, "a", "policy: a\ntitle: A\n")
    (folder / "yy").mkdir()
    (folder / "yy" / "a.yaml").write_text("policy: a\ntitle: Another\n")
    assert problems(folder) == ["policies/yy/a.yaml:1: policy: a is declared in policies/xx/a.yaml already"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("regular: {title: R, multiplier: 1}\n", "policies/pay_codes.yaml:1: regular: on_top is missing"),
        (
            "regular: {title: R, multiplier: -1, on_top: false}\n",
            "policies/pay_codes.yaml:1: regular.multiplier: Input should be greater than or equal to 0, not -1",
        ),
        (
            "regular: {title: R, multiplier: 1.0001, on_top: false}\n",
            "policies/pay_codes.yaml:1: regular.multiplier: three decimals at most",
        ),
        (
            "Regular: {title: R, multiplier: 1, on_top: false}\n",
            "policies/pay_codes.yaml:1: Regular: a pay code is lower-case letters, digits and _",
        ),
        ("- regular\n", "policies/pay_codes.yaml:1: a mapping of pay codes is expected"),
    ],
)
def test_wrong_pay_codes_are_named(folder: Path, text: str, problem: str) -> None:
    (folder / "pay_codes.yaml").write_text(text)
    assert problems(folder) == [problem]


def test_without_pay_codes_nothing_can_be_paid(folder: Path) -> None:
    (folder / "pay_codes.yaml").unlink()
    assert problems(folder) == ["policies/pay_codes.yaml:1: the file is missing; it declares every pay code"]
