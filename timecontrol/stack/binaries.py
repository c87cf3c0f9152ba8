"""Where the servers' programs are on Debian and Ubuntu; what is not there is named with the command that installs it."""

import re
import shutil
import sys
import sysconfig
from pathlib import Path

from timecontrol.stack.errors import StackError

# Debian's own PATH of root: it keeps some servers outside an ordinary user's. What the stack runs has this one, whoever starts it.
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

PROJECT = Path(__file__).parents[2]
# `scripts/bootstrap.sh` copies the broker's jars beside the Python packages.
KAFKA_JARS = Path(sys.prefix) / "kafka"


class MissingPackage(StackError):
    """A program that the stack needs is not installed."""

    def __init__(self, program: str, install: str) -> None:
        super().__init__(f"{program} is not installed. Install it with: {install}")


def system_program(name: str, package: str) -> Path:
    """A program by name, where Debian puts it, else in PATH; raises MissingPackage."""
    found = shutil.which(name, path=SYSTEM_PATH) or shutil.which(name)
    if found is None:
        raise MissingPackage(name, f"sudo apt-get install -y --no-install-recommends {package}")
    return Path(found)


def postgres_program(name: str) -> Path:
    """A PostgreSQL program of the newest version installed, at least 15; raises MissingPackage."""
    versions = {
        int(match[1]): path
        for path in Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
        if (match := re.fullmatch(r"/usr/lib/postgresql/(\d+)/bin/.*", str(path)))
    }
    # 15 is the first that can publish a schema's tables with row filters and that revokes CREATE on public.
    oldest = 15
    usable = {version: path for version, path in versions.items() if version >= oldest}
    if not usable:
        install = (
            "sudo apt-get install -y postgresql, on Debian 12, Ubuntu 24.04 or newer: older ones have an older one."
        )
        raise MissingPackage(f"{name} (PostgreSQL {oldest} or newer)", install)
    return usable[max(usable)]


def mongod() -> Path:
    """The server binary that a Python wheel carries; Debian has no package of it."""
    binary = Path(sysconfig.get_paths()["purelib"]) / "fiftyone/db/bin/mongod"
    if not binary.exists():
        raise MissingPackage("mongod", "scripts/bootstrap.sh")
    return binary


def kafka_class_path() -> str:
    """The broker's jars as a Java class path; raises MissingPackage."""
    if not any(KAFKA_JARS.glob("kafka_2.13-*.jar")):
        raise MissingPackage(f"The Kafka broker ({KAFKA_JARS})", "scripts/bootstrap.sh")
    return f"{KAFKA_JARS}/*"
