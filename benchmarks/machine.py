"""The machine and the versions that a measurement was made with."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

# What the server can be told to use; a result means nothing without it.
SERVER_SETTINGS = (
    "shared_buffers",
    "work_mem",
    "max_parallel_workers_per_gather",
    "hash_mem_multiplier",
    "jit",
    "wal_level",
)


def describe(settings: Settings) -> dict[str, object]:
    """Processor, cores, memory, kernel, versions, and the server's settings as role transform has them."""
    with connect(settings, "transform") as connection:
        settings_of_server = "select name, current_setting(name) from pg_settings where name = any(%s)"
        shown = dict(connection.execute(settings_of_server, (list(SERVER_SETTINGS),)).fetchall())
        (server,) = connection.execute("select split_part(version(), ' (', 1)").fetchone() or ("unknown",)
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "kernel": platform.release(),
        "python": platform.python_version(),
        "postgresql": server,
        "dbt": version("dbt-core"),
        "duckdb": version("duckdb"),
        "server_settings": shown,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "unknown"
