"""`scripts/bootstrap.sh` on machines that this one is not: Python, apt and Maven are stand-ins that write down what they are asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]

# As Debian's: the modules `venv` and, from a package of its own, `ensurepip`, without which an environment is left half made.
PYTHON = """\
#!/bin/bash
echo "python3 $*" >> "$STATE/log"
case "$*" in
    *ensurepip*) [ -e "$STATE/python3-venv" ] ;;
    "-m venv"*)
        mkdir -p .venv/bin && cp "$0" .venv/bin/python
        [ -e "$STATE/python3-venv" ]
        ;;
    "-m pip install -q uv") printf '#!/bin/bash\\n' > .venv/bin/uv && chmod +x .venv/bin/uv ;;
esac
"""
APT_GET = """\
#!/bin/bash
echo "apt-get $*" >> "$STATE/log"
for word in "$@"; do case "$word" in python3-venv) touch "$STATE/python3-venv" ;; esac; done
"""
MAVEN = """\
#!/bin/bash
mkdir -p .venv/kafka
"""
CAT = """\
#!/bin/bash
if [ "$*" = /etc/os-release ]; then printf '%s' "$OS_RELEASE"; else exec /bin/cat "$@"; fi
"""
SUDO = """\
#!/bin/bash
exec "$@"
"""


class Machine:
    """A checkout and the programs in PATH."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "checkout"
        self.state = folder / "state"
        self._programs = folder / "programs"
        for path in (self.checkout / "scripts", self.state, self._programs):
            path.mkdir(parents=True)
        shutil.copy(PROJECT / "scripts/bootstrap.sh", self.checkout / "scripts")
        for name in ("requirements.txt", "pyproject.toml"):
            (self.checkout / name).touch()
        for name, text in {"python3": PYTHON, "apt-get": APT_GET, "mvn": MAVEN, "sudo": SUDO, "cat": CAT}.items():
            (self._programs / name).write_text(text)
            (self._programs / name).chmod(0o755)

    def bootstrap(self) -> list[str]:
        """Run it; returns what it asked of Python and apt."""
        done = self.run()
        assert done.returncode == 0, done.stdout + done.stderr
        assert "everything is installed" in done.stdout
        return self.asked()

    def run(self, system: str = "debian", version: str = "12") -> "subprocess.CompletedProcess[str]":
        """Run it to its end, on this version of this system."""
        (self.state / "log").write_text("")
        environment = {
            "PATH": f"{self._programs}:{os.defpath}",
            "HOME": str(self.state),
            "STATE": str(self.state),
            "OS_RELEASE": f'NAME="{system.title()}"\nID={system}\nVERSION_ID="{version}"\n',
        }
        command = [self.checkout / "scripts/bootstrap.sh"]
        return subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

    def asked(self) -> list[str]:
        """What the last run asked of Python and apt."""
        return (self.state / "log").read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_python_without_ensurepip_gets_its_package(machine: Machine) -> None:
    asked = machine.bootstrap()
    assert [line for line in asked if line.startswith("apt-get install") and line.endswith("python3-venv")] != []
    assert (machine.checkout / ".venv/bin/uv").exists()


def test_run_again_it_installs_nothing(machine: Machine) -> None:
    machine.bootstrap()
    asked = machine.bootstrap()
    assert [line for line in asked if "apt-get" in line or "-m" in line] == []


def test_an_environment_that_was_left_half_made_is_made_anew(machine: Machine) -> None:
    (machine.state / "python3-venv").touch()
    half = machine.checkout / ".venv/bin/python"
    half.parent.mkdir(parents=True)
    half.write_text("#!/bin/bash\nexit 1\n")
    half.chmod(0o755)
    machine.bootstrap()
    assert (machine.checkout / ".venv/bin/uv").exists()


@pytest.mark.parametrize(("system", "version"), [("ubuntu", "22.04"), ("debian", "11")])
def test_a_system_whose_servers_are_too_old_is_told_so_before_anything_is_installed(
    machine: Machine, system: str, version: str
) -> None:
    done = machine.run(system, version)
    assert done.returncode == 1
    assert f"{system.title()} {version} is too old" in done.stderr
    assert "Debian 12, Ubuntu 24.04 or newer is needed" in done.stderr
    assert machine.asked() == []


@pytest.mark.parametrize(("system", "version"), [("ubuntu", "24.04"), ("debian", "13"), ("linuxmint", "22")])
def test_newer_systems_and_those_that_are_not_known_are_taken(machine: Machine, system: str, version: str) -> None:
    assert machine.run(system, version).returncode == 0
