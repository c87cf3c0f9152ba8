"""Runs the dbt project in this process: the same call for production runs and for case runs in scratch schemas."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dbt.cli.main import dbtRunner
from dbt.contracts.results import NodeStatus, RunExecutionResult

from timecontrol.settings import Settings

PROJECT = Path(__file__).parents[2] / "dbt_project"

FAILED = frozenset({NodeStatus.Error, NodeStatus.Fail, NodeStatus.RuntimeErr})


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test."""

    name: str
    status: str
    seconds: float
    message: str | None


class ModelsFailed(Exception):
    """dbt could not build or check everything; the message names each node and what PostgreSQL said."""


def run_dbt(
    settings: Settings,
    command: str,
    *,
    full_refresh: bool,
    variables: Mapping[str, str] | None = None,
    exclude: Sequence[str] = (),
    select: Sequence[str] = (),
    target: Path | None = None,
) -> list[NodeResult]:
    """One dbt invocation (`run`, `test` or `build`) as role transform; raises ModelsFailed when a node fails.

    `variables` are dbt vars (schemas of a scratch run). Compiled files and logs go to `target`, by default `<home>/dbt`:
    scratch runs need one of their own, for they may run at the same time.
    """
    target = target or settings.home / "dbt"
    _set_environment(settings)
    arguments = [command, "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--no-use-colors", "--quiet"]
    arguments += ["--target-path", str(target / "target"), "--log-path", str(target / "logs"), "--no-write-json"]
    if full_refresh:
        arguments.append("--full-refresh")
    if variables:
        arguments += ["--vars", str(dict(variables))]
    for option, selectors in (("--select", select), ("--exclude", exclude)):
        if selectors:
            arguments += [option, *selectors]
    outcome = dbtRunner().invoke(arguments)
    if not isinstance(outcome.result, RunExecutionResult):
        raise ModelsFailed(f"dbt {command} did not start: {outcome.exception}") from outcome.exception
    nodes = [
        NodeResult(result.node.name, str(result.status), result.execution_time, result.message)
        for result in outcome.result.results
    ]
    failed = [result for result in outcome.result.results if result.status in FAILED]
    if failed:
        raise ModelsFailed("\n".join(f"{result.node.name}: {result.message}" for result in failed))
    return nodes


def _set_environment(settings: Settings) -> None:
    # profiles.yml reads these; dbt knows no other way to be given a connection.
    address = settings.postgres
    os.environ["DBT_HOST"] = address.host
    os.environ["DBT_PORT"] = str(address.port)
    os.environ["DBT_DATABASE"] = address.database
    os.environ["DBT_USER"] = "transform"
    os.environ["DBT_ENV_SECRET_PASSWORD"] = settings.secrets.postgres["transform"].get_secret_value()
