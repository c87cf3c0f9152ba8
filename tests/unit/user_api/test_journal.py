"""The journal of acceptances: a line for each request, whole or not at all."""

import errno
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from timecontrol.contracts.errors import Transient
from user_api.journal import Journal

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_each_acceptance_is_a_line_of_its_day(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write(["a", "b"], AT)
    journal.write(["c"], AT)
    lines = (tmp_path / "journal/acceptances-2026-11-24.jsonl").read_text().splitlines()
    assert [json.loads(line)["event_ids"] for line in lines] == [["a", "b"], ["c"]]


def test_a_line_that_the_disk_took_in_part_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullDisk(io.BytesIO):
        def write(self, data: Any) -> int:  # noqa: ANN401  whatever a file takes
            return super().write(data[:10])

    journal = Journal(tmp_path)
    monkeypatch.setattr(Path, "open", lambda *_args, **_options: FullDisk())
    with pytest.raises(Transient, match=r"10 of \d+ bytes were written"):
        journal.write(["a"], AT)


def test_a_disk_that_is_full_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal(tmp_path)
    monkeypatch.setattr(Path, "open", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(Transient, match="No space left"):
        journal.write(["a"], AT)
