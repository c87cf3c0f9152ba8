"""Imports that have begun: a note says how to do each again, until its file is on record.

Whoever imports holds the lock of the note. One that nobody holds is of an import that was cut short: its bytes are
archived, and the file itself may be gone from the inbox, or a newer dump in its place.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ingestion.sources.device_files.layout import CsvMapping
from timecontrol.atomic_files import PRIVATE, write_atomically


class BegunImport(BaseModel):
    """What an import needs beside the bytes: the name of the file, where it comes from and who brought it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file_name: str
    site_id: str
    device_id: str | None
    time_zone: str
    mapping: CsvMapping | None
    imported_by: str


@contextmanager
def begun(home: Path, sha256: str, begun_import: BegunImport) -> Iterator[None]:
    """Keep a note for the block; it stays where the block does not come to its end."""
    path = home / "imports" / f"{sha256}.json"
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, begun_import.model_dump_json().encode(), PRIVATE)
    with path.open("rb") as note:
        fcntl.flock(note, fcntl.LOCK_EX)
        yield
        path.unlink(missing_ok=True)


def cut_short(home: Path) -> Iterator[tuple[Path, bytes]]:
    """Notes that nobody holds, each held while the caller looks at it: path (the stem is the file's SHA-256) and content."""
    for path in sorted((home / "imports").glob("[!.]*.json")):
        with suppress(FileNotFoundError, BlockingIOError), path.open("rb") as note:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Whoever held it may have ended between opening and locking, or another import may have begun.
            if os.path.samestat(os.fstat(note.fileno()), path.stat()):
                yield path, note.read()
