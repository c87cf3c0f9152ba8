"""Files of the home that are damaged are named, with what to do."""

import sys
from pathlib import Path

import pytest

from timecontrol.cli import main
from timecontrol.kept_files import KeptFileError, read_kept


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
