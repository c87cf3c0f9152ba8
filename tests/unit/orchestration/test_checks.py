"""Checks that need no server."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
from dagster import AssetCheckResult

from orchestration.checks import free_disk
from timecontrol.settings import read_settings
from timecontrol.stack.files import MIN_FREE_BYTES


class Usage(NamedTuple):
    """What is left of a disk."""

    free: int


@pytest.mark.parametrize("missing", [0, 1])
def test_a_disk_that_fills_up_is_alerted_at_the_limit_of_a_start(
    missing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(MIN_FREE_BYTES - missing))
    result = free_disk(settings=read_settings(home=tmp_path))
    assert isinstance(result, AssetCheckResult)
    alerts = tmp_path / "logs/alerts.jsonl"
    assert (result.passed, alerts.exists()) == (not missing, bool(missing))
    if missing:
        assert json.loads(alerts.read_text())["subject"] == "check free_disk failed"
