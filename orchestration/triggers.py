"""Whether a run of the models is due: the decision alone, from what the database says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Time passes without punches: who should have come is late, a shift becomes missed, an open session too long.
LONGEST_PAUSE = timedelta(minutes=10)
# A run that fails would fail again at once; the pause doubles with each failure, up to the longest.
FIRST_PAUSE_AFTER_FAILURE = timedelta(seconds=30)


@dataclass(frozen=True)
class RunState:
    """The last run that succeeded and what happened since; see `triggers.run_state` in the named SQL."""

    run_id: int
    now_at: datetime | None
    failure_count: int
    failed_at: datetime | None
    has_news: bool
    is_untaken: bool


@dataclass(frozen=True)
class Decision:
    """Whether to run, and why (not), in words for the log of the sensor."""

    due: bool
    reason: str


def decide(state: RunState, now: datetime) -> Decision:
    """Run when something arrived, when a run's results were not taken over, when time passed; wait after failures."""
    if state.failed_at is not None and now < state.failed_at + pause_after(state.failure_count):
        return Decision(
            due=False, reason=f"{state.failure_count} runs failed since run {state.run_id}; waiting before the next"
        )
    if state.now_at is None:
        return Decision(due=True, reason="nothing was computed yet")
    if state.has_news:
        return Decision(due=True, reason=f"rows arrived after run {state.run_id}")
    if state.is_untaken:
        return Decision(due=True, reason=f"payroll and cache have not followed run {state.run_id}")
    if now >= state.now_at + LONGEST_PAUSE:
        return Decision(due=True, reason=f"{LONGEST_PAUSE} passed since run {state.run_id}")
    return Decision(due=False, reason=f"nothing new since run {state.run_id}")


def pause_after(failures: int) -> timedelta:
    """How long to wait after this many failures in a row."""
    return min(FIRST_PAUSE_AFTER_FAILURE * 2.0 ** (failures - 1), LONGEST_PAUSE)
