"""The benchmark refuses a size that the disk, or the limit, does not allow, before it starts."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from benchmarks.compute import MOST_DISK_BYTES, refuse_too_little_disk
from timecontrol.errors import UserError


def test_more_than_is_free_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3 * 10**9))
    refuse_too_little_disk(tmp_path, 10, 10)
    with pytest.raises(UserError, match="1000 employees over 1000 days need about"):
        refuse_too_little_disk(tmp_path, 1000, 1000)


def test_more_than_the_limit_is_refused_whatever_is_free(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100 * MOST_DISK_BYTES))
    refuse_too_little_disk(tmp_path, 10_000, 365)
    with pytest.raises(UserError, match="never more than 50 are used"):
        refuse_too_little_disk(tmp_path, 10_000, 3_650)
