"""What a change touches, in the corners: who is found late, far away, or no more."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import RunRequest, run
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


def test_a_legacy_row_that_cannot_be_stops_nobody(stack: RunningStack) -> None:
    """A shift that ends before it begins, breaks, facts and dates that nobody can read: listed, and all else is computed."""
    inputs = begun(stack)
    meals = [{"required_if_work_over_minutes": 300, "start_by_work_minutes": 300, "min_minutes": 30}]
    inputs.policy("meals", {"compliance.meal_periods": meals})
    inputs.hr_row(
        "employees",
        "ana",
        {
            "employee_id": "ana",
            "name": "Ana",
            "site_id": "north",
            "policy": "meals",
            "facts": '{"meal_waiver_first": "perhaps"}',
        },
    )
    inputs.hr_row("employees", "ben", {"employee_id": "ben", "name": "Ben", "site_id": "north", "facts": "{not json"})
    night = {
        "schedule_id": "night",
        "employee_id": "ana",
        "starts_at": "2026-01-05T22:00:00",
        "ends_at": "2026-01-05T06:00:00",
        "breaks": None,
    }
    pauses = [{"start": "noon", "end": "2026-01-06T12:30:00Z", "paid": "maybe"}, "lunch"]
    good = {"start": "2026-01-06T15:00:00Z", "end": "2026-01-06T15:15:00Z", "paid": False}
    day = {
        "schedule_id": "day",
        "employee_id": "ben",
        "starts_at": "2026-01-06T08:00:00",
        "ends_at": "2026-01-06T16:00:00",
        "breaks": json.dumps([*pauses, good]),
    }
    for _ in range(2):
        inputs.punch("ana", "clock_in", MONDAY + timedelta(hours=8))
        inputs.punch("ana", "clock_out", MONDAY + timedelta(hours=16))
    run(inputs.settings, reason="first", clock=CLOCK)
    # MySQL keeps dates that are none.
    undated = {"employee_id": "cho", "name": "Cho", "site_id": "north", "policy": "meals", "left_on": "0000-00-00"}
    inputs.hr_row("employees", "cho", undated)
    inputs.hr_row("holidays", "north/2026-02-30", {"site_id": "north", "holiday": "2026-02-30", "name": "none"})
    badge = {"badge_id": "b", "device_id": "gate", "device_user": "9", "employee_id": "cho"}
    inputs.hr_row("badges", "b", badge | {"valid_from": "0000-00-00 00:00:00", "valid_to": "0000-00-00 00:00:00"})
    inputs.punch("badge:gate/9", "clock_in", MONDAY, device_id="gate", attributes=json.dumps({"device_user": "9"}))
    never = {"schedule_id": "never", "employee_id": "cho", "starts_at": "0000-00-00 00:00:00"}
    inputs.hr_row("schedules", "never", never | {"ends_at": "2026-01-07T16:00:00", "breaks": None})
    inputs.hr_row("schedules", "night", night)
    inputs.hr_row("schedules", "day", day)
    run(inputs.settings, reason="bad rows", clock=CLOCK)
    with connect(inputs.settings, "transform") as connection:
        listed = connection.execute(
            "select employee_id, shift_id, at from marts.fct_exceptions where kind = 'invalid_shift' order by employee_id"
        ).fetchall()
        outcomes = connection.execute("select employee_id, shift_id from marts.fct_shift_outcomes").fetchall()
        joined = connection.execute("select employee_id from marts.fct_punches where device_id = 'gate'").fetchall()
        planned = connection.execute(
            "select scheduled_seconds from marts.fct_workdays where employee_id = 'ben'"
        ).fetchall()
        worked = connection.execute(
            "select worked_seconds from marts.fct_workdays where employee_id = 'ana'"
        ).fetchall()
    assert listed == [
        ("ana", "night", datetime(2026, 1, 5, 22, tzinfo=UTC)),
        ("ben", "day", datetime(2026, 1, 6, 8, tzinfo=UTC)),
        ("cho", "never", datetime(2026, 1, 7, 16, tzinfo=UTC)),
    ]
    assert joined == [("cho",)]
    assert ("ben", "day") in outcomes
    assert ("ana", "night") not in outcomes
    assert planned == [(8 * 3600 - 15 * 60,)]
    assert worked == [(8 * 3600,)]
    assert_equals_anew(inputs)

    inputs.hr_row("schedules", "night", night | {"ends_at": "2026-01-06T06:00:00"})
    run(inputs.settings, reason="put right", clock=CLOCK)
    with connect(inputs.settings, "transform") as connection:
        left = connection.execute(
            "select employee_id from marts.fct_exceptions where kind = 'invalid_shift' order by employee_id"
        ).fetchall()
    assert left == [("ben",), ("cho",)]
    assert_equals_anew(inputs)


def test_periods_that_do_not_begin_with_a_week(stack: RunningStack) -> None:
    """Weeks from Sunday, periods of two weeks from Monday: a touched week holds the last day of a period whose other days
    are not touched, and what counts before it is counted all the same. A second policy has other periods.
    """
    inputs = begun(stack)
    periods: dict[str, object] = {
        "weeks": 2,
        "anchor_date": "2026-01-05",
        "tiers": [{"over_minutes": 3600, "pay_code": "overtime_150"}],
    }
    person(inputs, "ana", "north", "fortnights", {"workweek.starts_on": "sunday", "overtime.period_tiers": periods})
    inputs.policy("months", {"overtime.period_tiers": periods | {"weeks": 4, "anchor_date": "2025-12-15"}})
    inputs.add("core.policy_assignments", employee_id="ana", valid_from=date(2026, 3, 1), policy="months")
    for day in range(84):
        inputs.punch("ana", "clock_in", MONDAY + timedelta(days=day, hours=8))
        inputs.punch("ana", "clock_out", MONDAY + timedelta(days=day, hours=14))
    clock = FixedClock(MONDAY + timedelta(days=90))
    run(inputs.settings, reason="first", clock=clock)
    for day in (23, 51, 65):
        inputs.punch("ana", "clock_in", MONDAY + timedelta(days=day, hours=20))
        inputs.punch("ana", "clock_out", MONDAY + timedelta(days=day, hours=22))
        touched = run(inputs.settings, reason="one evening", clock=clock).touched_weeks
        assert 1 <= touched <= 7
        assert_equals_anew(inputs)


def test_an_impossible_legacy_shift_that_is_deleted_takes_its_exception_along(stack: RunningStack) -> None:
    """What deletes a legacy row names only the row; where the shift was, its versions before say."""
    inputs = begun(stack)
    person(inputs, "ana", "north", "plain", {})
    inputs.punch("ana", "clock_in", MONDAY + timedelta(hours=8))
    inputs.punch("ana", "clock_out", MONDAY + timedelta(hours=16))
    # Another shift stays: whether anything was ever planned for somebody matters for all time.
    for name, end in (("night", "2026-01-05T06:00:00"), ("stays", "2026-01-06T06:00:00")):
        row = {"schedule_id": name, "employee_id": "ana", "starts_at": "2026-01-05T22:00:00", "ends_at": end}
        inputs.hr_row("schedules", name, row | {"breaks": None})
    run(inputs.settings, reason="first", clock=CLOCK)
    invalid = "select shift_id from marts.fct_exceptions where kind = 'invalid_shift'"
    with connect(inputs.settings, "transform") as connection:
        assert connection.execute(invalid).fetchall() == [("night",)]
    inputs.hr_row("schedules", "night", None)
    run(inputs.settings, reason="deleted", clock=CLOCK)
    with connect(inputs.settings, "transform") as connection:
        assert connection.execute(invalid).fetchall() == []
    assert_equals_anew(inputs)


def test_what_a_week_claims_changes_the_period_that_it_reaches_into(stack: RunningStack) -> None:
    """A late punch makes a day of the next period a seventh day, or moves weekly overtime there: less of that period is
    still open, and its own overtime begins later, four weeks after the punch.
    """
    inputs = begun(stack)
    tiers = [{"over_minutes": 1200, "pay_code": "overtime_150"}]
    periods: dict[str, object] = {"weeks": 4, "anchor_date": "2025-12-22", "tiers": tiers}
    seventh = {"scope": "rolling", "first_minutes": 480, "pay_code": "overtime_150", "then_pay_code": "double_time_200"}
    person(inputs, "run", "north", "runs", {"overtime.seventh_day": seventh, "overtime.period_tiers": periods})
    weekly: dict[str, object] = {"workweek.starts_on": "thursday", "overtime.weekly_tiers": tiers}
    person(inputs, "week", "north", "weeks", weekly | {"overtime.period_tiers": periods})
    days = {"run": (9, 11, 12, 13, 14, 15, 24, 38, 39, 40, 41), "week": (10, 12, 14, 15, 16, 24, 38, 39, 40, 41)}
    late = {"run": 10, "week": 11}
    for name, worked in days.items():
        for day in worked:
            inputs.punch(name, "clock_in", MONDAY + timedelta(days=day, hours=8))
            inputs.punch(name, "clock_out", MONDAY + timedelta(days=day, hours=14))
    clock = FixedClock(MONDAY + timedelta(days=50))
    paid = (
        "select employee_id, workday - date '2026-01-05', seconds / 3600 from marts.fct_pay_lines "
        "where pay_code = 'overtime_150' and workday >= '2026-02-12' order by 1, 2"
    )
    run(inputs.settings, reason="first", clock=clock)
    with connect(inputs.settings, "transform") as connection:
        before = connection.execute(paid).fetchall()
    for name, day in late.items():
        inputs.punch(name, "clock_in", MONDAY + timedelta(days=day, hours=8))
        inputs.punch(name, "clock_out", MONDAY + timedelta(days=day, hours=14))
    run(inputs.settings, reason="late", clock=clock)
    with connect(inputs.settings, "transform") as connection:
        after = connection.execute(paid).fetchall()
    assert before == [
        *(("run", day, hours) for day, hours in ((38, 4), (39, 6), (40, 6), (41, 6))),
        *(("week", day, hours) for day, hours in ((39, 6), (40, 6), (41, 6))),
    ]
    assert after == [
        *(("run", day, hours) for day, hours in ((39, 4), (40, 6), (41, 6))),
        *(("week", day, hours) for day, hours in ((40, 6), (41, 6))),
    ]
    assert_equals_anew(inputs)


def test_a_day_that_is_asked_for_is_made_again_from_its_inputs(
    stack: RunningStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that a day has lost do not say whom it concerns: punches, plans and leave do; a run that fails loses no request."""
    inputs = begun(stack)
    for name in ("punched", "planned", "away"):
        person(inputs, name, "north", name, {})
    inputs.punch("punched", "clock_in", MONDAY + timedelta(hours=8))
    inputs.punch("punched", "clock_out", MONDAY + timedelta(hours=16))
    inputs.punch("unused", "break_end", MONDAY + timedelta(hours=16))
    inputs.add(
        "core.shifts",
        shift_id="plan",
        employee_id="planned",
        starts_at=MONDAY + timedelta(hours=8),
        ends_at=MONDAY + timedelta(hours=16),
    )
    inputs.add(
        "core.leave",
        leave_id="holidays",
        employee_id="away",
        starts_at=MONDAY,
        ends_at=MONDAY + timedelta(days=1),
        first_day=MONDAY.date(),
        last_day=MONDAY.date(),
    )
    run(inputs.settings, reason="first", clock=CLOCK)
    with connect(inputs.settings, "transform") as connection:
        assert connection.execute("select count(*) from marts.fct_workdays").fetchone() == (3,)
        connection.execute("delete from marts.fct_workdays")
        connection.execute("delete from marts.fct_punches")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no model was run")

    asked = [RunRequest(MONDAY.date(), MONDAY.date())]
    with monkeypatch.context() as patched:
        patched.setattr("timecontrol.serving.compute.run_models", broken)
        with pytest.raises(RuntimeError):
            run(inputs.settings, reason="asked for", employee_weeks=asked, clock=CLOCK)
    run(inputs.settings, reason="the next", clock=CLOCK)
    assert_equals_anew(inputs)
