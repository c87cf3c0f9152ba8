"""Dagster's own launcher, which also says whether the process of a run is still there.

A run is a child of the code server. When one run's process dies, the server fails the run; when the server dies with its
runs, nobody would: the run stays `started` for ever, and no other begins. With this, run monitoring fails it.
"""

import json
from typing import Any

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher.base import CheckRunHealthResult, WorkerStatus
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import deserialize_value

# The server answers from memory; run monitoring comes again in any case.
ANSWER_SECONDS = 5


class CheckedRunLauncher(DefaultRunLauncher):
    """See the module."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It does."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Ask the code server that runs it; one that does not answer now is asked again."""
        if GRPC_INFO_TAG not in run.tags:
            return CheckRunHealthResult(WorkerStatus.RUNNING, "no run of a code server")
        where: dict[str, Any] = json.loads(run.tags[GRPC_INFO_TAG])
        client = DagsterGrpcClient(port=where.get("port"), socket=where.get("socket"), host=where["host"])
        try:
            answer = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run.run_id), timeout=ANSWER_SECONDS)
        except DagsterUserCodeUnreachableError as error:
            return CheckRunHealthResult(WorkerStatus.RUNNING, f"the code server does not answer: {error}")
        if deserialize_value(answer, CanCancelExecutionResult).can_cancel:
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(WorkerStatus.FAILED, "its process is gone: the code server was started anew")
