"""The home of a stack."""

from pathlib import Path

import pytest

from timecontrol.settings import read_settings
from timecontrol.stack.errors import StackError
from timecontrol.stack.files import MIN_FREE_BYTES, check_free_space, make_home, write_private


def test_a_disk_that_is_nearly_full_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    check_free_space(tmp_path, MIN_FREE_BYTES)
    with pytest.raises(StackError, match=rf"Only 100 MiB are free for {tmp_path}; the stack needs 2,048 MiB"):
        check_free_space(tmp_path, 100 * 1024**2)


def test_a_home_that_is_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(StackError, match=f"TIMECONTROL_HOME={file} cannot be used: File exists"):
        make_home(read_settings(home=file))


def test_other_users_pass_through_the_home_and_list_nothing(tmp_path: Path) -> None:
    make_home(read_settings(home=tmp_path / "home"))
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o711
    assert (tmp_path / "home/run").stat().st_mode & 0o777 == 0o700


def test_a_private_file_replaces_a_readable_one(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_home_that_holds_what_is_not_a_stacks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(StackError, match=f"TIMECONTROL_HOME={tmp_path} holds other files: thesis.txt"):
        make_home(read_settings(home=tmp_path))
    assert not (tmp_path / "run").exists()
