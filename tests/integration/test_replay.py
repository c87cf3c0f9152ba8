"""The models once more beside production: what was known at an instant, and what another policy would say."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.integration.computing import Inputs
from tests.integration.two_people import MONDAY, RESTS, TIERS, compute, policy_file, two_people
from tests.running_stack import RunningStack
from timecontrol.cli import app
from timecontrol.errors import UserError
from timecontrol.progress import Report
from timecontrol.serving.hours_command import instant_of, known_at_instant
from timecontrol.serving.replay import Days
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

DAYS = Days(date(2026, 10, 1), date(2026, 10, 31))
QUIET = Report(quiet=True)


@pytest.fixture
def inputs(stack: RunningStack) -> Inputs:
    return two_people(stack.require("postgres"))


def computed_lines(settings: Settings) -> list[tuple[Any, ...]]:
    with connect(settings, "transform") as connection:
        return connection.execute(
            "select employee_id, workday, pay_code, seconds from marts.fct_pay_lines order by 1, 2, 3"
        ).fetchall()


def known_lines(settings: Settings, instant: datetime) -> list[tuple[Any, ...]]:
    lines = known_at_instant(settings, instant, DAYS, QUIET)[1]
    return list(lines[["employee_id", "workday", "pay_code", "seconds"]].itertuples(index=False, name=None))


def test_what_was_known_at_an_instant_is_what_was_computed_then(inputs: Inputs) -> None:
    settings = inputs.settings
    with pytest.raises(UserError, match="No run of the models had finished by"):
        known_lines(settings, datetime.now(UTC))
    compute(settings)
    first = computed_lines(settings)
    between = datetime.now(UTC)
    assert first == [("ada", MONDAY.date(), "regular", 36_000), ("ben", MONDAY.date(), "regular", 36_000)]
    # A punch that comes late, another policy, and a person who moves.
    inputs.punch("ada", "clock_in", MONDAY + timedelta(days=1))
    inputs.punch("ada", "clock_out", MONDAY + timedelta(days=1, hours=4))
    inputs.policy("strict", {"overtime.daily_tiers": TIERS})
    inputs.add("core.policy_assignments", employee_id="ben", policy="strict", valid_from=date(2020, 1, 1))
    compute(settings)
    second = computed_lines(settings)
    assert ("ben", MONDAY.date(), "overtime_150", 7_200) in second
    assert ("ada", date(2026, 10, 6), "regular", 14_400) in second
    assert known_lines(settings, between) == first
    assert known_lines(settings, datetime.now(UTC)) == second


@pytest.mark.parametrize("written", ["yesterday", "2026-11-01T09:00:00"])
def test_an_instant_must_be_one(written: str) -> None:
    with pytest.raises(UserError, match="write it like"):
        instant_of(written)


def test_hours_are_written_as_an_export_has_them(inputs: Inputs, tmp_path: Path) -> None:
    compute(inputs.settings)
    out = tmp_path / "lines.csv"
    done = CliRunner().invoke(app, ["hours", "--known-at", "now", "--employee", "ada", "--out", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    assert out.read_text().splitlines() == [
        "employee_id,workday,pay_code,source,seconds,multiplier,on_top,policy,cost_center,site_id",
        "ada,2026-10-05,regular,work,36000,1.000,false,plain,,north",
    ]


def test_two_policies_are_compared_for_everybody_and_nothing_changes(inputs: Inputs, tmp_path: Path) -> None:
    settings = inputs.settings
    compute(settings)
    before = computed_lines(settings)
    draft = policy_file(tmp_path, "draft", {"overtime.daily_tiers": TIERS, "compliance.rest_periods": RESTS})
    out = tmp_path / "difference.json"
    arguments = ["none", str(draft), "--from", "2026-10-01", "--to", "2026-10-31", "--rate", "20", "--json", str(out)]
    done = CliRunner().invoke(app, ["policy", "diff", *arguments, "--quiet"])
    assert done.exit_code == 0, done.output
    found = json.loads(out.read_text())
    assert [(row["employee_id"], row["site_id"], row["pay_code"], row["old"], row["new"]) for row in found["pay"]] == [
        ("ada", "north", "overtime_150", 0, 2),
        ("ada", "north", "regular", 10, 8),
        ("ben", "south", "overtime_150", 0, 2),
        ("ben", "south", "regular", 10, 8),
    ]
    assert sum(row["old_money"] for row in found["pay"]) == 400
    assert sum(row["new_money"] for row in found["pay"]) == 440
    assert [(row["employee_id"], row["rule"], row["status"], row["old"], row["new"]) for row in found["findings"]] == [
        ("ada", "rest_periods", "violated", 0, 1),
        ("ben", "rest_periods", "violated", 0, 1),
    ]
    assert computed_lines(settings) == before
    with connect(settings, "transform") as connection:
        assert connection.execute("select nspname from pg_namespace where nspname ~ '^case_'").fetchall() == []


def test_a_policy_that_is_not_there_is_named_with_the_nearest() -> None:
    done = CliRunner().invoke(
        app, ["policy", "diff", "us-cal", "us-flsa", "--from", "2026-10-01", "--to", "2026-10-31"]
    )
    assert isinstance(done.exception, UserError)
    assert str(done.exception).startswith("There is neither a policy nor a file us-cal; did you mean us-ca?")
