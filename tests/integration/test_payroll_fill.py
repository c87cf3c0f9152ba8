"""Payroll's tables hold what the marts hold, whatever moved."""

from datetime import UTC, date, datetime, timedelta

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.payroll import fill
from timecontrol.warehouse.pools import connect

MONDAY = datetime(2026, 10, 5, 8, tzinfo=UTC)


def test_a_week_that_begins_on_another_day_doubles_nothing(stack: RunningStack) -> None:
    """The old week and the new one overlap: each line of payroll counts once all the same."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy("plain", {"workweek.starts_on": "monday"})
    inputs.add("core.policy_assignments", employee_id="ana", policy="plain")
    for day in range(5):
        inputs.punch("ana", "clock_in", MONDAY + timedelta(days=day))
        inputs.punch("ana", "clock_out", MONDAY + timedelta(days=day, hours=8))
    clock = FixedClock(MONDAY + timedelta(days=10))
    run(settings, reason="first", clock=clock)
    with connect(settings, "transform") as connection:
        fill(connection)
        inputs.policy("plain", {"workweek.starts_on": "sunday"}, date(2000, 1, 2))
        run(settings, reason="moved", clock=clock)
        assert fill(connection).compared == "touched"
        lines = connection.execute("select workday, seconds from payroll.pay_lines order by workday").fetchall()
    assert lines == [((MONDAY + timedelta(days=day)).date(), 8 * 3600) for day in range(5)]
