"""The cache that pages and the API read."""

from typing import Any

import dagster as dg

from orchestration.jobs import cache
from orchestration.transient import retried
from timecontrol.clock import SystemClock
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.refresh import Refreshed, refresh
from timecontrol.serving.takeover import RunUnderWay
from timecontrol.settings import Settings


@dg.asset(
    key=["read_redis", "hours_and_people"],
    group_name="cache",
    deps=[["marts", "fct_workdays"], ["marts", "dim_employees"]],
    kinds={"redis"},
)
def hours_and_people(
    context: dg.AssetExecutionContext, settings: dg.ResourceParam[Settings]
) -> dg.MaterializeResult[Any]:
    """Today's and this week's hours of whom the run touched, and who there is; what is older than the run is removed."""
    reads = Reads(settings)
    try:
        with retried(), read_redis(settings) as redis:
            try:
                refreshed = refresh(settings, reads, redis, SystemClock().now())
            except RunUnderWay:
                # The job of each hour follows no run of its own: the one under way brings its hours itself.
                if context.run.job_name != cache.name:
                    raise
                refreshed = Refreshed(None, "nothing")
    finally:
        reads.close()
    return dg.MaterializeResult(
        metadata={
            "run_id": refreshed.run_id,
            "scope": refreshed.scope,
            "written": refreshed.written,
            "removed": refreshed.removed,
        }
    )
