"""The table of services."""

from importlib.util import find_spec
from pathlib import Path

import pytest

from timecontrol.settings import PORT_OFFSETS, read_settings
from timecontrol.stack.files import keep_settings
from timecontrol.stack.servers import SERVER_NAMES
from timecontrol.stack.services import SERVICES, service_environment


@pytest.mark.parametrize("module", sorted({service.module for service in SERVICES}))
def test_every_service_has_a_module_that_runs(module: str) -> None:
    assert find_spec(module) is not None


def test_a_service_needs_what_there_is_and_has_a_port_of_the_settings() -> None:
    names = {*SERVER_NAMES, *(service.name for service in SERVICES)}
    assert all(set(service.needs) <= names for service in SERVICES)
    assert {service.port for service in SERVICES if service.port} <= set(PORT_OFFSETS)


def test_a_service_finds_what_the_stack_keeps_and_nothing_of_the_callers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A stack of other tests may be named there.
    monkeypatch.delenv("TIMECONTROL_PORT_BASE", raising=False)
    monkeypatch.setenv("TIMECONTROL_TEST_HOME", "/elsewhere")
    monkeypatch.setenv("TIMECONTROL_READ_TIMEOUT_SECONDS", "7")
    settings = read_settings(home=tmp_path, port_base=20000)
    keep_settings(settings)
    monkeypatch.delenv("TIMECONTROL_READ_TIMEOUT_SECONDS")
    monkeypatch.setenv("PATH", "/opt/other/bin")
    environment = service_environment(settings)
    assert {name: value for name, value in environment.items() if name.startswith("TIMECONTROL_")} == {
        "TIMECONTROL_HOME": str(tmp_path),
        "TIMECONTROL_PORT_BASE": "20000",
        "TIMECONTROL_READ_TIMEOUT_SECONDS": "7",
    }
    assert "/opt/other/bin" not in environment["PATH"]
    assert read_settings(home=tmp_path).read_timeout_seconds == 7
    assert read_settings(home=tmp_path).postgres.port == 20000
