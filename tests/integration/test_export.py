"""From punches to payroll's tables, its files and the cache, each following a run by what it changed."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.exports.export import export
from timecontrol.serving.payroll import fill
from timecontrol.serving.read_cache import ReadCache
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.refresh import refresh
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

NOW = datetime(2026, 10, 7, 18, tzinfo=UTC)
MORNING = datetime(2026, 10, 7, 6, tzinfo=UTC)


@pytest.fixture
def inputs(stack: RunningStack) -> Inputs:
    """One person with eight hours on one day, computed by a first run."""
    settings = stack.require("postgres", "replica", "read_redis", "heartbeat")
    made = Inputs(settings)
    made.empty()
    made.add("core.sites", site_id="north", name="North", time_zone="UTC")
    for employee_id in ("ana", "ben"):
        made.add("core.employees", employee_id=employee_id, name=employee_id.title(), site_id="north")
        shift(made, employee_id, MORNING)
    run(settings, reason="test", clock=FixedClock(NOW))
    with connect(settings, "transform") as connection:
        fill(connection)
    return made


@pytest.fixture
def reads(inputs: Inputs) -> Iterator[Reads]:
    opened = Reads(inputs.settings)
    yield opened
    opened.close()


def shift(inputs: Inputs, employee_id: str, start: datetime) -> None:
    inputs.punch(employee_id, "clock_in", start, site_id="north")
    inputs.punch(employee_id, "clock_out", start + timedelta(hours=8), site_id="north")


def compute(settings: Settings, minutes: int) -> None:
    run(settings, reason="test", clock=FixedClock(NOW + timedelta(minutes=minutes)))


def test_only_what_changed_is_written_for_payroll(inputs: Inputs) -> None:
    shift(inputs, "ana", MORNING - timedelta(days=1))
    compute(inputs.settings, 1)
    with connect(inputs.settings, "transform") as connection:
        filled = fill(connection)
        again = fill(connection)
    assert (filled.compared, filled.deleted, filled.inserted, filled.periods) == ("touched", 0, 1, ("2026-10",))
    assert (again.compared, again.inserted) == ("nothing", 0)


def test_who_missed_a_run_finds_what_it_changed(inputs: Inputs) -> None:
    shift(inputs, "ana", MORNING - timedelta(days=1))
    compute(inputs.settings, 1)
    shift(inputs, "ben", MORNING - timedelta(days=1))
    compute(inputs.settings, 2)
    with connect(inputs.settings, "transform") as connection:
        filled = fill(connection)
    assert (filled.compared, filled.inserted) == ("all", 2)


@pytest.mark.parametrize("format_name", ["csv", "parquet"])
def test_the_same_period_and_watermark_give_the_same_bytes(
    reads: Reads, inputs: Inputs, tmp_path: Path, format_name: str
) -> None:
    first = export(reads, "2026-10", format_name, tmp_path / "first")
    compute(inputs.settings, 1)
    with connect(inputs.settings, "transform") as connection:
        fill(connection)
    second = export(reads, "2026-10", format_name, tmp_path / "second")
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("first", "second")]
    assert first == second
    assert files[0] == files[1]
    content = files[0][first.file]
    assert (first.rows, first.paid_seconds, first.employees) == (2, 2 * 8 * 3600, 2)
    assert hashlib.sha256(content).hexdigest() == first.sha256
    assert json.loads(files[0][f"{first.file}.manifest.json"])["watermark"] == first.watermark


def test_the_manifest_in_the_database_is_that_of_the_csv(reads: Reads, inputs: Inputs, tmp_path: Path) -> None:
    manifest = export(reads, "2026-10", "csv", tmp_path)
    with connect(inputs.settings, "operator") as connection:
        row = connection.execute(
            "select sha256, row_count, watermark from payroll.manifests where period = '2026-10'"
        ).fetchone()
    assert row == (manifest.sha256, manifest.rows, manifest.watermark)


def test_the_cache_follows_a_run(reads: Reads, inputs: Inputs) -> None:
    today = date(2026, 10, 7)
    with read_redis(inputs.settings) as redis:
        refresh(inputs.settings, reads, redis, NOW)
        cache = ReadCache(reads, redis)
        before = cache.hours_of_week("ana", today)
        shift(inputs, "ana", MORNING - timedelta(days=1))
        compute(inputs.settings, 1)
        refreshed = refresh(inputs.settings, reads, redis, NOW)
        after = cache.hours_of_week("ana", today)
        untouched = cache.hours_of_day("ben", today)
    assert refreshed.scope == "touched"
    assert (before.origin, after.origin, untouched.origin) == ("cache", "cache", "cache")
    assert [row["worked_seconds"] for row in before.records()] == [28800]
    assert [row["worked_seconds"] for row in after.records()] == [28800, 28800]
