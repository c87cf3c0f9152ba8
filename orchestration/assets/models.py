"""The dbt models as assets. One step computes all of them, under one watermark; what is selected is only what is reported."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets

from orchestration.transient import OTHER_RUN_SECONDS, retried
from timecontrol.serving.compute import RunResult, run
from timecontrol.settings import Settings

PASSED = ("success", "pass")

Event = dg.MaterializeResult[Any] | dg.AssetCheckResult


class Compute(dg.Config):
    """How the models are run."""

    #: Compute everything anew instead of what changed since the last run.
    full_refresh: bool = False
    #: Run the tests that read whole tables, too.
    check: bool = False


class Layers(DagsterDbtTranslator):
    """Assets are keyed by schema and table, and grouped by layer."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """The layer: staging, intermediate, marts; `inputs` for the sources."""
        return "inputs" if dbt_resource_props["resource_type"] == "source" else str(dbt_resource_props["fqn"][1])


def models(manifest: Path) -> dg.AssetsDefinition:
    """All models of the project, and their tests as checks."""

    @dbt_assets(manifest=manifest, name="models", dagster_dbt_translator=Layers())
    def compute_models(
        context: dg.AssetExecutionContext, config: Compute, settings: dg.ResourceParam[Settings]
    ) -> Iterator[Event]:
        with retried():
            result = run(
                settings,
                full_refresh=config.full_refresh,
                check=config.check,
                reason=f"dagster {context.run.job_name}",
                wait_seconds=OTHER_RUN_SECONDS,
            )
        yield from events(context, result)

    return compute_models


def events(context: dg.AssetExecutionContext, result: RunResult) -> Iterator[Event]:
    """What the run did to each selected asset and check, in the order of the run (Dagster wants upstream first)."""
    assets = {key.path[-1]: key for key in context.selected_asset_keys}
    checks = {check.name: check for check in context.selected_asset_check_keys}
    common: dict[str, Any] = {
        "run_id": result.run_id,
        "watermark": result.watermark,
        "now": dg.MetadataValue.timestamp(result.now_at),
        "touched_weeks": result.touched_weeks,
    }
    for node in result.nodes:
        if node.name in assets:
            yield dg.MaterializeResult(asset_key=assets[node.name], metadata=common | {"seconds": node.seconds})
        elif node.name in checks:
            yield dg.AssetCheckResult(
                asset_key=checks[node.name].asset_key,
                check_name=node.name,
                passed=node.status in PASSED,
                metadata={"seconds": node.seconds, "message": node.message or ""},
            )
