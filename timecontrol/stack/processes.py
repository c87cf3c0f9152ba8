"""Processes of the operating system: whole trees of them, and who holds a port."""

import signal
from collections.abc import Iterable

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """A process and all its descendants, itself first; empty when it is gone."""
    try:
        top = psutil.Process(pid)
        return [top, *top.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def send(pid: int, number: signal.Signals) -> None:
    """A signal to a process and all its descendants: a paused PostgreSQL must not go on in its backends."""
    for process in tree(pid):
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


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


def resident_bytes(pids: Iterable[int]) -> int:
    """Memory of these processes and their descendants."""
    total = 0
    for process in (each for pid in pids for each in tree(pid)):
        try:
            total += process.memory_info().rss
        except psutil.Error:
            continue
    return total


def _describe(pid: int | None) -> str:
    if pid is None:
        return "a process of another user (run as root to see which)"
    try:
        process = psutil.Process(pid)
        return f"process {pid} ({process.name()}, user {process.username()})"
    except psutil.Error:
        return f"process {pid}"
