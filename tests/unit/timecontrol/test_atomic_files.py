"""Files appear whole or not at all."""

from pathlib import Path

import pytest

from timecontrol.atomic_files import PRIVATE, READABLE, write_atomically


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "file"
    write_atomically(target, b"old", READABLE)

    def disk_full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("timecontrol.atomic_files.os.fsync", disk_full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(target, b"new", READABLE)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"file": b"old"}


@pytest.mark.parametrize("mode", [READABLE, PRIVATE])
def test_a_file_may_be_read_by_whom_it_is_for(tmp_path: Path, mode: int) -> None:
    write_atomically(tmp_path / "file", b"content", mode)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode
