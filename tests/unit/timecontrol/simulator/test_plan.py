"""A plan ends at now, covers the days asked for, and is the same whenever it is made again."""

from datetime import UTC, datetime, timedelta

from timecontrol.simulator.plan import PLANNED_AHEAD_DAYS, Plan, make_plan

NOW = datetime(2026, 11, 18, 15, 30, tzinfo=UTC)


def plan(now: datetime = NOW, days: int = 7) -> Plan:
    """Forty people with normal mess."""
    return make_plan(employees=40, days=days, seed=11, mess="normal", now=now)


def test_no_punch_lies_in_the_future_and_the_last_ones_are_fresh() -> None:
    instants = [punch.at for punch in plan().punches]
    assert instants == sorted(instants)
    assert NOW - timedelta(hours=6) < instants[-1] <= NOW


def test_a_later_plan_keeps_every_earlier_punch() -> None:
    earlier = {punch.event_id for punch in plan().punches}
    later = {punch.event_id for punch in plan(NOW + timedelta(hours=5), days=8).punches}
    assert earlier < later


def test_schedules_reach_into_the_coming_week() -> None:
    ends = max(shift.day for shift in plan().shifts)
    assert NOW.date() < ends <= NOW.date() + timedelta(days=PLANNED_AHEAD_DAYS + 1)


def test_every_door_is_used_and_every_punch_has_one() -> None:
    made = plan()
    shares = [len(made.through(door)) for door in ("terminal", "api", "device_file", "legacy")]
    assert all(shares)
    assert sum(shares) == len(made.punches)
