"""What the watched folder does with a file that changes under its hands."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ingestion.sources.device_files import main
from ingestion.sources.device_files.begun import BegunImport, begun, note_path
from ingestion.sources.device_files.main import WatchedFolder
from timecontrol.clock import FixedClock
from timecontrol.contracts.errors import Transient
from timecontrol.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings(home=tmp_path)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 24, tzinfo=UTC))


def look(folder: WatchedFolder, clock: FixedClock, seconds: int) -> None:
    """Look once a second for so long."""
    for _ in range(seconds):
        folder.look()
        clock.instant += timedelta(seconds=1)


@pytest.fixture
def imported(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What was imported; a file that holds an error's name raises it."""
    found: list[bytes] = []
    errors = {
        b"KeyError": KeyError("ours"),
        b"PermissionError": PermissionError("not readable"),
        b"Transient": Transient("not now"),
    }

    def import_file(_settings: Settings, _name: str, data: bytes, *_rest: object, **_more: object) -> Any:  # noqa: ANN401  the summary is only logged
        if data in errors:
            raise errors[data]
        found.append(data)
        return SimpleNamespace()

    monkeypatch.setattr(main, "import_file", import_file)
    monkeypatch.setattr(main, "resolve_source", lambda *_: None)
    return found


def put(settings: Settings, place: str | bytes, content: bytes) -> Path:
    path = settings.home / "inbox" / (os.fsdecode(place) if isinstance(place, bytes) else place)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def alerts(settings: Settings) -> list[str]:
    path = settings.home / "logs/alerts.jsonl"
    return [json.loads(line)["subject"] for line in path.read_text().splitlines()] if path.exists() else []


def test_no_file_stops_the_others(settings: Settings, clock: FixedClock, imported: list[bytes]) -> None:
    unreadable = put(settings, "A/T1/a.dat", b"PermissionError")
    broken = put(settings, "A/T1/b.dat", b"KeyError")
    unnamed = put(settings, b"A/T1/caf\xe9.dat", b"unnamed")
    homeless = put(settings, b"A/T\xe9/c.dat", b"homeless")
    put(settings, "B/T1/z.dat", b"good")
    look(WatchedFolder(settings, clock), clock, seconds=8)
    assert imported == [b"good"]
    assert unreadable.exists()
    assert sorted(alerts(settings)) == [
        "a device file cannot be read or moved",
        "a device file was refused by a fault of ours",
    ]
    for path, reason in ((broken, "KeyError: 'ours'"), (unnamed, "caf\\xe9.dat is not UTF-8"), (homeless, "not UTF-8")):
        [kept] = [
            each
            for each in (path.parent / "refused").iterdir()
            if each.name.startswith(f"{path.stem}.") and each.name.endswith("reason.txt")
        ]
        assert reason in kept.read_text()
        assert not path.exists()


def test_a_file_that_must_wait_stops_no_other_and_a_server_that_is_away_is_not_asked_for_each(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    waiting = put(settings, "A/T1/a.dat", b"Transient")
    put(settings, "A/T1/b.dat", b"good")
    folder = WatchedFolder(settings, clock)
    look(folder, clock, seconds=8)
    assert imported == [b"good"]
    assert waiting.exists()
    put(settings, "A/T1/c.dat", b"Transient")
    behind = put(settings, "A/T1/d.dat", b"good")
    look(folder, clock, seconds=8)
    assert imported == [b"good"]
    assert behind.exists()


def test_a_file_that_does_not_fit_into_memory_is_refused_unread(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    largest = put(settings, "A/T1/a.dat", b"")
    os.truncate(largest, 20_000_000)
    os.truncate(put(settings, "A/T1/b.dat", b""), 20_000_001)
    look(WatchedFolder(settings, clock), clock, seconds=8)
    assert [len(data) for data in imported] == [20_000_000]
    [reason] = (largest.parent / "refused").glob("b.*.reason.txt")
    assert "has 20,000,001 bytes, at most 20,000,000 are taken at once" in reason.read_text()


def test_a_file_is_taken_when_it_has_been_quiet_and_once_more_when_it_grows_later(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    path = put(settings, "A/T1/a.dat", b"first")
    folder = WatchedFolder(settings, clock)
    with path.open("ab") as copy:
        look(folder, clock, seconds=4)
        copy.write(b" half")
        copy.flush()
        look(folder, clock, seconds=4)
        assert imported == []
        look(folder, clock, seconds=4)
        assert imported == [b"first half"]
        # It stalled, was moved to done/ meanwhile, and goes on.
        copy.write(b" and the rest")
    look(folder, clock, seconds=8)
    assert imported == [b"first half", b"first half and the rest"]


def test_a_file_in_the_wrong_place_is_told_of_once(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    misplaced = put(settings, "A/attlog.dat", b"good")
    put(settings, "A/T1/done/old.dat", b"imported before")
    look(WatchedFolder(settings, clock), clock, seconds=8)
    assert (imported, alerts(settings), misplaced.exists()) == ([], ["a device file lies where none is taken"], True)


def test_a_dump_that_replaces_the_one_being_imported_is_imported_too(
    settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
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
    folder = WatchedFolder(settings, clock)
    look(folder, clock, seconds=15)
    assert imported == [b"first", b"first and second"]
    assert [path for path in dump.parent.iterdir() if path.is_file()] == []
    assert [path.read_bytes() for path in (dump.parent / "done").iterdir()] == [b"first and second"]


def break_off(settings: Settings, sha256: str, content: bytes) -> Path:
    """An import of these bytes that was cut short after it had archived them; returns its note."""
    begun_import = BegunImport(
        file_name="a.dat", site_id="A", device_id="T1", time_zone="UTC", mapping=None, imported_by="somebody"
    )
    (settings.home / "files").mkdir(exist_ok=True)
    (settings.home / "files" / sha256).write_bytes(content)
    note = note_path(settings.home, sha256)
    with pytest.raises(RuntimeError), begun(note, begun_import):
        raise RuntimeError
    return note


def test_a_note_that_ends_no_import_is_put_aside_and_stops_no_other(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    # A crash of the machine may leave a file of no bytes.
    break_off(settings, "aa", b"empty note").write_bytes(b"")
    break_off(settings, "bb", b"KeyError")
    break_off(settings, "cc", b"good")
    look(WatchedFolder(settings, clock), clock, seconds=2)
    assert imported[0] == b"good"
    # What stands in for the import leaves the note of the good one.
    kept = sorted(path.name for path in (settings.home / "imports").iterdir())
    assert kept == ["aa.refused", "bb.refused", "cc.json"]
    assert alerts(settings) == ["an import that was cut short cannot be ended"] * 2


def test_a_cut_import_that_cannot_be_read_is_told_once_and_ended_when_it_can(
    settings: Settings, clock: FixedClock, imported: list[bytes]
) -> None:
    break_off(settings, "aa", b"PermissionError")
    # Of another user; here a folder, since nothing is closed to root.
    (settings.home / "imports/bb.json").mkdir()
    break_off(settings, "cc", b"good")
    folder = WatchedFolder(settings, clock)
    look(folder, clock, seconds=3)
    assert imported[0] == b"good"
    assert alerts(settings) == ["an import that was cut short cannot be ended"] * 2
    (settings.home / "files/aa").write_bytes(b"readable")
    look(folder, clock, seconds=1)
    assert b"readable" in imported


def test_a_note_without_archived_bytes_goes(settings: Settings, clock: FixedClock, imported: list[bytes]) -> None:
    note = break_off(settings, "aa", b"")
    (settings.home / "files/aa").unlink()
    look(WatchedFolder(settings, clock), clock, seconds=1)
    assert not note.exists()
    assert imported == []
