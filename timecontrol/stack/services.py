"""Our own processes: the one table that says what runs, from which module, on what, and how it shows that it serves."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx

from timecontrol.settings import Settings
from timecontrol.stack.binaries import PROJECT
from timecontrol.stack.files import make_directory, write_private
from timecontrol.stack.program import Program

# Names the stack that tests reuse (tests/conftest.py): no setting of the services.
TEST_HOME = "TIMECONTROL_TEST_HOME"

CAPTURE = ("postgres", "kafka")


@dataclass(frozen=True)
class Service:
    """One of our processes.

    Attributes:
        name: as in the supervisor.
        module: run as `python -m module`; the service is left out where it is not installed.
        needs: servers that must answer before its first start; later it waits for them itself.
        arguments: after the module.
        port: the setting that holds where it listens, if it does.
        health: path that answers 200 when it serves; None for a worker, which is up when it runs.
        stop_wait_seconds: how long it may finish what it is at.
    """

    name: str
    module: str
    needs: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    port: str | None = None
    health: str | None = None
    stop_wait_seconds: int = 15


SERVICES = (
    Service("heartbeat", "timecontrol.warehouse.heartbeat", ("postgres",)),
    Service("sink_postgres", "ingestion.sinks.postgres.main", CAPTURE),
    Service("sink_live_state", "ingestion.sinks.live_state.main", ("kafka", "read_redis", "postgres")),
    Service("sink_archive", "ingestion.sinks.archive.main", ("kafka", "mongo", "postgres")),
    Service("flusher", "ingestion.sources.write_buffer.main", ("write_redis", *CAPTURE)),
    Service("outbox_relay", "ingestion.sources.outbox.main", CAPTURE),
    Service("binlog_replicator", "ingestion.sources.mysql_binlog.main", ("mysql", "kafka")),
    Service("device_files", "ingestion.sources.device_files.main", CAPTURE),
    Service(
        "user_api",
        "user_api.main",
        ("postgres", "replica", "write_redis", "read_redis", "mongo", "kafka"),
        port="api",
        health="/health/live",
    ),
    Service(
        "dagster_daemon",
        "dagster._daemon",
        ("postgres", "read_redis"),
        arguments=("run", "--module-name", "orchestration.definitions"),
        # A run that is stopped ends its dbt process first.
        stop_wait_seconds=30,
    ),
    Service(
        "dagster_webserver",
        "dagster_webserver",
        ("postgres",),
        arguments=("--module-name", "orchestration.definitions", "--host", "{host}", "--port", "{port}"),
        port="dagster",
        health="/server_info",
        stop_wait_seconds=30,
    ),
    Service(
        "dashboards",
        "streamlit",
        ("replica", "read_redis"),
        arguments=(
            *("run", str(PROJECT / "dashboards/app.py"), "--server.address", "{host}", "--server.port", "{port}"),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
        ),
        port="dashboards",
        health="/_stcore/health",
    ),
)

# Files of ours that a service needs beside its module; it is left out until they exist.
REQUIRED_MODULES = {"dagster_daemon": "orchestration.definitions", "dagster_webserver": "orchestration.definitions"}


def services(settings: Settings) -> dict[str, Program]:
    """The services whose modules are installed, by name."""
    return {service.name: _program(settings, service) for service in SERVICES if _is_installed(service)}


def _program(settings: Settings, service: Service) -> Program:
    address = getattr(settings, service.port) if service.port else None
    places = {"host": address.host, "port": address.port} if address else {}
    is_dagster = service.name.startswith("dagster")
    arguments = [argument.format(**places) for argument in service.arguments]
    return Program(
        name=service.name,
        command=(sys.executable, "-m", service.module, *arguments),
        answers=_health_check(f"http://{address.host}:{address.port}{service.health}") if address else _runs,
        environment=service_environment(settings) | (dagster_environment(settings) if is_dagster else {}),
        directory=PROJECT,
        ports=(address.port,) if address else (),
        needs=service.needs,
        prepare=(lambda: prepare_dagster(settings)) if is_dagster else (lambda: None),
        stop_wait_seconds=service.stop_wait_seconds,
        # Dagster's pages load the whole graph before they answer.
        start_wait_seconds=120,
    )


def service_environment(settings: Settings) -> dict[str, str]:
    """What every service finds in its environment: the settings this process was given."""
    given = {key: value for key, value in os.environ.items() if key.startswith("TIMECONTROL_") and key != TEST_HOME}
    return given | {
        "TIMECONTROL_HOME": str(settings.home),
        "TIMECONTROL_PORT_BASE": str(settings.port_base),
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


def dagster_environment(settings: Settings) -> dict[str, str]:
    """What Dagster's processes, and `orchestration/dagster.yaml`, expect beside the settings."""
    return {
        "DAGSTER_HOME": str(settings.home / "dagster"),
        "DAGSTER_PG_HOST": settings.postgres.host,
        "DAGSTER_PG_PORT": str(settings.postgres.port),
        "DAGSTER_PG_PASSWORD": settings.secrets.postgres["dagster"].get_secret_value(),
    }


def prepare_dagster(settings: Settings) -> None:
    """DAGSTER_HOME with the instance's configuration, which the project keeps in `orchestration/`."""
    home = make_directory(settings.home / "dagster")
    configuration = PROJECT / "orchestration/dagster.yaml"
    if configuration.exists():
        write_private(home / "dagster.yaml", configuration.read_text(encoding="utf-8"))


def _runs() -> bool:
    """A worker serves when it runs, which the supervisor tells."""
    return True


def _health_check(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            return httpx.get(url, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return answers


def _is_installed(service: Service) -> bool:
    try:
        if service.name == "dashboards":
            return (PROJECT / "dashboards/app.py").exists()
        return find_spec(REQUIRED_MODULES.get(service.name, service.module)) is not None
    except ModuleNotFoundError:
        return False
