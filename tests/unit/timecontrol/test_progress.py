"""Progress where there are no bars: lines, not too many."""

import pytest

from timecontrol import progress
from timecontrol.progress import Report


def test_long_work_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    instants = iter([0.0, 0.0, 5.0, 5.0, 20.0, 20.0, 25.0, 25.0, 30.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(instants))
    with Report(quiet=True).step("Loading", total=100) as step:
        step.reach(10)
        step.reach(40)
        step.reach(50)
    assert capsys.readouterr().err.splitlines() == [
        "Loading: 40 of 100, 2/s, 30 s left, 20 s so far",
        "Loading: 50 done in 30.0 s",
    ]


def test_work_that_cannot_be_counted_says_what_it_is_at(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    instants = iter([0.0, 0.0, 1.0, 16.0, 17.0, 32.0, 40.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(instants))
    with Report(quiet=True).step("Computing") as step:
        for state in ("queued", "started", "started", "started"):
            step.say(state)
    assert capsys.readouterr().err.splitlines() == [
        "Computing: started, 16 s so far",
        "Computing: started, 32 s so far",
        "Computing: done in 40.0 s",
    ]
