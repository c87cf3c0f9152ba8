"""dbt's manifest of the project, from which the models' assets are made."""

import fcntl
from pathlib import Path

from dbt.cli.main import dbtRunner

from timecontrol.serving.dbt_project import PROJECT, set_environment
from timecontrol.settings import Settings


def manifest(settings: Settings) -> Path:
    """The parsed project, parsed anew where any of its files is newer; needs no database.

    One process parses while the others wait for it (daemon, pages and each run load the graph). Raises RuntimeError with
    dbt's words when the project does not parse.
    """
    target = settings.home / "dbt" / "manifest"
    target.mkdir(parents=True, exist_ok=True)
    parsed = target / "manifest.json"
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not parsed.exists() or parsed.stat().st_mtime < newest_change(PROJECT):
            set_environment(settings)
            folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
            outcome = dbtRunner().invoke(
                ["parse", *folders, "--target-path", str(target), "--log-path", str(target), "--quiet"]
            )
            if not outcome.success:
                raise RuntimeError(f"The dbt project does not parse: {outcome.exception}") from outcome.exception
            parsed.touch()
    return parsed


def newest_change(project: Path) -> float:
    """When a file of the project was changed last (seconds since 1970)."""
    return max(
        path.stat().st_mtime
        for pattern in ("*.yml", "models/**/*", "macros/**/*", "tests/**/*")
        for path in project.glob(pattern)
    )
