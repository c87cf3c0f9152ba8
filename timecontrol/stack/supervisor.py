"""supervisord: its configuration, its start and end, and typed calls of its XML-RPC interface over a local socket."""

import os
import resource
import subprocess
import sys
import xmlrpc.client
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import structlog
from supervisor.xmlrpc import Faults, SupervisorTransport

from timecontrol.stack import processes
from timecontrol.stack.binaries import SYSTEM_PATH
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import write_private
from timecontrol.stack.program import EXIT_WAITS_FOR_A_PERSON, Program
from timecontrol.stack.wait import wait_until

log = structlog.get_logger()

#: As the supervisor calls them; ORPHANED is what runs on after its supervisor was killed: nobody starts it again.
State = Literal["STOPPED", "STARTING", "RUNNING", "BACKOFF", "STOPPING", "EXITED", "FATAL", "UNKNOWN", "ORPHANED"]
UP_STATES: frozenset[State] = frozenset({"STARTING", "RUNNING", "BACKOFF"})

# A program that dies within a second is tried again after 1, 2, 3 ... seconds; a hundred times is over an hour.
START_SECONDS = 1
START_RETRIES = 100
LOG_BYTES = 10 * 1024**2
LOG_BACKUPS = 3
# Kafka and MongoDB hold many files open; the operating system's hard limit may be lower.
OPEN_FILES = 65536
SHUTDOWN_SECONDS = 30
# Every process of a stack has its home in this variable; a supervisor that is killed leaves them running.
MARK = "TIMECONTROL_SUPERVISED"
# supervisord itself names the program in this one.
PROGRAM = "SUPERVISOR_PROCESS_NAME"


@dataclass(frozen=True)
class Status:
    """What the supervisor knows of one program; `pid` is 0 while it does not run."""

    name: str
    state: State
    pid: int
    started_at: int
    description: str


class Supervisor:
    """The supervisor of the stack in one home."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._configuration = home / "run/supervisord.conf"
        self._socket = home / "run/supervisor.sock"

    def log_of(self, name: str) -> Path:
        """Where a program's output goes."""
        return self._home / "logs" / f"{name}.log"

    def is_up(self) -> bool:
        """Whether supervisord answers."""
        if not self._socket.exists():
            return False
        try:
            return bool(self._rpc().getState()["statename"] == "RUNNING")
        except (OSError, xmlrpc.client.Error):
            return False

    def ensure(self, programs: Iterable[Program]) -> None:
        """Start supervisord, or let the running one take over programs that were added, changed or removed.

        A changed program that runs is started anew.
        """
        write_private(self._configuration, self._render(programs))
        if not self.is_up():
            self._launch()
            return
        rpc = self._rpc()
        ((added, changed, removed),) = rpc.reloadConfig()
        running = [name for name, status in self.statuses().items() if name in changed and status.state in UP_STATES]
        for name in (*changed, *removed):
            rpc.stopProcessGroup(name)
            rpc.removeProcessGroup(name)
        for name in (*added, *changed):
            rpc.addProcessGroup(name)
        for name in running:
            self.start(name)

    def statuses(self) -> dict[str, Status]:
        """Every program of the running supervisor; when it is down, those that it has left running."""
        if not self.is_up():
            return self._orphans()
        return {
            entry["name"]: Status(
                entry["name"],
                entry["statename"],
                entry["pid"],
                entry["start"],
                entry["spawnerr"] or entry["description"],
            )
            for entry in self._rpc().getAllProcessInfo()
        }

    def start(self, name: str) -> None:
        """Begin to start a program; nothing happens when it runs."""
        self._call("startProcess", name, tolerate=Faults.ALREADY_STARTED)

    def stop(self, name: str) -> None:
        """Begin to stop a program; the supervisor kills it when its time is over. An orphan has ended on return."""
        if not self.is_up():
            self._end_orphans(name)
            return
        self._call("stopProcess", name, tolerate=Faults.NOT_RUNNING)

    def shut_down(self) -> None:
        """End supervisord and all it holds, or what a killed one has left; raises StackError when it does not end."""
        if not self.is_up():
            self._end_orphans()
            return
        self._rpc().shutdown()
        if not wait_until(lambda: not self._socket.exists(), SHUTDOWN_SECONDS):
            raise StackError(f"supervisord does not end; see {self._home}/logs/supervisord.log")

    def _call(self, method: str, name: str, *, tolerate: int) -> None:
        try:
            wait_for_it = False
            getattr(self._rpc(), method)(name, wait_for_it)
        except xmlrpc.client.Fault as fault:
            if fault.faultCode != tolerate:
                raise StackError(f"{name}: {fault.faultString}; see {self.log_of(name)}") from fault

    def _rpc(self) -> Any:  # noqa: ANN401  methods of the remote side, known by name only
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        return xmlrpc.client.ServerProxy("http://127.0.0.1", transport).supervisor

    def _orphans(self) -> dict[str, Status]:
        found: dict[str, Status] = {}
        for process in processes.marked({MARK: str(self._home)}):
            name = processes.environment(process).get(PROGRAM)
            # The oldest of a program's processes is the program itself; supervisord's own have no name.
            if name is not None and name not in found:
                started_at = int(process.create_time())
                found[name] = Status(name, "ORPHANED", process.pid, started_at, "its supervisor was killed")
        return found

    def _end_orphans(self, name: str | None = None) -> None:
        which = {MARK: str(self._home)} | ({PROGRAM: name} if name else {})
        orphans = processes.end_marked(which, SHUTDOWN_SECONDS)
        if orphans:
            log.warning("orphans_ended", reason="their supervisor was killed", processes=orphans)

    def _launch(self) -> None:
        self._end_orphans()
        # A clean environment: what the caller's shell holds (proxies, secrets, Python options) is not inherited.
        environment = {"PATH": SYSTEM_PATH, "HOME": str(Path.home()), "LANG": "C.UTF-8"}
        environment[MARK] = str(self._home)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._configuration)]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=self._home)
        if outcome.returncode != 0 or not wait_until(self.is_up, SHUTDOWN_SECONDS):
            raise StackError(
                f"supervisord did not start; see {self._home}/logs/supervisord.log\n{outcome.stdout}{outcome.stderr}"
            )

    def _render(self, programs: Iterable[Program]) -> str:
        _, hard_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
        open_files = OPEN_FILES if hard_limit == resource.RLIM_INFINITY else min(OPEN_FILES, hard_limit)
        head = f"""\
[supervisord]
logfile={self._home}/logs/supervisord.log
logfile_maxbytes={LOG_BYTES}
logfile_backups={LOG_BACKUPS}
pidfile={self._home}/run/supervisord.pid
directory={self._home}
minfds={open_files}
umask=027
{"user=root" if os.geteuid() == 0 else ""}

[unix_http_server]
file={self._socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""
        return head + "".join(self._section(program) for program in programs)

    def _section(self, program: Program) -> str:
        variables = ",".join(f"{key}={environment_value(key, value)}" for key, value in program.environment.items())
        return f"""
[program:{program.name}]
command={" ".join(_quoted(part) for part in program.command)}
directory={program.directory}
environment={variables}
{f"user={program.os_user}" if program.os_user else ""}
autostart=false
autorestart=unexpected
exitcodes={EXIT_WAITS_FOR_A_PERSON}
startsecs={START_SECONDS}
startretries={START_RETRIES}
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_wait_seconds}
killasgroup=true
redirect_stderr=true
stdout_logfile={self.log_of(program.name)}
stdout_logfile_maxbytes={LOG_BYTES}
stdout_logfile_backups={LOG_BACKUPS}
"""


def environment_value(name: str, value: str) -> str:
    """A value of `environment=`, whose quotes know no escape: it may contain one kind of quote, inside."""
    if value != value.strip("'\"") or ("'" in value and '"' in value):
        raise StackError(
            f"{name} cannot be passed on to the services: it begins or ends with a quote, or has both kinds."
        )
    quote = "'" if '"' in value else '"'
    return f"{quote}{value}{quote}".replace("%", "%%")


def _quoted(value: str) -> str:
    """A word of `command=`: shell-like quotes, and % doubled because supervisor expands %(...)s."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
