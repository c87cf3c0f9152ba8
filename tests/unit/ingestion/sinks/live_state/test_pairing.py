"""The state that punches leave, by the pairing rules of a policy."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from ingestion.sinks.live_state.history import RecentPunch, in_order
from ingestion.sinks.live_state.pairing import LiveState, Pairing, state_after
from timecontrol.contracts.punch import PunchKind
from timecontrol.serving.live_keys import LiveStateName

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def punch(kind: PunchKind, minute: float, offset: int = 0) -> RecentPunch:
    return RecentPunch(uuid4(), kind, START + timedelta(minutes=minute), None, "S1", "T1", "terminal", offset)


def state_of(*punches: RecentPunch, pairing: Pairing | None = None) -> LiveState:
    return state_after(in_order(punches), lambda _punch: pairing or Pairing())


def after(
    *punches: RecentPunch, pairing: Pairing | None = None
) -> tuple[LiveStateName, datetime | None, datetime | None]:
    state = state_of(*punches, pairing=pairing)
    return state.state, state.since, state.session_since


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def strays() -> list[RecentPunch]:
    """Two clock_outs without a clock_in."""
    return [punch("clock_out", 0), punch("clock_out", 10)]


def test_nobody_is_in_without_a_punch() -> None:
    assert after() == ("out", None, None)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["clock_in"], ("in", at(0), at(0))),
        (["clock_in", "break_start"], ("break", at(10), at(0))),
        (["clock_in", "break_start", "break_end"], ("in", at(20), at(0))),
        # A clock_in during a break ends it.
        (["clock_in", "break_start", "clock_in"], ("in", at(20), at(0))),
        (["clock_in", "break_start", "clock_out"], ("out", at(20), None)),
        (["clock_in", "clock_in"], ("in", at(10), at(10))),
        (["clock_in", "clock_out", "break_end"], ("out", at(10), None)),
        (["break_start"], ("break", at(0), at(0))),
        (["unknown"], ("in", at(0), at(0))),
        (["unknown", "unknown"], ("out", at(10), None)),
        (["clock_in", "break_start", "unknown"], ("in", at(20), at(0))),
    ],
)
def test_each_kind_moves_the_state(kinds: list[PunchKind], expected: tuple[str, datetime, datetime | None]) -> None:
    assert after(*(punch(kind, 10 * number) for number, kind in enumerate(kinds))) == expected


def test_a_repeat_within_a_minute_is_not_used() -> None:
    assert after(punch("unknown", 0), punch("unknown", 1)) == ("in", at(0), at(0))
    assert after(punch("clock_in", 0), punch("clock_in", 1)) == ("in", at(0), at(0))
    assert after(punch("unknown", 0), punch("unknown", 1.02)) == ("out", at(1.02), None)
    assert after(punch("clock_in", 0), punch("clock_out", 0.5)) == ("out", at(0.5), None)
    # Of the kind that was recorded, also where it was taken as another.
    back = [punch("clock_in", 0), punch("break_start", 10), punch("clock_in", 20), punch("clock_in", 20.5)]
    assert after(*back) == ("in", at(20), at(0))


def test_the_state_begins_anew_with_each_worked_shift() -> None:
    # A forgotten clock_out: 16 hours after the clock_in an unknown punch comes in, not out.
    assert after(punch("clock_in", 0), punch("unknown", 960)) == ("out", at(960), None)
    assert after(punch("clock_in", 0), punch("unknown", 961)) == ("in", at(961), at(961))
    # After a gap of four hours the 16 hours count from the new shift on.
    punches = [punch("clock_in", 0), punch("clock_out", 60), punch("clock_in", 300), punch("unknown", 1000)]
    assert after(*punches) == ("out", at(1000), None)


def test_who_is_in_counts_until_the_longest_shift_is_over() -> None:
    assert state_of(punch("clock_in", 0), punch("break_start", 60)).counts_until == at(960)
    assert state_of(punch("clock_in", 0), pairing=Pairing(max_shift_seconds=3600)).counts_until == at(60)
    assert state_of(punch("clock_in", 0), punch("clock_out", 60)).counts_until is None
    # A day later nobody knows when they left.
    assert state_of(punch("clock_in", 0), punch("break_end", 1500))[:3] == ("out", None, None)


def test_punches_at_one_instant_are_taken_in_the_order_of_the_policies() -> None:
    assert (
        after(*(punch(*each) for each in [("clock_in", 0), ("break_start", 5), ("clock_out", 10), ("break_end", 10)]))[
            0
        ]
        == "out"
    )
    assert after(punch("clock_in", 0), punch("clock_in", 10), punch("clock_out", 10))[0] == "in"
    # A clock_in ends a break before another begins in its second, and before one that says nothing.
    on_break = [punch("clock_in", 0), punch("break_start", 5)]
    assert after(*on_break, punch("break_start", 10, 1), punch("clock_in", 10, 2)) == ("break", at(10), at(0))
    assert after(*on_break, punch("unknown", 10, 1), punch("clock_in", 10, 2)) == ("in", at(10), at(0))
    # Where the state allows none of them: as recorded.
    assert state_of(punch("break_start", 0, 7), punch("clock_out", 0, 3)).state == "break"


def test_a_policy_may_say_otherwise() -> None:
    alternating = Pairing(is_alternate=True)
    assert after(punch("clock_in", 0), punch("clock_in", 10), pairing=alternating) == ("out", at(10), None)
    assert after(punch("clock_out", 0), pairing=alternating) == ("in", at(0), at(0))
    first_in = Pairing(first_in_counts=True)
    assert after(punch("clock_in", 0), punch("clock_in", 10), pairing=first_in) == ("in", at(0), at(0))
    last_out = Pairing(last_out_counts=True)
    assert state_of(*strays(), punch("clock_in", 20), pairing=last_out).counts_until == at(10 + 960)
    assert state_of(*strays(), punch("clock_in", 20)).counts_until == at(960)
    patient = Pairing(repeat_seconds=600)
    assert after(punch("unknown", 0), punch("unknown", 10), pairing=patient) == ("in", at(0), at(0))
    short_gap = Pairing(gap_seconds=600, max_shift_seconds=1800)
    punches = [punch("clock_in", 0), punch("clock_out", 10), punch("clock_in", 20), punch("unknown", 40)]
    assert after(*punches, pairing=short_gap) == ("out", at(40), None)


def test_the_rules_of_a_worked_shift_are_those_of_its_first_punch() -> None:
    punches = [punch("clock_in", 0), punch("clock_in", 10)]
    state = state_after(punches, lambda each: Pairing(is_alternate=each is punches[1]))
    assert (state.state, state.since) == ("in", at(10))
