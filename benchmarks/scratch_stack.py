"""The stack of a benchmark: of all servers the primary alone, at a home of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timecontrol.settings import read_settings
from timecontrol.stack.control import Stack, open_stack

# Beside the stack of the machine, which may run at the ports of its own base.
PORTS_BESIDE = 500


@contextmanager
def scratch_stack(home: Path | None) -> Iterator[Stack]:
    """A stack with a primary for the block: at `home`, which is used and left running, or a new one, removed in the end.

    A replica and payroll's server that run at `home` are stopped: they would work on the same cores.
    """
    base = read_settings().port_base
    # Not under a private temporary folder: the server's own user must be able to reach it.
    folder = home or Path(tempfile.mkdtemp(prefix="timecontrol-benchmark-", dir="/var/tmp"))
    stack = open_stack(read_settings(home=folder, port_base=base if home else base + PORTS_BESIDE))
    try:
        stack.up(["postgres"])
        stack.down(["replica", "payroll_db"])
        yield stack
    finally:
        if home is None:
            stack.down()
            shutil.rmtree(folder)
