"""The cache that pages and the API read."""

from typing import Any

import dagster as dg

from orchestration.transient import retried
from timecontrol.clock import SystemClock
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.refresh import refresh
from timecontrol.settings import Settings


@dg.asset(
    key=["read_redis", "hours_and_people"],
    group_name="cache",
    deps=[["marts", "fct_workdays"], ["marts", "dim_employees"]],
    kinds={"redis"},
)
def hours_and_people(settings: dg.ResourceParam[Settings]) -> dg.MaterializeResult[Any]:
    """Today's and this week's hours of whom the run touched, and who there is; what is older than the run is removed."""
    reads = Reads(settings)
    try:
        with retried(), read_redis(settings) as redis:
            refreshed = refresh(settings, reads, redis, SystemClock().now())
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
