"""Imports that have begun: a note says how to do each again, until its file is on record.

Whoever imports holds the lock of the note. One that nobody holds is of an import that was cut short: its bytes are
archived, and the file itself may be gone from the inbox, or a newer dump in its place.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict

from ingestion.sources.device_files.layout import CsvMapping
from timecontrol.atomic_files import sync_names
from timecontrol.contracts.errors import Transient


class BegunImport(BaseModel):
    """What an import needs beside the bytes: the name of the file, where it comes from and who brought it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str
    site_id: str
    device_id: str | None
    time_zone: str
    mapping: CsvMapping | None
    imported_by: str


def note_path(home: Path, sha256: str) -> Path:
    """Where the note of a file's import lies."""
    return home / "imports" / f"{sha256}.json"


def notes(home: Path) -> list[Path]:
    """The notes of imports that are under way or were cut short."""
    return sorted((home / "imports").glob("*.json"))


@contextmanager
def begun(path: Path, begun_import: BegunImport) -> Iterator[None]:
    """Keep a note for the block. Raises Transient while the same bytes are being imported elsewhere.

    The note stays where the block is cut short, but not where a person interrupts it, who may have named the wrong site.
    """
    path.parent.mkdir(exist_ok=True)
    with _held(path) as note:
        _write(note, path.parent, begun_import.model_dump_json().encode())
        try:
            yield
        except KeyboardInterrupt:
            path.unlink()
            raise
        path.unlink()


def cut_short(path: Path, archived: Path) -> bytes | None:
    """What a note says that nobody holds; None where somebody is at it, or where there is nothing to be done again.

    Raises OSError for a note that may not be read.
    """
    try:
        with path.open("rb") as note:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_at(note, path):
                return None
            if archived.exists():
                return note.read()
            # Nothing is sent before the bytes are archived, and they are not before the note is whole.
            path.unlink()
    except (FileNotFoundError, BlockingIOError):
        pass
    return None


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO]:
    while True:
        with path.open("a+b") as note:
            try:
                fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                # Not waited for: whoever holds it may have been stopped, and other files would wait with this one.
                raise Transient("these bytes are being imported by another process: let it end first") from error
            # Whoever held it before has taken it away.
            if _is_at(note, path):
                yield note
                return


def _is_at(note: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(note.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _write(note: BinaryIO, folder: Path, content: bytes) -> None:
    """Make `content` what the note says, on disk; one that says so is left alone, as no power loss can then spoil it."""
    note.seek(0)
    if note.read() != content:
        note.truncate(0)
        note.write(content)
        note.flush()
        os.fsync(note.fileno())
    sync_names(folder)
