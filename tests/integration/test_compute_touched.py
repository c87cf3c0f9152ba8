"""What a change touches, in the corners: who is found late, far away, or no more."""

import json
from datetime import UTC, datetime, timedelta

from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.warehouse.pools import connect

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
CLOCK = FixedClock(MONDAY + timedelta(days=20))


def begun(stack: RunningStack) -> Inputs:
    """Two sites, and nothing computed yet."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.add("core.sites", site_id="north", name="North", time_zone="UTC")
    inputs.add("core.sites", site_id="west", name="West", time_zone="America/New_York")
    return inputs


def person(inputs: Inputs, employee_id: str, site_id: str, policy: str, parameters: dict[str, object]) -> None:
    inputs.policy(policy, parameters)
    inputs.add("core.employees", employee_id=employee_id, name=employee_id, site_id=site_id)
    inputs.add("core.policy_assignments", employee_id=employee_id, policy=policy)


def assert_equals_anew(inputs: Inputs) -> None:
    with computed_anew(inputs.settings) as schema:
        assert differing_rows(inputs.settings, schema) == {}


def test_workdays_that_start_late_and_people_away_from_home(stack: RunningStack) -> None:
    """A punch west of UTC may belong to the workday two dates before; a holiday concerns who was planned at the site or
    worked into it, too.
    """
    inputs = begun(stack)
    person(inputs, "late", "west", "late-days", {"workday.starts_at": "23:00"})
    # The night's premium is decided by the date on which the window begins, a day after the workday.
    premium = [{"pay_code": "night_premium", "from": "00:00", "to": "06:00", "holidays": True}]
    person(inputs, "night", "north", "nights", {"premium.windows": premium})
    night = datetime(2026, 1, 7, 3, tzinfo=UTC)
    inputs.punch("night", "clock_in", night, site_id="west")
    inputs.punch("night", "clock_out", night + timedelta(hours=9), site_id="west")
    # Works at home in the morning; the shift planned elsewhere in the evening is a no-show, unless there is a holiday.
    person(inputs, "planned", "north", "plans", {"shift.no_show_after_minutes": 60})
    inputs.punch("planned", "clock_in", MONDAY + timedelta(days=2, hours=1))
    inputs.punch("planned", "clock_out", MONDAY + timedelta(days=2, hours=5))
    inputs.add(
        "core.shifts",
        shift_id="away",
        employee_id="planned",
        starts_at=MONDAY + timedelta(days=2, hours=15),
        ends_at=MONDAY + timedelta(days=2, hours=22),
        site_id="west",
    )
    run(inputs.settings, reason="first", clock=CLOCK)

    # Monday 22:50 in New York, which is before Monday's workday begins: Sunday, in the week before.
    clock_in = datetime(2026, 1, 6, 3, 50, tzinfo=UTC)
    inputs.punch("late", "clock_in", clock_in)
    inputs.punch("late", "clock_out", clock_in + timedelta(hours=4))
    inputs.add("core.holidays", site_id="west", holiday=(MONDAY + timedelta(days=2)).date(), name="holiday")
    run(inputs.settings, reason="changed", clock=CLOCK)
    assert_equals_anew(inputs)


def test_a_badge_whose_holder_appears_leaves_nothing_behind(stack: RunningStack) -> None:
    """A punch of a badge that made no workday, too, goes over to the holder."""
    inputs = begun(stack)
    inputs.punch("badge:gate/7", "break_end", MONDAY, device_id="gate", attributes=json.dumps({"device_user": "7"}))
    run(inputs.settings, reason="first", clock=CLOCK)
    inputs.add("core.badges", device_id="gate", device_user="7", employee_id="ana")
    run(inputs.settings, reason="a holder", clock=CLOCK)
    with connect(inputs.settings, "transform") as connection:
        assert connection.execute("select employee_id from marts.fct_punches").fetchall() == [("ana",)]
    assert_equals_anew(inputs)
