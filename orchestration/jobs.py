"""The jobs: which assets and checks are made together, and when."""

import dagster as dg

from orchestration.checks import PIPELINE_CHECKS

PIPELINE = dg.AssetSelection.checks(*PIPELINE_CHECKS)
COMPUTED = dg.AssetSelection.groups("staging", "intermediate", "marts", "payroll", "cache")
FILES = dg.AssetSelection.assets(["exports", "pay_period_files"])

update = dg.define_asset_job(
    "update",
    selection=COMPUTED - FILES - PIPELINE,
    description="From raw rows to marts, payroll's tables and the cache; what is new, or everything.",
)
exports = dg.define_asset_job("exports", selection=FILES, description="Files for payroll, of each period that changed.")
cache = dg.define_asset_job(
    "cache", selection=dg.AssetSelection.groups("cache"), description="Today's hours, where a new day began."
)
health = dg.define_asset_job(
    "health", selection=PIPELINE, description="Lag, freshness, quarantine, replica, watermark, lineage."
)

everything = dg.define_asset_job(
    "everything", selection=COMPUTED, description="From raw rows to the files for payroll."
)

JOBS = [update, exports, cache, health, everything]

CHECKED = {"ops": {"models": {"config": {"check": True}}}}

SCHEDULES = [
    # Nobody works with the pages then, and the day before is over in every zone of the sites in Europe and America.
    dg.ScheduleDefinition(
        name="nightly_full_check",
        job=update,
        cron_schedule="30 2 * * *",
        run_config=CHECKED,
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
    dg.ScheduleDefinition(
        name="daily_exports", job=exports, cron_schedule="0 3 * * *", default_status=dg.DefaultScheduleStatus.RUNNING
    ),
    # Somewhere a day begins each hour (and at half hours, which the next update covers).
    dg.ScheduleDefinition(
        name="hourly_cache", job=cache, cron_schedule="1 * * * *", default_status=dg.DefaultScheduleStatus.RUNNING
    ),
    dg.ScheduleDefinition(
        name="pipeline_health",
        job=health,
        cron_schedule="*/10 * * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    ),
]
