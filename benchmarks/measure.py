"""What a piece of work takes: time on the clock and of the processor, and the most memory and disk that were in use meanwhile."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psutil

# Work here takes minutes; a peak of memory lasts as long as a sort does.
SAMPLE_SECONDS = 0.5


@dataclass
class Taken:
    """What a block took.

    Attributes:
        seconds: wall time.
        cpu_seconds: processor time of the server's processes and this one, which other work on the machine does not stretch much.
        memory_bytes: the most memory of the server's processes and this one; what they share is counted once.
        disk_bytes: the most disk that the server's files took, those included that sorts spill and the log.
    """

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_bytes: int = 0
    disk_bytes: int = 0


@dataclass(frozen=True)
class Gauge:
    """Measures blocks on the machine of a server.

    Attributes:
        server_pid: the server's first process.
        folder: the folder of the server's files.
    """

    server_pid: int
    folder: Path

    @contextmanager
    def measured(self) -> Iterator[Taken]:
        """What the block took, complete when it ends."""
        taken = Taken()
        ended = threading.Event()
        sampler = threading.Thread(target=self._sample, args=(taken, ended), daemon=True)
        started, used_before = monotonic(), self._cpu()
        sampler.start()
        try:
            yield taken
        finally:
            taken.seconds, taken.cpu_seconds = monotonic() - started, self._cpu() - used_before
            ended.set()
            sampler.join()

    def _sample(self, taken: Taken, ended: threading.Event) -> None:
        while True:
            taken.memory_bytes = max(taken.memory_bytes, self._memory())
            taken.disk_bytes = max(taken.disk_bytes, self._disk())
            if ended.wait(SAMPLE_SECONDS):
                return

    def _cpu(self) -> float:
        """Of processes that have ended, too: the server's first process counts what its children used."""
        total = 0.0
        server = psutil.Process(self.server_pid)
        for process in (psutil.Process(), server, *server.children()):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                total += times.user + times.system
                if process.pid == self.server_pid:
                    total += times.children_user + times.children_system
        return total

    def _memory(self) -> int:
        """Proportional set size: a page that several processes map counts once."""
        total = 0
        server = psutil.Process(self.server_pid)
        for process in (psutil.Process(), server, *server.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                total += process.memory_full_info().pss
        return total

    def _disk(self) -> int:
        total = 0
        for directory, _, names in os.walk(self.folder):
            for name in names:
                with suppress(FileNotFoundError):
                    # In blocks of 512 bytes, whatever the file system's are.
                    total += (Path(directory) / name).stat().st_blocks * 512
        return total
