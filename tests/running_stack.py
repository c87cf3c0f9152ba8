"""The stack as tests see it."""

import os
import socket

from tests.waiting import eventually
from timecontrol.settings import PORT_OFFSETS, Settings
from timecontrol.stack.control import Stack

# Below the range that Linux gives to outgoing connections (32768 and up), so that a port found free stays free. Each
# process of a suite that runs in several has a part of its own: what it has chosen and not yet bound nobody else takes.
FIRST_PORT, PORTS_OF_A_PROCESS, PORTS_OF_A_STACK = 20000, 2000, 20
PROCESS = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
PORT_BASES = range(
    FIRST_PORT + PROCESS * PORTS_OF_A_PROCESS, FIRST_PORT + (PROCESS + 1) * PORTS_OF_A_PROCESS, PORTS_OF_A_STACK
)


class RunningStack(Stack):
    """The stack, with what tests need beside it."""

    def require(self, *names: str) -> Settings:
        """Start these servers and services and what they need, where they do not run; returns the settings."""
        self.up(names)
        return self.settings

    def start_unprepared(self, name: str) -> None:
        """Start a server as the supervisor does after a crash: as it is."""
        self._supervisor.start(name)
        eventually(self.programs[name].answers)


def free_port_base() -> int:
    """A base at which nobody listens on any port that a stack uses."""
    for base in PORT_BASES:
        if all(_is_free(base + offset) for offset in PORT_OFFSETS.values()):
            return base
    raise RuntimeError("no free range of ports for the test stack")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
