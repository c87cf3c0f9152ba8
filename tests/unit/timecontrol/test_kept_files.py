"""Files of the home that are damaged are named, with what to do."""

import json
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from timecontrol.cli import main
from timecontrol.kept_files import KeptFileError, read_kept
from timecontrol.settings import kept_settings


def test_a_file_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "secrets.json") == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"secrets": ', "is damaged: Expecting value: line 1 column 13"),
        (b"\xff\xfe", "is damaged: 'utf-8' codec can't decode"),
        (b"[1]", "is damaged: it holds no JSON object."),
        (b"", "is damaged: Expecting value: line 1 column 1"),
    ],
)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)
    with pytest.raises(KeptFileError) as found:
        read_kept(path)
    assert str(found.value).startswith(f"{path} {said}")
    assert "Put it back from a copy" in str(found.value)


@pytest.mark.parametrize(("value", "shown"), [(20, "20"), (None, "null"), (["a"], '["a"]')])
def test_a_value_that_is_no_text_is_named(tmp_path: Path, value: object, shown: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"TIMECONTROL_PORT_BASE": "20000", "TIMECONTROL_REPLICA_MAX_AGE_SECONDS": value}))
    with pytest.raises(KeptFileError) as found:
        kept_settings(tmp_path)
    assert str(found.value).startswith(f"{path} is damaged: TIMECONTROL_REPLICA_MAX_AGE_SECONDS is {shown}, no text")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "run this as the user it belongs to"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str
) -> None:
    """Where a directory above is closed, even asking for the file is refused."""
    monkeypatch.setattr(Path, "exists", Mock(side_effect=error))
    monkeypatch.setattr(Path, "read_text", Mock(side_effect=error))
    with pytest.raises(KeptFileError, match=said):
        read_kept(tmp_path / "secrets.json")


@pytest.mark.parametrize("name", ["secrets.json", "settings.json"])
def test_a_command_says_it_without_a_traceback(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))
    (tmp_path / name).write_text("{")
    monkeypatch.setattr(sys, "argv", ["timecontrol", "status"])
    with pytest.raises(SystemExit) as exited:
        main()
    assert exited.value.code == 1
    assert f"{tmp_path / name} is damaged" in capsys.readouterr().err
