"""dbt's manifest of the project, from which the models' assets are made."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

from timecontrol.settings import Settings
from timecontrol.warehouse.dbt import PROJECT, connection_variables


def manifest(settings: Settings) -> Path:
    """The parsed project, parsed anew where any of its files is newer; needs no database.

    One process parses while the others wait for it (daemon, pages and each run load the graph). Raises as `parse`.
    """
    target = settings.home / "dbt" / "manifest"
    target.mkdir(parents=True, exist_ok=True)
    parsed = target / "manifest.json"
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not parsed.exists() or parsed.stat().st_mtime < newest_change(PROJECT):
            parse(settings, target)
            parsed.touch()
    return parsed


def parse(settings: Settings, target: Path) -> None:
    """Write the manifest to `target`; raises RuntimeError with dbt's words when the project does not parse."""
    folders = ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", str(target)]
    outcome = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "parse", *folders, "--log-path", str(target), "--no-use-colors"],
        env=os.environ | connection_variables(settings),
        capture_output=True,
        text=True,
        check=False,
    )
    if outcome.returncode != 0:
        raise RuntimeError(f"The dbt project does not parse:\n{outcome.stdout}{outcome.stderr}")


def newest_change(project: Path) -> float:
    """When a file of the project was changed last (seconds since 1970)."""
    return max(
        path.stat().st_mtime
        for pattern in ("*.yml", "models/**/*", "macros/**/*", "tests/**/*")
        for path in project.glob(pattern)
    )
