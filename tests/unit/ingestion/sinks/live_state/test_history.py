"""What is kept of the punches of one id, and which of them count."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from ingestion.sinks.live_state.history import (
    KEPT_PUNCHES,
    KEPT_REPLACEMENTS,
    History,
    Replacement,
    replaced,
    with_events,
)
from timecontrol.contracts.punch import Punch

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def event(minute: float = 0, employee_id: str = "E1", **more: Any) -> Punch:  # noqa: ANN401  fields of any type
    fields = {"kind": "clock_in", "source": "terminal", "device_id": "T1"} | more
    return Punch(event_id=uuid4(), employee_id=employee_id, occurred_at=START + timedelta(minutes=minute), **fields)


def ids(history: History) -> list[UUID]:
    return [punch.event_id for punch in history.punches]


@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), max_size=120), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(plan: list[tuple[int, bool]], random: Any) -> None:  # noqa: ANN401  hypothesis gives a random.Random
    target = uuid4()
    events = [
        (event(minute, supersedes=target if replaces else None), offset)
        for offset, (minute, replaces) in enumerate(plan)
    ]
    shuffled = list(events)
    random.shuffle(shuffled)
    history = History()
    for each in shuffled:
        history = with_events(history, [each])
    assert history == with_events(History(), events)
    # Delivered again they change nothing.
    assert with_events(history, shuffled) == history


def test_only_the_newest_are_kept() -> None:
    events = [(event(minute, supersedes=uuid4()), 1000 - minute) for minute in range(60)]
    history = with_events(History(), events)
    assert ids(history) == [punch.event_id for punch, _ in events[-KEPT_PUNCHES:]]
    assert [each.offset for each in history.replacements] == list(range(1001 - KEPT_REPLACEMENTS, 1001))


def test_a_correction_to_a_date_long_ago_is_kept_as_long_as_the_punches() -> None:
    wrong = event(0)
    moved = event(-60 * 24 * 365, supersedes=wrong.event_id)
    fillers = [(event(-minute), minute) for minute in range(1, KEPT_PUNCHES)]
    history = with_events(History(), [(wrong, 0), *fillers, (moved, 1000)])
    assert wrong.event_id in ids(history)
    assert replaced(history.replacements) == {wrong.event_id}


def test_a_void_is_no_punch_and_its_device_user_is_known_of_badges_only() -> None:
    badge = event(employee_id="badge:T1:7", attributes={"device_user": "7"})
    person = event(attributes={"device_user": "7"})
    void = event(voids=badge.event_id)
    history = with_events(History(), [(badge, 1), (person, 2), (void, 3)])
    assert [(punch.event_id, punch.device_user) for punch in history.punches] == [
        (badge.event_id, "7"),
        (person.event_id, None),
    ]
    assert history.replacements == [Replacement(void.event_id, badge.event_id, False, 3)]


def chain(*for_good: bool) -> tuple[list[UUID], frozenset[UUID]]:
    """Events of which each replaces the one before, and those that do not count."""
    events = [uuid4() for _ in range(len(for_good) + 1)]
    links = [
        Replacement(later, earlier, good, number)
        for number, (earlier, later, good) in enumerate(zip(events, events[1:], for_good, strict=False))
    ]
    return events, replaced(links)


def test_a_void_of_a_correction_brings_back_what_was_corrected() -> None:
    events, gone = chain(False)
    assert gone == {events[0]}
    events, gone = chain(False, False)
    assert gone == {events[1]}
    events, gone = chain(False, False, False)
    assert gone == {events[0], events[2]}


def test_versions_of_a_legacy_row_replace_each_other_for_good() -> None:
    events, gone = chain(True, False)
    assert gone == {events[0], events[1]}


def test_events_that_replace_each_other_in_a_circle_are_decided_all_the_same() -> None:
    one, other = uuid4(), uuid4()
    gone = replaced([Replacement(one, other, False, 1), Replacement(other, one, False, 2)])
    assert gone == {one, other}
