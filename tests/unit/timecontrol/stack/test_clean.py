"""`stack clean`: it deletes the data of a stack and nothing else."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from timecontrol.cli import app
from timecontrol.settings import read_settings
from timecontrol.stack import files
from timecontrol.stack.control import open_stack


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("TIMECONTROL_HOME", str(home))
    return home


def test_a_directory_that_holds_no_stack_is_left_as_it_is(home: Path) -> None:
    home.mkdir()
    (home / "thesis.txt").write_text("ten years")
    outcome = CliRunner().invoke(app, ["stack", "clean", "--yes"])
    assert str(outcome.exception) == (
        f"TIMECONTROL_HOME={home} holds no stack (no secrets.json of one): nothing is deleted."
    )
    assert [path.name for path in home.iterdir()] == ["thesis.txt"]


def test_a_full_disk_can_be_cleaned(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_stack(read_settings())
    monkeypatch.setattr(files, "MIN_FREE_BYTES", 2**63)
    outcome = CliRunner().invoke(app, ["stack", "clean", "--yes"])
    assert outcome.exit_code == 0, outcome.output
    assert not home.exists()


def test_without_a_yes_nothing_is_deleted(home: Path) -> None:
    open_stack(read_settings())
    outcome = CliRunner().invoke(app, ["stack", "clean"], input="n\n")
    assert outcome.exit_code == 1
    assert (home / "secrets.json").exists()
