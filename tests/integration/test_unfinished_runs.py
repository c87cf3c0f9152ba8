"""A run that did not end leaves some marts new and some old: the run after it, payroll and the cache find all of them again."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.integration.computing import Inputs, computed_anew, differing_rows, failing_at, payroll_differences
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.payroll import fill
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import ModelsFailed
from timecontrol.warehouse.pools import connect

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
MORNING = MONDAY + timedelta(hours=8)


@pytest.fixture
def inputs(stack: RunningStack) -> Inputs:
    """People whom only time, a moved week or a deleted row of the legacy system touches; computed, and taken by payroll."""
    settings = stack.require("postgres")
    made = Inputs(settings)
    made.empty()
    made.add("core.sites", site_id="north", name="North", time_zone="UTC")
    made.policy("closing", {"pairing.open_session": "close_at_scheduled_end"})
    made.policy("weekly", {"overtime.weekly_tiers": [{"over_minutes": 600, "pay_code": "overtime_150"}]})
    made.policy("planned", {"shift.no_show_after_minutes": 60})
    for employee, policy in (("open", "closing"), ("moved", "weekly"), ("absent", "planned"), ("other", "weekly")):
        made.add("core.employees", employee_id=employee, name=employee, site_id="north")
        made.add("core.policy_assignments", employee_id=employee, policy=policy)
    made.add("core.shifts", shift_id="s1", employee_id="open", starts_at=MORNING, ends_at=MORNING + timedelta(hours=8))
    made.punch("open", "clock_in", MORNING)
    for day in (0, 5, 6):
        work(made, "moved", MORNING + timedelta(days=day))
    made.hr_row("schedules", "s2", legacy_shift("s2", "absent", MORNING))
    run(settings, reason="first", clock=FixedClock(MORNING + timedelta(hours=4)))
    filled(settings)
    return made


def work(inputs: Inputs, employee_id: str, start: datetime) -> None:
    inputs.punch(employee_id, "clock_in", start)
    inputs.punch(employee_id, "clock_out", start + timedelta(hours=8))


def legacy_shift(shift_id: str, employee_id: str, start: datetime) -> dict[str, object]:
    return {
        "schedule_id": shift_id,
        "employee_id": employee_id,
        "starts_at": f"{start:%Y-%m-%dT%H:%M:%S}",
        "ends_at": f"{start + timedelta(hours=8):%Y-%m-%dT%H:%M:%S}",
        "breaks": None,
    }


def filled(settings: Settings) -> str:
    """Payroll's tables brought up to the last run; answers what was compared."""
    with connect(settings, "transform") as connection:
        return fill(connection).compared


@pytest.mark.parametrize("mart", ["fct_pay_lines", "fct_workdays"])
def test_what_a_failed_run_touched_is_computed_by_the_next(inputs: Inputs, mart: str) -> None:
    """A shift that ended, a week that begins on another day, a shift deleted in the legacy system: with the run that saw
    them failed in the middle, the marts that it did write no longer tell of them.
    """
    settings = inputs.settings
    clock = FixedClock(MORNING + timedelta(hours=12))
    inputs.policy("weekly", {"workweek.starts_on": "sunday"}, date(2000, 1, 2))
    inputs.hr_row("schedules", "s2", None)
    with failing_at(settings, mart), pytest.raises(ModelsFailed, match="refused by the test"):
        run(settings, reason="fails", clock=clock)
    clock.instant += timedelta(hours=1)
    inputs.punch("other", "clock_out", MORNING)
    run(settings, reason="next", clock=clock)
    with computed_anew(settings) as schema:
        assert differing_rows(settings, schema) == {}
    assert filled(settings) == "touched"
    assert payroll_differences(settings) == []
    assert run(settings, reason="nothing new", clock=clock).touched_weeks == 0


def test_a_full_run_that_failed_is_made_again_in_full(inputs: Inputs) -> None:
    """Of its marts some are new and some old, and no list says which rows differ."""
    settings = inputs.settings
    clock = FixedClock(MORNING + timedelta(hours=12))
    with connect(settings, "owner") as connection:
        connection.execute("revoke select on core.holidays from transform")
    try:
        with pytest.raises(ModelsFailed, match="permission denied"):
            run(settings, reason="fails", full_refresh=True, clock=clock)
    finally:
        with connect(settings, "owner") as connection:
            connection.execute("grant select on core.holidays to transform")
    assert run(settings, reason="again", clock=clock).full_refresh
    assert not run(settings, reason="increment", clock=clock).full_refresh


def test_models_that_changed_compute_everything(inputs: Inputs) -> None:
    """What the last run computed with other models is no base for an increment."""
    with connect(inputs.settings, "owner") as connection:
        connection.execute("update ops.runs set models_sha256 = 'of another version'")
    clock = FixedClock(MORNING + timedelta(hours=5))
    assert run(inputs.settings, reason="after an upgrade", clock=clock).full_refresh
    assert not run(inputs.settings, reason="increment", clock=clock).full_refresh


def test_a_crash_of_the_database_leaves_what_followers_need(inputs: Inputs, stack: RunningStack) -> None:
    """PostgreSQL empties unlogged tables after a crash; what the last run touched must still be known."""
    settings = inputs.settings
    clock = FixedClock(MORNING + timedelta(hours=5))
    work(inputs, "other", MORNING)
    touched = run(settings, reason="before the crash", clock=clock).touched_weeks
    assert touched > 0
    stack.kill(["postgres"])
    stack.require("postgres")
    assert filled(settings) == "touched"
    assert payroll_differences(settings) == []
