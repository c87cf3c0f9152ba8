"""Processes of the operating system: whole trees of them, and who holds a port."""

import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """A process and all its descendants, itself first; empty when it is gone."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def send(pid: int, number: signal.Signals) -> list[psutil.Process]:
    """A signal to a process and all its descendants, which it returns: a paused PostgreSQL must not go on in its backends."""
    found = tree(pid)
    for process in found:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    return found


def wait_for_end(found: Sequence[psutil.Process], seconds: float) -> None:
    """Wait until the processes are gone, at most so long."""
    psutil.wait_procs(found, timeout=seconds)


def marked(variables: Mapping[str, str]) -> list[psutil.Process]:
    """Every process whose environment has these variables with these values, the oldest first."""
    wanted = variables.items()
    return sorted(
        (process for process in psutil.process_iter() if wanted <= environment(process).items()),
        key=lambda process: (process.create_time(), process.pid),
    )


def end_marked(variables: Mapping[str, str], seconds: float) -> list[str]:
    """End every process that has these variables, by force after `seconds`; says which."""
    found = marked(variables)
    words = [_describe(process.pid) for process in found]
    for number in (signal.SIGCONT, signal.SIGTERM, signal.SIGKILL):
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        if number == signal.SIGTERM:
            _, found = psutil.wait_procs(found, timeout=seconds)
    psutil.wait_procs(found, timeout=seconds)
    return words


def is_paused(pid: int) -> bool:
    """Whether the process has been stopped by SIGSTOP."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_STOPPED
    except psutil.NoSuchProcess:
        return False


def holder_of(port: int) -> str | None:
    """Which process listens on a TCP port, in words; None if none does."""
    for connection in psutil.net_connections(kind="tcp"):
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return _describe(connection.pid)
    return None


def environment(process: psutil.Process) -> dict[str, str]:
    """The variables that a process was started with; none of one that is gone or another user's."""
    try:
        return process.environ()
    except (psutil.Error, OSError):
        return {}


def _describe(pid: int | None) -> str:
    if pid is None:
        return "a process of another user (run as root to see which)"
    try:
        process = psutil.Process(pid)
        return f"process {pid} ({process.name()}, user {process.username()})"
    except psutil.Error:
        return f"process {pid}"
