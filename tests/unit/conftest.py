"""Unit tests read no stack's settings: neither those of this machine's own nor of the one that other tests have started."""

from pathlib import Path

import pytest

from timecontrol.settings import Secrets, Settings, read_settings
from timecontrol.stack.credentials import completed


@pytest.fixture(autouse=True)
def _home_of_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    home: Path = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("TIMECONTROL_HOME", str(home))
    monkeypatch.delenv("TIMECONTROL_PORT_BASE", raising=False)


@pytest.fixture
def settings_with_secrets() -> Settings:
    """Settings as a stack has them, of servers that are not there."""
    return read_settings().model_copy(update={"secrets": Secrets.model_validate(completed({}))})
