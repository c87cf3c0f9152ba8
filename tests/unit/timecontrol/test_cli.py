"""The command line where there is nothing to work with yet."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from timecontrol.cli import app
from timecontrol.settings import SettingsError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("TIMECONTROL_HOME", str(home))
    return home


@pytest.mark.parametrize(
    "command",
    [
        "status",
        "env",
        "stack status",
        "stack down",
        "stack kill kafka",
        "explain E00001 2026-01-01",
        "export --period 2026-10 --format csv --out {out}",
        "reconcile",
        "simulate --employees 1 --days 1",
        "quarantine list",
        "policy load",
    ],
)
def test_where_no_stack_was_started_every_command_says_so_and_makes_nothing(
    home: Path, tmp_path: Path, command: str
) -> None:
    refusal = CliRunner().invoke(app, command.format(out=tmp_path / "out").split()).exception
    assert isinstance(refusal, SettingsError)
    assert str(refusal) == (
        f"No stack was started at TIMECONTROL_HOME={home}. "
        "Start one with `make run` or `timecontrol stack up`, or name the home of one that was."
    )
    assert not home.exists()
