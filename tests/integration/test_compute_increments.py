"""Increments give the rows that a full refresh gives, whatever changes and in whatever order."""

from datetime import date, timedelta

import pytest

from tests.integration.company import DAYS, START, Company
from tests.integration.computing import Inputs, computed_anew, differing_rows
from tests.running_stack import RunningStack
from tests.seeds import seeds
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import RunRequest, run
from timecontrol.warehouse.pools import connect

# Kinds that read a part of what a run touches: breaks, the day, the week. All of them were held against a full refresh.
LIMITED = {
    "early_in", "long_break", "short_break", "too_few_breaks", "too_many_breaks", "late_meal", "over_scheduled", "under_scheduled",
    "over_weekly_scheduled", "over_daily_time", "over_weekly_time",
}  # fmt: skip


@pytest.mark.parametrize("seed", seeds(20261124))
def test_increments_equal_a_full_refresh(stack: RunningStack, seed: int) -> None:
    """Random changes of every kind, with time passing: after them all marts are what computing anew gives."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    company = Company(inputs, seed)
    company.found()
    clock = FixedClock(START + timedelta(days=DAYS - 6, hours=10))
    run(settings, reason="test", clock=clock)

    changes = company.changes()
    company.random.shuffle(changes)
    for first, second in zip(changes[::2], changes[1::2], strict=True):
        for _ in range(2):
            first()
            second()
        clock.instant += timedelta(hours=company.random.randint(1, 30))
        run(settings, reason=f"{first.__name__} and {second.__name__}", clock=clock)
        with computed_anew(settings) as schema:
            assert differing_rows(settings, schema) == {}, f"after {first.__name__} and {second.__name__}, seed {seed}"
    with connect(settings, "transform") as connection:
        kinds = {kind for (kind,) in connection.execute("select distinct kind from marts.fct_exceptions").fetchall()}
    assert kinds >= LIMITED


def test_a_run_touches_only_what_changed(stack: RunningStack) -> None:
    """A punch touches the weeks around it, a renamed site nobody; a request touches its days; all else stays."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    company = Company(inputs, 7)
    company.found()
    clock = FixedClock(START + timedelta(days=60))
    run(settings, reason="test", clock=clock)
    assert run(settings, reason="nothing new", clock=clock).touched_weeks == 0

    company.rename_site()
    assert run(settings, reason="renamed", clock=clock).touched_weeks == 0

    inputs.punch("dee", "clock_in", START + timedelta(days=10, hours=12))
    assert 1 <= run(settings, reason="one punch", clock=clock).touched_weeks <= 3

    day = date(2026, 10, 14)
    result = run(settings, reason="recompute", clock=clock, employee_weeks=[RunRequest(day, day, "ana")])
    assert 1 <= result.touched_weeks <= 3
