"""What starts runs and alerts by itself."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile

import dagster as dg
from psycopg.rows import class_row

from orchestration.jobs import update
from orchestration.triggers import Failures, RunState, decide
from timecontrol.alerts import alert
from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings
from timecontrol.warehouse.named_sql import named_sql
from timecontrol.warehouse.pools import connect

# The daemon needs 7-22 s from a launch to the start of a run, the run some seconds: with this, hours are fresh within 60 s.
LOOK_SECONDS = 10

# With so many failures in a row the pause has reached its longest.
LOOK_BACK = 10

UNFINISHED = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@dg.sensor(job=update, minimum_interval_seconds=LOOK_SECONDS, default_status=dg.DefaultSensorStatus.RUNNING)
def new_rows(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Runs `update` when rows have arrived that the last run did not read, or time has passed."""
    records = context.instance.get_run_records(dg.RunsFilter(job_name=update.name), limit=LOOK_BACK)
    if any(record.dagster_run.status in UNFINISHED for record in records):
        yield dg.SkipReason("a run is under way")
        return
    try:
        with connect(settings, "transform") as connection:
            cursor = connection.cursor(row_factory=class_row(RunState))
            state = cursor.execute(named_sql("triggers")["run_state"].for_psycopg()).fetchone()
    except Transient as error:
        yield dg.SkipReason(str(error))
        return
    assert state is not None  # an aggregate has one row
    decision = decide(state, failures_in_a_row(records), SystemClock().now())
    yield dg.RunRequest(tags={"reason": decision.reason}) if decision.due else dg.SkipReason(decision.reason)


def failures_in_a_row(records: Sequence[dg.RunRecord]) -> Failures:
    """How often the job failed since it last succeeded; `records` are its runs, the newest first."""
    failed = list(takewhile(lambda record: record.dagster_run.status == dg.DagsterRunStatus.FAILURE, records))
    ended = [record.end_time for record in failed if record.end_time is not None]
    return Failures(len(failed), datetime.fromtimestamp(max(ended), UTC) if ended else None)


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=LOOK_SECONDS)
def failed_runs(context: dg.RunFailureSensorContext, settings: dg.ResourceParam[Settings]) -> None:
    """Each failed run is an alert."""
    run = context.dagster_run
    alert(settings, f"run of {run.job_name} failed", f"{context.failure_event.message} (run {run.run_id})")
