"""The benchmark of computing, at a size that takes seconds: what it generates, and that what it measures is right."""

import json
from datetime import date, timedelta

from rich.console import Console

from benchmarks.compute import THE_DAY, Result, measure
from benchmarks.machine import describe
from benchmarks.measure import Gauge
from benchmarks.population import Population
from benchmarks.report import tables
from tests.integration.computing import computed_anew, differing_rows
from tests.running_stack import RunningStack
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

EMPLOYEES, DAYS, SEED = 20, 20, 1
KINDS = "select kind, count(*) from raw.punches where supersedes is null group by kind"
ALL = "select event_id, employee_id, kind, occurred_at, break_type, supersedes from raw.punches order by event_id"


def rows(settings: Settings, query: str, *parameters: object) -> list[tuple[object, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(query.encode(), parameters).fetchall()


def generated(settings: Settings, *, seed: int, first_day: date, last_day: date, employees: int = 300) -> int:
    population = Population(settings, employees, seed)
    population.found(first_day, last_day)
    return population.punch(first_day, last_day)


def test_the_population_punches_as_people_do(stack: RunningStack) -> None:
    """Four punches on most days and rests besides; nights over midnight; what is missing, repeated, corrected."""
    settings = stack.require("postgres")
    days = 14
    punches = generated(settings, seed=SEED, first_day=date(2026, 3, 2), last_day=date(2026, 3, 15))
    assert rows(settings, "select count(*) from raw.punches") == [(punches,)]
    assert 4.2 < punches / (300 * days) < 4.6
    assert rows(settings, "select policy, count(*) from benchmark.people group by policy order by policy") == [
        ("de-arbzg", 100),
        ("us-ca", 100),
        ("us-flsa", 100),
    ]

    kinds = dict(rows(settings, KINDS))
    assert set(kinds) == {"clock_in", "clock_out", "break_start", "break_end", "unknown"}
    breaks_a_day = int(str(kinds["break_start"])) / int(str(kinds["clock_in"]))
    assert 1.6 < breaks_a_day < 1.9
    assert int(str(kinds["unknown"])) < 0.005 * punches
    assert (
        0
        < int(str(rows(settings, "select count(*) from raw.punches where supersedes is not null")[0][0]))
        < 0.01 * punches
    )
    over_midnight = "select count(*) from core.shifts where (starts_at at time zone 'UTC')::date <> (ends_at at time zone 'UTC')::date"
    assert int(str(rows(settings, over_midnight)[0][0])) > 0
    unscheduled = "select count(*) from benchmark.people where employee_id not in (select employee_id from core.shifts)"
    assert rows(settings, unscheduled) == [(0,)]


def test_a_seed_and_a_day_decide_what_is_generated(stack: RunningStack) -> None:
    """The same seed gives the same punches, another one others; a short history is the end of a long one."""
    settings = stack.require("postgres")
    last_day = date(2026, 3, 15)
    generated(settings, seed=7, first_day=last_day - timedelta(days=9), last_day=last_day, employees=30)
    long = rows(settings, ALL)
    generated(settings, seed=7, first_day=last_day - timedelta(days=9), last_day=last_day, employees=30)
    assert rows(settings, ALL) == long
    generated(settings, seed=8, first_day=last_day - timedelta(days=9), last_day=last_day, employees=30)
    assert not {row[0] for row in rows(settings, ALL)} & {row[0] for row in long}
    generated(settings, seed=7, first_day=last_day - timedelta(days=4), last_day=last_day, employees=30)
    short = rows(settings, ALL)
    assert set(short) < set(long)


def test_the_benchmark_computes_what_it_says(stack: RunningStack) -> None:
    """Both histories are measured; the marts then hold every punch and are what a full refresh gives."""
    settings = stack.require("postgres")
    result = measure(settings, Gauge(stack.pid("postgres"), settings.home), EMPLOYEES, DAYS, SEED)

    short, long = result.histories
    assert (short.days, long.days) == (2, DAYS)
    assert short.punches < long.punches
    assert (short.day_punches, short.day_corrections) == (long.day_punches, long.day_corrections)
    captured = long.punches + long.day_punches + long.day_corrections
    assert rows(settings, "select count(*) from raw.punches") == [(captured,)]
    assert rows(settings, "select count(*) from marts.fct_punches") == [(captured,)]
    assert rows(settings, "select count(*) > 0 from marts.fct_punches where occurred_at >= %s", THE_DAY) == [(True,)]
    paid = "select sum(paid_seconds) from marts.fct_workdays"
    lineage = "select sum(seconds) from marts.fct_pay_lineage where source <> 'premium'"
    assert rows(settings, paid) == rows(settings, lineage)
    with computed_anew(settings) as schema:
        assert differing_rows(settings, schema) == {}
    assert_reported(result, settings)


def assert_reported(result: Result, settings: Settings) -> None:
    """Every run took time, memory and disk; the models are named, and what is printed has the ratios."""
    for history in result.histories:
        for run in (history.full, history.day):
            assert {"int_punches", "fct_pay_lines", "fct_findings"} < set(run.model_seconds)
            assert sum(run.test_seconds.values()) > 0
            assert run.taken.seconds > max(run.model_seconds.values())
            assert run.taken.memory_bytes > 50 * 10**6
            assert run.taken.disk_bytes > 20 * 10**6
        assert history.full.touched_weeks == 0
        # Everybody's week, and of some the week of a correction.
        assert EMPLOYEES <= history.day.touched_weeks <= 4 * EMPLOYEES
    console = Console(record=True, width=200)
    for table in tables(result, describe(settings)):
        console.print(table)
    text = console.export_text()
    assert "cost of the day over 20 days / over 2" in text
    assert f"{result.day_cost_ratio:.2f}" in text
    totals = [line for line in text.splitlines() if "int_punches" in line]
    assert len(totals) == 1
    assert json.dumps(describe(settings))
