"""The state that follows from an employee's newest punches."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.sinks.live_state.state import KEPT_PUNCHES, RecentPunch, merged, state_of
from timecontrol.contracts.punch import PunchKind
from timecontrol.serving.live_keys import LiveStateName

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
KINDS: tuple[PunchKind, ...] = ("clock_in", "clock_out", "break_start", "break_end", "unknown")


def punch(
    kind: PunchKind,
    minute: float,
    event_id: UUID | None = None,
    supersedes: UUID | None = None,
    voids: UUID | None = None,
) -> RecentPunch:
    at = START + timedelta(minutes=minute)
    return RecentPunch(event_id or uuid4(), kind, at, None, "S1", "T1", "terminal", supersedes, voids)


def after(*punches: RecentPunch) -> tuple[LiveStateName, datetime | None, datetime | None]:
    state = state_of(merged([], punches))
    return state.state, state.since, state.session_since


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def test_nobody_is_in_without_a_punch() -> None:
    assert after() == ("out", None, None)


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["clock_in"], ("in", at(0), at(0))),
        (["clock_in", "break_start"], ("break", at(10), at(0))),
        (["clock_in", "break_start", "break_end"], ("in", at(20), at(0))),
        (["clock_in", "break_start", "clock_in"], ("in", at(20), at(20))),
        (["clock_in", "break_start", "clock_out"], ("out", at(20), None)),
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


def test_the_state_begins_anew_with_each_worked_shift() -> None:
    # A forgotten clock_out: 16 hours after the clock_in an unknown punch comes in, not out.
    assert after(punch("clock_in", 0), punch("unknown", 960)) == ("out", at(960), None)
    assert after(punch("clock_in", 0), punch("unknown", 961)) == ("in", at(961), at(961))
    # After a gap of four hours the 16 hours count from the new shift on.
    punches = [punch("clock_in", 0), punch("clock_out", 60), punch("clock_in", 300), punch("unknown", 1000)]
    assert after(*punches) == ("out", at(1000), None)


def test_a_voided_and_a_replaced_punch_do_not_count() -> None:
    first, wrong = punch("clock_in", 0), punch("clock_out", 60)
    assert after(first, wrong, punch("clock_out", 60, voids=wrong.event_id)) == ("in", at(0), at(0))
    assert after(first, wrong, punch("clock_out", 90, supersedes=wrong.event_id)) == ("out", at(90), None)


def test_punches_at_one_instant_are_taken_in_the_order_of_the_policies() -> None:
    assert (
        after(punch("clock_in", 0), punch("break_start", 5), punch("clock_out", 10), punch("break_end", 10))[0] == "out"
    )
    assert after(punch("clock_in", 0), punch("clock_in", 10), punch("clock_out", 10))[0] == "in"


@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 3000)), max_size=40), st.randoms(use_true_random=False)
)
def test_the_order_of_arrival_does_not_matter(plan: list[tuple[PunchKind, int]], random: "object") -> None:
    punches = [punch(kind, minute) for kind, minute in plan]
    arrived = list(punches)
    random.shuffle(arrived)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    kept: list[RecentPunch] = []
    for each in arrived:
        kept = merged(kept, [each])
    assert kept == merged([], punches)
    # Delivered again they change nothing.
    assert merged(kept, arrived) == kept


def test_only_the_newest_punches_are_kept() -> None:
    punches = [punch("clock_in", minute) for minute in range(KEPT_PUNCHES + 10)]
    assert merged([], punches) == punches[10:]
    assert merged(punches[10:], punches[:10]) == punches[10:]
