"""Moves the programs of one stack: up, down, kill, pause, resume."""

import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from time import monotonic
from typing import Protocol

import psutil
import structlog

from timecontrol.settings import Settings, load_settings, read_settings
from timecontrol.stack import processes
from timecontrol.stack.credentials import with_secrets
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import alone, keep_settings, make_home
from timecontrol.stack.program import Program
from timecontrol.stack.servers import SERVER_NAMES, servers
from timecontrol.stack.services import services
from timecontrol.stack.supervisor import UP_STATES, State, Status, Supervisor
from timecontrol.stack.wait import wait_until

log = structlog.get_logger()

# Starts wait for other processes, so more than there are cores may overlap.
PARALLEL_STARTS = 8
# What the supervisor no longer tries to start.
DEAD_STATES: frozenset[State] = frozenset({"FATAL", "EXITED", "STOPPED"})
# A stop is bounded by the program's own time and the kill after it; this is for the supervisor to notice.
NOTICE_SECONDS = 10


class Observer(Protocol):
    """Is told when a program answers, and after how many seconds."""

    def __call__(self, name: str, seconds: float) -> None:
        """One program answers."""


def _unobserved(name: str, seconds: float) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class Condition:
    """One line of `stack status`."""

    name: str
    kind: str
    state: str
    pid: int
    started_at: int
    ports: tuple[int, ...]


class Stack:
    """The servers and services of one home. Made by `open_stack`, or by `started_stack` where nothing is to be started."""

    def __init__(self, settings: Settings) -> None:
        unknown = sorted(settings.external - set(SERVER_NAMES))
        if unknown:
            raise StackError(f"TIMECONTROL_EXTERNAL names {', '.join(unknown)}; it may name {', '.join(SERVER_NAMES)}")
        self.settings = settings
        self._servers = servers(settings)
        self._services = services(settings)
        self.programs: Mapping[str, Program] = self._servers | self._services
        self._supervisor = Supervisor(settings.home)

    def up(self, names: Sequence[str] = (), observe: Observer = _unobserved) -> None:
        """Start these programs and what they need (no names: all), and wait until each answers.

        Programs that run stay as they are, unless their settings have changed. Raises StackError for the first that does not come up.
        """
        with alone(self.settings.home):
            self._up(self._with_needs(self._checked(names) or list(self.programs)), observe)

    def down(self, names: Sequence[str] = ()) -> None:
        """Stop these programs; without names all, services first, and the supervisor too. The data stays."""
        chosen = self._checked(names)
        with alone(self.settings.home):
            if chosen:
                self._stop(chosen)
                return
            self._stop(self._services)
            self._stop([name for name, program in self._servers.items() if program.needs])
            self._stop(self._servers)
            self._supervisor.shut_down()

    def rebuild_lost(self) -> None:
        """Build anew what runs and can never catch up, and what a rebuild that was cut short has left.

        Raises StackError where another start or stop is under way, or as `up`.
        """
        for name in set(self.programs) - self.settings.external:
            program = self.programs[name]
            begun = self.settings.home / "run" / f"{name}.rebuild"
            # Asked before the lock is held: a primary that is frozen keeps this waiting, and nobody else.
            if not begun.exists() and not program.is_lost():
                continue
            with alone(self.settings.home, wait=False):
                if begun.exists() or self._state(program) in UP_STATES:
                    begun.touch()
                    self._bring_up(program)
                    begun.unlink()

    def kill(self, names: Sequence[str]) -> None:
        """SIGKILL the whole process tree of each, as a crash would; the supervisor starts it again.

        Returns when they are gone: what still seems to answer is then another one.
        """
        processes.wait_for_end(self._signal(names, signal.SIGKILL), NOTICE_SECONDS)

    def pause(self, names: Sequence[str]) -> None:
        """SIGSTOP the whole process tree of each: connections stay open and nothing answers."""
        self._signal(names, signal.SIGSTOP)

    def resume(self, names: Sequence[str]) -> None:
        """SIGCONT what was paused."""
        self._signal(names, signal.SIGCONT)

    def conditions(self) -> list[Condition]:
        """The state of every program, servers first."""
        known = self._supervisor.statuses()
        return [self._condition(program, known.get(program.name)) for program in self.programs.values()]

    def pid(self, name: str) -> int:
        """The process id of a running program; raises StackError when it does not run."""
        status = self._supervisor.statuses().get(name)
        if status is None or not status.pid:
            raise StackError(f"{name} does not run. Start it with: timecontrol stack up {name}")
        return status.pid

    def _up(self, wanted: Sequence[str], observe: Observer) -> None:
        own = [program for name, program in self.programs.items() if name not in self.settings.external]
        self._supervisor.ensure(own)
        # Before the first is started: a port that is taken by another program stops nothing halfway.
        for program in own:
            if program.name in wanted and self._state(program) not in UP_STATES:
                refuse_taken_ports(program)
        order = TopologicalSorter({name: set(self.programs[name].needs) for name in wanted})
        order.prepare()
        with ThreadPoolExecutor(PARALLEL_STARTS) as pool:
            running: dict[Future[float], str] = {}
            while order.is_active():
                for name in order.get_ready():
                    running[pool.submit(self._bring_up, self.programs[name])] = name
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    name = running.pop(future)
                    observe(name, future.result())
                    order.done(name)

    def _bring_up(self, program: Program) -> float:
        started = monotonic()
        if program.name not in self.settings.external:
            if self._state(program) in UP_STATES and program.is_lost():
                log.warning("server_is_lost", server=program.name, action="it is built anew")
                self._stop([program.name])
            if self._state(program) not in UP_STATES:
                refuse_taken_ports(program)
                program.prepare()
                self._supervisor.start(program.name)
            self._await(program, program.accepts_setup or program.answers)
            program.provision()
        self._await(program, program.answers)
        return monotonic() - started

    def _await(self, program: Program, condition: Callable[[], bool]) -> None:
        def settled() -> bool:
            state = self._state(program)
            return state in DEAD_STATES or (state == "RUNNING" and condition())

        if not wait_until(settled, program.start_wait_seconds) or self._state(program) in DEAD_STATES:
            where = self._supervisor.log_of(program.name)
            raise StackError(
                f"{program.name} does not answer after {program.start_wait_seconds} s. "
                f"Its last words, more in {where}:\n{last_lines(where)}"
            )

    def _state(self, program: Program) -> State:
        if program.name in self.settings.external:
            return "RUNNING"
        status = self._supervisor.statuses().get(program.name)
        return status.state if status else "STOPPED"

    def _stop(self, names: Iterable[str]) -> None:
        known = self._supervisor.statuses()
        running = [name for name in names if name in known and known[name].state in (*UP_STATES, "ORPHANED")]
        for name in running:
            if known[name].pid:
                # What is paused cannot hear that it shall end.
                processes.send(known[name].pid, signal.SIGCONT)
            self._supervisor.stop(name)
        seconds = NOTICE_SECONDS + max((self.programs[name].stop_wait_seconds for name in running), default=0)

        def ended() -> bool:
            now = self._supervisor.statuses()
            return all(now[name].state not in (*UP_STATES, "STOPPING") for name in running if name in now)

        if not wait_until(ended, seconds):
            raise StackError(f"Not all of {', '.join(running)} ended within {seconds} s; see {self.settings.home}/logs")

    def _signal(self, names: Sequence[str], number: signal.Signals) -> list[psutil.Process]:
        pids = [self.pid(name) for name in self._checked(names)]
        return [process for pid in pids for process in processes.send(pid, number)]

    def _condition(self, program: Program, status: Status | None) -> Condition:
        kind = "server" if program.name in self._servers else "service"
        if program.name in self.settings.external:
            return Condition(program.name, kind, "EXTERNAL", 0, 0, program.ports)
        if status is None:
            return Condition(program.name, kind, "STOPPED", 0, 0, program.ports)
        state = "PAUSED" if status.pid and processes.is_paused(status.pid) else status.state
        return Condition(program.name, kind, state, status.pid, status.started_at, program.ports)

    def _checked(self, names: Sequence[str]) -> list[str]:
        unknown = sorted(set(names) - set(self.programs))
        if unknown:
            raise StackError(f"Unknown: {', '.join(unknown)}. There are: {', '.join(self.programs)}")
        return list(names)

    def _with_needs(self, names: Iterable[str]) -> list[str]:
        found: list[str] = []
        for name in names:
            found += [*self._with_needs(self.programs[name].needs), name]
        return list(dict.fromkeys(found))


def open_stack(settings: Settings | None = None) -> Stack:
    """The stack of these settings (else of this process's environment), its home and secrets made where absent.

    What the environment gives is kept for every other shell.
    """
    settings = settings or read_settings()
    make_home(settings)
    keep_settings(settings)
    return Stack(with_secrets(settings))


def started_stack() -> Stack:
    """The stack that was started at this process's home; makes nothing, and raises SettingsError where none was."""
    return Stack(load_settings())


def refuse_taken_ports(program: Program) -> None:
    """Raise StackError naming port, program and holder when another process listens where the program will."""
    for port in program.ports:
        holder = processes.holder_of(port)
        if holder is not None:
            raise StackError(
                f"Port {port}, which {program.name} needs, is in use by {holder}. "
                f"End that process, or choose other ports with TIMECONTROL_PORT_BASE or "
                f"TIMECONTROL_{program.name.upper()}__PORT."
            )


def last_lines(path: Path, count: int = 15) -> str:
    """The end of a log."""
    if not path.exists():
        return "(no log)"
    return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
