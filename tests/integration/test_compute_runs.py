"""Runs of the models: one at a time, recorded, and never past a watermark that did not succeed; unit tests of the models."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from dagster import AssetCheckResult

from orchestration.checks import lineage_adds_up, one_row
from tests.integration.computing import Inputs, at_each_write, failing_at
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.contracts.errors import Transient
from timecontrol.serving.compute import run
from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import ModelsFailed, run_models
from timecontrol.warehouse.locks import AdvisoryLock
from timecontrol.warehouse.pools import connect

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def lineage_passes(settings: Settings) -> bool:
    result = lineage_adds_up(settings=settings)
    assert isinstance(result, AssetCheckResult)
    return bool(result.passed)


def test_runs_are_recorded_and_failures_do_not_count(stack: RunningStack) -> None:
    """What a killed run left is closed, two at once are refused, a failed one is computed again by the next."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    assert lineage_passes(settings)
    inputs.punch("ana", "clock_in", NOON.replace(hour=8))
    clock = FixedClock(NOON)
    first = run(settings, reason="first", clock=clock)
    assert first.full_refresh

    with connect(settings, "transform") as other:
        other.execute("select pg_advisory_lock(%s)", (AdvisoryLock.COMPUTE,))
        with pytest.raises(Transient, match="another run"):
            run(settings, reason="at the same time", clock=clock)

    inputs.add(
        "ops.runs",
        previous_watermark=0,
        watermark=1,
        now_at=NOON,
        full_refresh=False,
        reason="killed",
        status="running",
    )
    inputs.punch("ana", "clock_out", NOON.replace(hour=11))
    with failing_at(settings, "fct_workdays"), pytest.raises(ModelsFailed, match="refused by the test"):
        run(settings, reason="broken", clock=clock)

    last = run(settings, reason="after the repair", clock=clock)
    with connect(settings, "transform") as connection:
        recorded = connection.execute("select reason, status from ops.runs order by run_id").fetchall()
        worked = connection.execute("select worked_seconds from marts.fct_workdays").fetchall()
    assert recorded == [
        ("first", "succeeded"),
        ("killed", "failed"),
        ("broken", "failed"),
        ("after the repair", "succeeded"),
    ]
    assert last.touched_weeks >= 1
    assert worked == [(3 * 3600,)]
    assert one_row(settings, "lineage_gaps") == (0,)
    with connect(settings, "transform") as connection:
        connection.execute("delete from marts.fct_pay_lineage")
    assert one_row(settings, "lineage_gaps") == (1,)
    assert not lineage_passes(settings)
    # A run that is under way replaces the two tables one after the other.
    inputs.add(
        "ops.runs",
        previous_watermark=0,
        watermark=1,
        now_at=NOON,
        full_refresh=False,
        reason="under way",
        status="running",
    )
    assert lineage_passes(settings)


def test_the_nightly_check_sees_what_no_run_touches(stack: RunningStack) -> None:
    """A row that is there twice in a week long computed: a run tests what it replaces, the check whole marts."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.punch("ana", "clock_in", NOON.replace(hour=8))
    inputs.punch("ana", "clock_out", NOON.replace(hour=11))
    clock = FixedClock(NOON)
    run(settings, reason="first", clock=clock)
    assert run(settings, reason="in order", check=True, clock=clock).touched_weeks == 0
    with connect(settings, "transform") as connection:
        connection.execute("insert into marts.fct_pay_lines select * from marts.fct_pay_lines")
    run(settings, reason="touches nothing", clock=clock)
    with pytest.raises(ModelsFailed) as failed:
        run(settings, reason="at night", check=True, clock=clock)
    assert {line.split(":")[0] for line in str(failed.value).splitlines()} >= {
        "base_pay_equals_paid_time",
        "no_mart_has_a_row_twice",
    }


def test_a_run_that_lost_the_lock_does_not_count(stack: RunningStack) -> None:
    """Another could have begun beside it: it is not recorded as done, and the next one closes and repeats it."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    clock = FixedClock(NOON)
    run(settings, reason="first", clock=clock)
    inputs.punch("ana", "clock_in", NOON.replace(hour=8))
    inputs.punch("ana", "clock_out", NOON.replace(hour=11))
    ends_the_holder = (
        "perform pg_terminate_backend(pid) from pg_locks "
        f"where locktype = 'advisory' and objid = {AdvisoryLock.COMPUTE}; return null;"
    )
    with at_each_write(settings, "fct_workdays", ends_the_holder), pytest.raises(Transient, match="does not count"):
        run(settings, reason="without lock", clock=clock)
    assert run(settings, reason="next", clock=clock).touched_weeks >= 1
    with connect(settings, "transform") as connection:
        recorded = connection.execute("select reason, status from ops.runs order by run_id").fetchall()
        worked = connection.execute("select worked_seconds from marts.fct_workdays").fetchall()
    assert recorded == [("first", "succeeded"), ("without lock", "failed"), ("next", "succeeded")]
    assert worked == [(3 * 3600,)]


def test_models_on_the_days_that_clocks_change(stack: RunningStack, tmp_path: Path) -> None:
    """The unit tests of the dbt project, on tables as a run has made them."""
    settings = stack.require("postgres")
    run(settings, reason="tables for the unit tests")
    results = run_models(settings, tmp_path, command="test", select=["test_type:unit"])
    # The hook that creates the functions is among the results, too; a test that fails raises.
    assert {result.name: result.status for result in results if result.status != "success"} == {
        "a_badge_is_nobody_of_its_own_while_it_has_a_holder": "pass",
        "a_night_over_the_repeated_hour_is_split_at_local_midnight": "pass",
        "a_night_over_the_skipped_hour_is_an_hour_shorter": "pass",
        "a_workday_in_the_skipped_hour_starts_after_it": "pass",
        "a_workday_in_the_repeated_hour_starts_in_its_first_pass": "pass",
    }
