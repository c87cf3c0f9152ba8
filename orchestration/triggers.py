"""Whether a run of the models is due: the decision alone, from what the database says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Time passes without punches: who should have come is late, a shift becomes missed, an open session too long.
LONGEST_PAUSE = timedelta(minutes=10)
# A run that fails would fail again at once; the pause doubles with each failure, up to the longest.
FIRST_PAUSE_AFTER_FAILURE = timedelta(seconds=30)
# From half a minute to the longest pause.
DOUBLINGS_TO_LONGEST = 5


@dataclass(frozen=True)
class RunState:
    """The last run of the models that succeeded and what happened since; see `triggers.run_state` in the named SQL."""

    run_id: int
    now_at: datetime | None
    has_news: bool
    is_untaken: bool


@dataclass(frozen=True)
class Failures:
    """How often the job failed in a row, and when last."""

    count: int
    last_at: datetime | None


@dataclass(frozen=True)
class Decision:
    """Whether to run, and why (not), in words for the log of the sensor."""

    due: bool
    reason: str


def decide(state: RunState, failures: Failures, now: datetime) -> Decision:
    """Run when something arrived, when a run's results were not taken over, when time passed; wait after failures."""
    if failures.last_at is not None and now < failures.last_at + pause_after(failures.count):
        return Decision(due=False, reason=f"waiting after {failures.count} failures in a row")
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
    doublings = min(failures - 1, DOUBLINGS_TO_LONGEST)
    return min(FIRST_PAUSE_AFTER_FAILURE * (1 << doublings), LONGEST_PAUSE)
