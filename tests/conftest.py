"""The stack that integration tests run on: real servers in a temporary home, started once, each when it is first asked for.

To save the start while writing tests, keep a stack running and name its home: `TIMECONTROL_TEST_HOME=/var/tmp/my-stack
TIMECONTROL_PORT_BASE=28000 pytest tests/integration/test_x.py`; it is used as it is and left running.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from tests.running_stack import RunningStack, free_port_base
from timecontrol.settings import read_settings
from timecontrol.stack.control import open_stack


@pytest.fixture(autouse=True)
def _logs_of_this_test() -> Iterator[None]:
    """A `main` that a test calls sets up logs on the standard error of that test, which is closed at its end."""
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@contextmanager
def running_stack(given: str | None) -> Iterator[RunningStack]:
    """A stack for the block: the one at the home `given`, left running, or a new one in a temporary home."""
    # Not under /tmp/pytest-of-root: the servers' own users must be able to pass through every directory above.
    home = Path(given) if given else Path(tempfile.mkdtemp(prefix="timecontrol-test-", dir="/var/tmp"))
    base = read_settings().port_base if given else free_port_base()
    with pytest.MonkeyPatch.context() as environment:
        # What tests start (the command line, services) finds the same stack.
        environment.setenv("TIMECONTROL_HOME", str(home))
        environment.setenv("TIMECONTROL_PORT_BASE", str(base))
        opened = RunningStack(open_stack().settings)
        yield opened
        if not given:
            opened.down()
            shutil.rmtree(home)


@pytest.fixture(scope="session")
def stack() -> Iterator[RunningStack]:
    """The stack of this session; ask for what a test uses: `stack.require("postgres", "kafka")`."""
    with running_stack(os.environ.get("TIMECONTROL_TEST_HOME")) as opened:
        yield opened


@pytest.fixture(scope="module")
def untouched_stack() -> Iterator[RunningStack]:
    """A stack for the tests of one module alone: for what other tests, which damage theirs on purpose, would spoil."""
    with running_stack(None) as opened:
        yield opened
