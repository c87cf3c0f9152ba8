"""What the watched folder does with a file that changes under its hands."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingestion.sources.device_files import main
from ingestion.sources.device_files.main import WatchedFolder
from timecontrol.clock import FixedClock
from timecontrol.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(home=tmp_path)


def test_a_dump_that_replaces_the_one_being_imported_is_imported_too(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    dump = settings.home / "inbox/BER/T1/attlog.dat"
    dump.parent.mkdir(parents=True)
    dump.write_bytes(b"first")
    imported: list[bytes] = []

    def import_file(_settings: Settings, _name: str, data: bytes, *_rest: object, **_more: object) -> Any:  # noqa: ANN401  the summary is only logged
        imported.append(data)
        if data == b"first":
            longer = dump.with_name("attlog.dat.partial")
            longer.write_bytes(b"first and second")
            longer.replace(dump)
        return SimpleNamespace()

    monkeypatch.setattr(main, "import_file", import_file)
    monkeypatch.setattr(main, "resolve_source", lambda *_: None)
    clock = FixedClock(datetime(2026, 11, 24, tzinfo=UTC))
    folder = WatchedFolder(settings, clock)
    # A file is taken at the second look that finds it unchanged.
    for _ in range(4):
        folder.look()
        clock.instant += timedelta(seconds=1)
    assert imported == [b"first", b"first and second"]
    assert [path for path in dump.parent.iterdir() if path.is_file()] == []
    assert [path.read_bytes() for path in (dump.parent / "done").iterdir()] == [b"first and second"]
