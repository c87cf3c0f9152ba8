"""The command line as people type it: a process of its own."""

import os
import subprocess
import sys

# The command line starts a Python process and asks servers; a machine under load takes its time.
COMMAND_SECONDS = 120


def timecontrol(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command; `environment` is added to this process's own."""
    return run(arguments, os.environ | environment)


def timecontrol_in_another_shell(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command where nothing is set but the stack's home and what is given."""
    return run(arguments, {"TIMECONTROL_HOME": os.environ["TIMECONTROL_HOME"]} | environment)


def run(arguments: tuple[str, ...], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a command in exactly this environment."""
    return subprocess.run(
        [sys.executable, "-m", "timecontrol.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=COMMAND_SECONDS,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
