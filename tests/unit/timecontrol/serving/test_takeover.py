"""What a follower has to look at after a run."""

from datetime import UTC, datetime

import pytest

from timecontrol.serving.takeover import LastRun, Scope


@pytest.mark.parametrize(
    ("taken", "full", "scope"),
    [
        (7, False, "nothing"),
        (6, False, "touched"),
        (6, True, "all"),
        (5, False, "all"),
        (None, False, "all"),
    ],
)
def test_who_missed_a_run_compares_all(taken: int | None, full: bool, scope: Scope) -> None:
    last = LastRun(7, 100, datetime(2026, 1, 1, tzinfo=UTC), full, previous_run_id=6, overtaken_by=None)
    assert last.scope(taken) == scope
