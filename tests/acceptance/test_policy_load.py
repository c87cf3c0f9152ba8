"""Policies in the database: append-only, resolved, and the same files again add nothing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from typer.testing import CliRunner

from tests.running_stack import RunningStack
from timecontrol.policy.command import app
from timecontrol.policy.files import DEFAULT_FOLDER, read_folder
from timecontrol.policy.rows import Changes, Rows, rows_of
from timecontrol.policy.store import store
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import Connection, connect

NOTHING = Changes((), ())


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    """A primary that answers."""
    return stack.require("postgres")


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    """A transaction as role transform that is rolled back: what a test loads, others do not meet."""
    with connect(settings, "transform") as opened:
        store(opened, rows(), remove=True)
        yield opened
        opened.rollback()


def rows() -> Rows:
    return rows_of(read_folder(DEFAULT_FOLDER))


def versions(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "select valid_from, value, removed, xid = raw.current_xid() from policy.parameters "
        "where policy = 'us-ca' and parameter = 'overtime.weekly_tiers' order by version_id"
    ).fetchall()


def test_the_same_files_again_add_nothing(connection: Connection) -> None:
    assert store(connection, rows(), remove=True) == {"policies": NOTHING, "parameters": NOTHING, "pay_codes": NOTHING}


def test_a_policy_is_stored_resolved_in_normal_form(connection: Connection) -> None:
    stored = connection.execute(
        "select valid_from, value, reference, file, line from ("
        "select distinct on (valid_from) * from policy.parameters "
        "where policy = 'us-ca' and parameter = 'overtime.weekly_tiers' order by valid_from, version_id desc) as newest"
    ).fetchall()
    assert [row[:2] for row in stored] == [
        (date(1940, 10, 24), [{"over_minutes": 2400, "pay_code": "overtime_150"}]),
        (date(2000, 1, 1), [{"over_minutes": 2400, "pay_code": "overtime_150"}]),
    ]
    assert [row[3] for row in stored] == ["policies/us/us-flsa.yaml", "policies/us/us-ca.yaml"]


def test_a_changed_value_is_a_new_version_and_the_old_one_stays(connection: Connection) -> None:
    before = versions(connection)
    given = rows()
    (inherited, own) = (
        row for row in given.parameters if row.policy == "us-ca" and row.parameter == "overtime.weekly_tiers"
    )
    changed = replace(own, value=[{"over_minutes": 2100, "pay_code": "overtime_150"}])
    others = tuple(row for row in given.parameters if row not in (inherited, own))
    done = store(connection, replace(given, parameters=(*others, inherited, changed)), remove=True)
    assert done["parameters"] == Changes((changed,), ())
    assert versions(connection) == [
        *before,
        (date(2000, 1, 1), [{"over_minutes": 2100, "pay_code": "overtime_150"}], False, True),
    ]


def test_what_the_files_drop_is_removed_by_a_version_and_comes_back_by_another(connection: Connection) -> None:
    before = versions(connection)
    given = rows()
    without = replace(
        given,
        parameters=tuple(row for row in given.parameters if row.policy != "us-ca"),
        policies=tuple(row for row in given.policies if row.policy != "us-ca"),
    )
    done = store(connection, without, remove=True)
    assert [row.policy for row in done["policies"].removed if hasattr(row, "policy")] == ["us-ca"]
    assert [row[2] for row in versions(connection)[len(before) :]] == [True, True]
    store(connection, given, remove=True)
    assert [row[2] for row in versions(connection)[len(before) :]] == [True, True, False, False]


def test_a_policy_that_cannot_be_read_is_not_a_policy_that_was_dropped(connection: Connection) -> None:
    before = versions(connection)
    without = replace(rows(), parameters=(), policies=())
    assert store(connection, without, remove=False)["policies"] == NOTHING
    assert versions(connection) == before


def test_the_command_loads_once(settings: Settings) -> None:
    assert settings.home
    assert CliRunner().invoke(app, ["load"]).exit_code == 0
    again = CliRunner().invoke(app, ["load"])
    assert again.exit_code == 0
    assert again.output.splitlines()[:3] == [
        "policies: 0 new or changed, 0 removed",
        "parameters: 0 new or changed, 0 removed",
        "pay codes: 0 new or changed, 0 removed",
    ]


def test_show_prints_what_counts_on_a_date() -> None:
    shown = CliRunner().invoke(app, ["show", "us-ca", "--on", "1999-12-31"]).output
    assert "overtime.weekly_tiers from 1940-10-24" in shown
    assert "(policies/us/us-flsa.yaml:" in shown
    assert "overtime.daily_tiers" not in shown
