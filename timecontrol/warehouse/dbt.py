"""Runs the dbt models in this process: one invocation, the primary as role transform, messages only where something failed."""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import address

PROJECT = Path(__file__).parents[2] / "dbt_project"

# More threads are slower on the two cores of a small machine, where the server works on the same cores.
THREADS = 2


# How PostgreSQL and libpq say that a server is away or went away, in a message of dbt.
LOST = (
    "could not connect",
    "connection refused",
    "terminating connection",
    "server closed the connection",
    "the database system is",
)


class ModelsFailed(Exception):
    """Models or tests that failed; the message names each with what the database said."""


@dataclass(frozen=True)
class NodeResult:
    """What became of one model or test."""

    name: str
    status: str
    seconds: float
    message: str | None


def run_models(
    settings: Settings,
    work: Path,
    *,
    variables: Mapping[str, object] | None = None,
    full_refresh: bool = False,
    command: Literal["run", "build", "test"] = "run",
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> list[NodeResult]:
    """Run the models once, build them with their tests, or test what is there; what dbt has parsed is kept in the folder `work`.

    `select` and `exclude` take dbt selectors. Raises ModelsFailed with the reason of each model or test, Transient when the server is
    not there or went away.
    """
    # dbt takes more than a second to import, and most commands never need it.
    from dbt.artifacts.schemas.results import NodeStatus  # noqa: PLC0415  as above
    from dbt.cli.main import dbtRunner  # noqa: PLC0415  see above

    arguments = [
        command,
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(work / "target"), "--log-path", str(work / "logs")),
        *("--threads", str(THREADS), "--vars", json.dumps(dict(variables or {}))),
        *(
            "--log-level",
            "none",
            "--log-level-file",
            "none",
            "--no-use-colors",
            "--cache-selected-only",
            "--no-write-json",
        ),
        *(["--full-refresh"] if full_refresh else []),
        *(["--select", *select] if select else []),
        *(["--exclude", *exclude] if exclude else []),
    ]
    with _environment(connection_variables(settings)):
        outcome = dbtRunner().invoke(arguments)
    if isinstance(outcome.exception, KeyboardInterrupt):
        raise outcome.exception  # somebody ends this process: dbt has ended its statements
    if outcome.exception is not None:
        raise failure(str(outcome.exception))
    results = getattr(outcome.result, "results", ())
    if not outcome.success:
        failed = [
            f"{result.node.name}: {result.message}"
            for result in results
            if result.status in (NodeStatus.Error, NodeStatus.Fail)
        ]
        raise failure("\n".join(failed))
    return [
        NodeResult(result.node.name, str(result.status), result.execution_time, result.message) for result in results
    ]


def failure(message: str) -> Transient | ModelsFailed:
    """The error behind what dbt says: Transient where the server is away, however many models say so."""
    return Transient(message) if any(sign in message.lower() for sign in LOST) else ModelsFailed(message)


def models_sha256() -> str:
    """Hash of all that decides what the models compute: their SQL, the macros, and how they are made; not of descriptions and tests."""
    digest = hashlib.sha256()
    sources = [
        PROJECT / "dbt_project.yml",
        *(path for folder in ("macros", "models") for path in (PROJECT / folder).rglob("*.sql")),
    ]
    for path in sorted(sources):
        digest.update(f"{path.relative_to(PROJECT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def connection_variables(settings: Settings) -> dict[str, str]:
    """The environment that `profiles.yml` reads: the primary, as role transform, its password included."""
    where = address(settings, "postgres")
    return {
        "DBT_HOST": where.host,
        "DBT_PORT": str(where.port),
        "DBT_DATABASE": where.database,
        "DBT_USER": "transform",
        "DBT_ENV_SECRET_PASSWORD": settings.secrets.postgres["transform"].get_secret_value(),
    }


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set for the block, and as before after it."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
