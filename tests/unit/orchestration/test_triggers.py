"""When a run of the models is due."""

from datetime import UTC, datetime, timedelta

import pytest

from orchestration.triggers import Failures, RunState, decide, pause_after

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
JUST_NOW = NOW - timedelta(seconds=20)
NO_FAILURES = Failures(0, None)


def state(now_at: datetime | None = JUST_NOW, *, news: bool = False, untaken: bool = False) -> RunState:
    return RunState(7, now_at, has_news=news, is_untaken=untaken)


@pytest.mark.parametrize(
    ("run_state", "due"),
    [
        (state(None), True),
        (state(), False),
        (state(news=True), True),
        (state(untaken=True), True),
        (state(NOW - timedelta(minutes=9, seconds=59)), False),
        (state(NOW - timedelta(minutes=10)), True),
    ],
)
def test_a_run_is_due_when_something_changed_or_time_passed(run_state: RunState, due: bool) -> None:
    assert decide(run_state, NO_FAILURES, NOW).due is due


def test_after_failures_it_waits_longer_each_time() -> None:
    assert [pause_after(count).total_seconds() for count in (1, 2, 3, 4, 5, 6, 50)] == [30, 60, 120, 240, 480, 600, 600]
    failures = Failures(2, NOW - timedelta(seconds=59))
    assert not decide(state(news=True), failures, NOW).due
    assert decide(state(news=True), failures, NOW + timedelta(seconds=1)).due
