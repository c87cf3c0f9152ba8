"""Computing days anew although none of their inputs changed."""

from datetime import timedelta
from typing import Any

import dagster as dg

from orchestration.partitions import days
from orchestration.transient import OTHER_RUN_SECONDS, retried
from timecontrol.serving.compute import RunRequest, run
from timecontrol.settings import Settings

DAY = timedelta(days=1)


@dg.asset(
    group_name="recompute",
    partitions_def=days,
    # A backfill over many days is one run of the models.
    backfill_policy=dg.BackfillPolicy.single_run(),
)
def recompute_day(context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[Any]:
    """Every employee-week that contains the day, through all models; payroll's tables and the cache follow with the next update."""
    window = context.partition_time_window
    request = RunRequest(window.start.date(), (window.end - DAY).date())
    with retried():
        result = run(
            settings,
            reason=f"recompute {context.partition_key_range}",
            employee_weeks=[request],
            wait_seconds=OTHER_RUN_SECONDS,
        )
    return dg.MaterializeResult(metadata={"run_id": result.run_id, "touched_weeks": result.touched_weeks})
