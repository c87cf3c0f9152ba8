"""The table of services."""

from importlib.util import find_spec

import pytest

from timecontrol.settings import PORT_OFFSETS, read_settings
from timecontrol.stack.servers import SERVER_NAMES
from timecontrol.stack.services import SERVICES, service_environment


@pytest.mark.parametrize("module", sorted({service.module for service in SERVICES}))
def test_every_service_has_a_module_that_runs(module: str) -> None:
    assert find_spec(module) is not None


def test_a_service_needs_what_there_is_and_has_a_port_of_the_settings() -> None:
    names = {*SERVER_NAMES, *(service.name for service in SERVICES)}
    assert all(set(service.needs) <= names for service in SERVICES)
    assert {service.port for service in SERVICES if service.port} <= set(PORT_OFFSETS)


def test_the_tests_own_variable_is_no_setting_of_a_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIMECONTROL_TEST_HOME", "/elsewhere")
    environment = service_environment(read_settings(home="/nowhere", port_base=20000))
    assert environment["TIMECONTROL_HOME"] == "/nowhere"
    assert environment["TIMECONTROL_PORT_BASE"] == "20000"
    assert "TIMECONTROL_TEST_HOME" not in environment
