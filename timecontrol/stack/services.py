"""Our own processes: the one table that says what runs, from which module, on what, and how it shows that it serves."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import grpc
import httpx
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from timecontrol.settings import Address, Settings, kept_settings
from timecontrol.stack.binaries import PROJECT, SYSTEM_PATH
from timecontrol.stack.files import make_directory, write_private
from timecontrol.stack.program import Program

WORKSPACE = PROJECT / "workspace.yaml"

CAPTURE = ("postgres", "kafka")


@dataclass(frozen=True)
class Service:
    """One of our processes.

    Attributes:
        name: as in the supervisor.
        module: run as `python -m module`.
        needs: servers that must answer before its first start; later it waits for them itself.
        arguments: after the module.
        port: the setting that holds where it listens, if it does.
        health: path that answers 200 when it serves; None for a port that speaks Dagster's gRPC.
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
    Service("standby_guard", "timecontrol.stack.standby_guard", ("postgres",)),
    Service("sink_postgres", "ingestion.sinks.postgres.main", CAPTURE),
    Service("sink_live_state", "ingestion.sinks.live_state.main", ("kafka", "read_redis", "postgres")),
    Service("sink_archive", "ingestion.sinks.archive.main", ("kafka", "mongo", "postgres")),
    Service("flusher", "ingestion.sources.write_buffer.main", ("write_redis", *CAPTURE)),
    Service("outbox_relay", "ingestion.sources.outbox.main", CAPTURE),
    Service("binlog_replicator", "ingestion.sources.mysql_binlog.main", ("mysql", "kafka")),
    Service("device_files", "ingestion.sources.device_files.main", CAPTURE),
    Service(
        "what_if",
        "timecontrol.policy.what_if.service",
        ("postgres", "read_redis"),
        # A comparison that is ended drops its scratch schemas first.
        stop_wait_seconds=30,
    ),
    Service(
        "user_api",
        "user_api.main",
        ("postgres", "replica", "write_redis", "read_redis", "mongo", "kafka"),
        port="api",
        health="/health/live",
    ),
    # The graph is loaded once, here; daemon and pages ask this server, and runs are its children: both of them may be
    # restarted without harm to a run.
    Service(
        "dagster_code",
        "dagster",
        ("postgres", "read_redis"),
        arguments=("api", "grpc", "--module-name", "orchestration.definitions", "--host", "{host}", "--port", "{port}"),
        port="dagster_code",
        # A run that is stopped ends its dbt process first.
        stop_wait_seconds=30,
    ),
    Service(
        "dagster_daemon",
        "dagster._daemon",
        ("dagster_code",),
        arguments=("run", "--workspace", str(WORKSPACE)),
    ),
    Service(
        "dagster_webserver",
        "dagster_webserver",
        ("dagster_code",),
        arguments=("--workspace", str(WORKSPACE), "--host", "{host}", "--port", "{port}"),
        port="dagster",
        health="/server_info",
    ),
    Service(
        "dashboards",
        "streamlit",
        ("replica", "read_redis"),
        arguments=(
            *("run", str(PROJECT / "dashboards/server.py"), "--server.address", "{host}", "--server.port", "{port}"),
            *("--server.headless", "true", "--browser.gatherUsageStats", "false", "--server.fileWatcherType", "none"),
        ),
        port="dashboards",
        health="/_stcore/health",
    ),
)


def services(settings: Settings) -> dict[str, Program]:
    """All services, by name."""
    return {service.name: _program(settings, service) for service in SERVICES}


def _program(settings: Settings, service: Service) -> Program:
    address = getattr(settings, service.port) if service.port else None
    places = {"host": address.host, "port": address.port} if address else {}
    is_dagster = service.name.startswith("dagster")
    arguments = [argument.format(**places) for argument in service.arguments]
    return Program(
        name=service.name,
        command=(sys.executable, "-m", service.module, *arguments),
        answers=_check(service, address),
        environment=service_environment(settings) | (dagster_environment(settings) if is_dagster else {}),
        directory=PROJECT,
        ports=(address.port,) if address else (),
        needs=service.needs,
        prepare=(lambda: prepare_dagster(settings)) if is_dagster else (lambda: None),
        stop_wait_seconds=service.stop_wait_seconds,
        # Dagster loads the whole graph, dbt's manifest included, before it answers.
        start_wait_seconds=180,
    )


def service_environment(settings: Settings) -> dict[str, str]:
    """What every service finds in its environment: the settings that the stack keeps, whoever starts it."""
    return kept_settings(settings.home) | {
        "TIMECONTROL_HOME": str(settings.home),
        "TIMECONTROL_PORT_BASE": str(settings.port_base),
        "PATH": f"{Path(sys.executable).parent}:{SYSTEM_PATH}",
        "PYTHONUNBUFFERED": "1",
    }


def dagster_environment(settings: Settings) -> dict[str, str]:
    """What Dagster's processes, `workspace.yaml` and `orchestration/dagster.yaml` expect beside the settings."""
    return {
        "DAGSTER_HOME": str(settings.home / "dagster"),
        "DAGSTER_PG_HOST": settings.postgres.host,
        "DAGSTER_PG_PORT": str(settings.postgres.port),
        "DAGSTER_CODE_HOST": settings.dagster_code.host,
        "DAGSTER_CODE_PORT": str(settings.dagster_code.port),
        "DAGSTER_PG_PASSWORD": settings.secrets.postgres["dagster"].get_secret_value(),
    }


def prepare_dagster(settings: Settings) -> None:
    """DAGSTER_HOME with the instance's configuration, which the project keeps in `orchestration/`."""
    home = make_directory(settings.home / "dagster")
    write_private(home / "dagster.yaml", (PROJECT / "orchestration/dagster.yaml").read_text(encoding="utf-8"))


def _check(service: Service, address: Address | None) -> Callable[[], bool]:
    if address is None:
        # A worker serves when it runs, which the supervisor tells.
        return lambda: True
    place = f"{address.host}:{address.port}"
    return _http_check(f"http://{place}{service.health}") if service.health else _grpc_check(place)


def _grpc_check(place: str) -> Callable[[], bool]:
    def answers() -> bool:
        with grpc.insecure_channel(place) as channel:
            try:
                answer = HealthStub(channel).Check(HealthCheckRequest(service="DagsterApi"), timeout=2)
            except grpc.RpcError:
                return False
        return bool(answer.status == HealthCheckResponse.SERVING)

    return answers


def _http_check(url: str) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            return httpx.get(url, timeout=2).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False

    return answers
