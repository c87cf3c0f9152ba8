"""One job of Dagster, launched as from its page and followed to its end."""

import time
from collections.abc import Callable

from dagster import DagsterRunStatus
from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError

from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings

# An update that the sensor launched goes first, and a first run computes weeks of the whole company.
PATIENCE_SECONDS = 300
# A run is seconds long; asking more often would take from it what it works with.
ASK_SECONDS = 1
FAILED = (DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)


def run_job(settings: Settings, job: str, reason: str, observe: Callable[[str], None]) -> None:
    """Launch a job and wait for its success; `observe` is told each status (queued, started ...) as it changes.

    Raises Transient with the address of the run when it fails or does not end within PATIENCE_SECONDS.
    """
    address = settings.dagster
    try:
        client = DagsterGraphQLClient(address.host, port_number=address.port)
        run_id = client.submit_job_execution(job, tags={"reason": reason})
        page = f"http://{address.host}:{address.port}/runs/{run_id}"
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (status := client.get_run_status(run_id)) != DagsterRunStatus.SUCCESS:
            observe(status.value.lower().replace("_", " "))
            if status in FAILED:
                raise Transient(f"Dagster's job {job} failed. What failed and why: {page}")
            if time.monotonic() > deadline:
                raise Transient(f"Dagster's job {job} has not ended within {PATIENCE_SECONDS} s. How far it is: {page}")
            time.sleep(ASK_SECONDS)
    except DagsterGraphQLClientError as error:
        raise Transient(f"Dagster at {address.host}:{address.port} does not run its job {job}: {error}") from error
