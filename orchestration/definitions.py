"""The graph from raw rows to exports. Nothing is read at import; loading the definitions reads settings and dbt's manifest."""

import dagster as dg

from orchestration.assets.cache import hours_and_people
from orchestration.assets.inputs import inputs
from orchestration.assets.models import models
from orchestration.assets.payroll import pay_period_files, payroll_tables
from orchestration.assets.recompute import recompute_day
from orchestration.checks import PIPELINE_CHECKS
from orchestration.jobs import JOBS, SCHEDULES
from orchestration.manifest import manifest
from orchestration.sensors import failed_runs, new_rows
from timecontrol.settings import load_settings


@dg.definitions
def definitions() -> dg.Definitions:
    """Everything Dagster knows of this project."""
    settings = load_settings()
    return dg.Definitions(
        assets=[inputs, models(manifest(settings)), payroll_tables, pay_period_files, hours_and_people, recompute_day],
        asset_checks=PIPELINE_CHECKS,
        jobs=JOBS,
        schedules=SCHEDULES,
        sensors=[new_rows, failed_runs],
        resources={"settings": settings},
        executor=dg.in_process_executor,  # a process for each step costs 16 s where the step takes one
    )
