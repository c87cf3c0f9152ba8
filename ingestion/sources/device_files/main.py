"""The watched folder: `<home>/inbox/<site>/<device>/FILE` is imported, then moved to `done/` or `refused/` beside it.

A `mapping.yaml` in a device's folder makes its files CSV. A name that begins with a dot or ends in `.part`, `.partial`
or `.tmp` is not finished yet. Files are left until they have not changed for a while. No file stops the others.
"""

import os
import signal
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import structlog

from ingestion.sources.device_files.begun import BegunImport, cut_short, notes
from ingestion.sources.device_files.decode import FileSource
from ingestion.sources.device_files.importer import (
    UnknownSite,
    check_name,
    check_size,
    import_file,
    resolve_source,
    shown,
)
from ingestion.sources.device_files.layout import load_mapping
from timecontrol.alerts import alert
from timecontrol.clock import Clock, SystemClock
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.settings import Settings, load_settings

log = structlog.get_logger()

POLL_SECONDS = 1.0
# A copy over a slow network writes at least once in this time; a file is taken when it has kept its size and time for it.
QUIET = timedelta(seconds=5)
# A copy that stalled for longer and then went on wrote into the file where it was moved to: it is looked at for so long.
WATCHED_AFTER = timedelta(minutes=10)
# What hinders one file may be of that file; what hinders a second one too is a server that is away, for all of them.
FILES_THAT_WAIT = 2
UNFINISHED_SUFFIXES = (".part", ".partial", ".tmp")
MAPPING_NAME = "mapping.yaml"
IMPORTED_BY = "watched folder"


class Seen(NamedTuple):
    """What tells that a file has changed, or that another is in its place."""

    inode: int
    size: int
    modified_ns: int


def seen(path: Path) -> Seen:
    """The file as it is now."""
    stat = path.stat()
    return Seen(stat.st_ino, stat.st_size, stat.st_mtime_ns)


class WatchedFolder:
    """Looks into the inbox again and again; `look` is one look."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._inbox = settings.home / "inbox"
        self._unchanged: dict[Path, tuple[Seen, datetime]] = {}
        self._done: dict[Path, tuple[Seen, datetime]] = {}
        self._told: set[Path] = set()

    def look(self) -> None:
        """Import every file that has not changed for QUIET. A server that is away leaves the file for the next look."""
        self._end_what_was_cut_short()
        waiting = 0
        now = self._clock.now()
        self._take_back_grown(now)
        present = dict(self._present())
        before = self._unchanged
        self._unchanged = {
            path: before[path] if path in before and before[path][0] == found else (found, now)
            for path, found in present.items()
        }
        for path in sorted(present):
            if now - self._unchanged[path][1] < QUIET:
                continue
            try:
                self._take(path, present[path])
            except Transient as error:
                log.warning("file_waits", file=shown(path), reason=str(error))
                waiting += 1
                if waiting == FILES_THAT_WAIT:
                    return
            except FileNotFoundError:
                log.info("file_gone", file=shown(path))
            except OSError as error:
                self._tell_once(path, "a device file cannot be read or moved", str(error))

    def _end_what_was_cut_short(self) -> None:
        """Import again, from the archived bytes, what another process or an earlier life of this one has begun."""
        for note in notes(self._settings.home):
            archived = self._settings.home / "files" / note.stem
            try:
                content = cut_short(note, archived)
                if content is not None:
                    self._import_again(BegunImport.model_validate_json(content), archived)
            except Transient as error:
                log.warning("import_waits", note=note.name, reason=str(error))
                return
            except OSError as error:
                self._tell_once(note, "an import that was cut short cannot be ended", str(error))
            except Exception as error:
                # It must not keep the punches of other files, nor be tried each second.
                log.exception("import_failed_again", note=note.name)
                aside = note.rename(note.with_suffix(".refused"))
                message = f"{shown(aside)}: {type(error).__name__}: {error}"
                alert(self._settings, "an import that was cut short cannot be ended", message)

    def _import_again(self, begun_import: BegunImport, archived: Path) -> None:
        summary = import_file(
            self._settings,
            begun_import.file_name,
            archived.read_bytes(),
            FileSource(begun_import.site_id, begun_import.device_id, begun_import.time_zone, begun_import.mapping),
            imported_by=begun_import.imported_by,
            clock=self._clock,
            progress=lambda _done, _total: None,
        )
        log.info("file_imported_that_was_cut_short", file=begun_import.file_name, **vars(summary))

    def _present(self) -> Iterator[tuple[Path, Seen]]:
        """Files at `<inbox>/<site>/<device>/`, as they are now; those elsewhere are told of."""
        for pattern in ("*", "*/*", "*/*/*"):
            for path in self._inbox.glob(pattern):
                try:
                    if not path.is_file() or not is_finished(path):
                        continue
                    found = seen(path)
                except FileNotFoundError:
                    continue
                except OSError as error:
                    self._tell_once(path, "a device file cannot be read or moved", str(error))
                    continue
                if pattern == "*/*/*":
                    yield path, found
                else:
                    self._tell_once(path, "a device file lies where none is taken", "move it to inbox/<site>/<device>/")

    def _take(self, path: Path, looked_at: Seen) -> None:
        site_id, device_id = path.parent.parent.name, path.parent.name
        mapping_path = path.parent / MAPPING_NAME
        try:
            check_place(path)
            check_size(path)
            mapping = load_mapping(mapping_path) if mapping_path.exists() else None
            source = resolve_source(self._settings, site_id, device_id, mapping)
            summary = import_file(
                self._settings,
                path.name,
                path.read_bytes(),
                source,
                imported_by=IMPORTED_BY,
                clock=self._clock,
                progress=lambda _done, _total: None,
            )
        except UnknownSite as error:
            # The site may be on its way from the HR database; nobody is told twice about one file.
            if path not in self._told:
                log.warning("file_waits", file=shown(path), reason=str(error))
            self._told.add(path)
        except (Rejected, UserError) as error:
            log.error("file_refused", file=shown(path), reason=str(error))  # noqa: TRY400  the reason says it all
            self._refuse(path, looked_at, str(error))
        except (Transient, OSError):
            raise
        except Exception as error:
            # A fault of ours in one file must not keep the punches of all others.
            log.exception("file_failed", file=shown(path))
            message = f"{type(error).__name__}: {error}"
            alert(self._settings, "a device file was refused by a fault of ours", f"{shown(path)}: {message}")
            self._refuse(path, looked_at, f"the import failed, which it should not: {message}")
        else:
            now = self._clock.now()
            target = _put_away(path, looked_at, "done", now)
            if target is not None:
                self._done[target] = (seen(target), now)
            log.info("file_imported", file=shown(path), **vars(summary))

    def _refuse(self, path: Path, looked_at: Seen, reason: str) -> None:
        target = _put_away(path, looked_at, "refused", self._clock.now())
        if target is not None:
            target.with_name(target.name + ".reason.txt").write_text(f"{reason}\n", encoding="utf-8", errors="replace")

    def _take_back_grown(self, now: datetime) -> None:
        """Put a file that was written to after its import back into the inbox: what it has gained is still to come."""
        for path, (kept, since) in list(self._done.items()):
            if now - since > WATCHED_AFTER or not path.exists():
                del self._done[path]
            elif seen(path) != kept:
                del self._done[path]
                back = path.rename(path.parent.parent / path.name)
                log.warning("file_grew_after_its_import", file=shown(path), waits_as=shown(back))

    def _tell_once(self, path: Path, subject: str, message: str) -> None:
        if path not in self._told:
            self._told.add(path)
            alert(self._settings, subject, f"{shown(path)}: {message}")


def is_finished(path: Path) -> bool:
    """Whether this is a device file under its final name."""
    return not path.name.startswith(".") and path.suffix not in UNFINISHED_SUFFIXES and path.name != MAPPING_NAME


def check_place(path: Path) -> None:
    """Raise what would fail after the import, and so repeat it at every look, or name nothing that can be kept.

    PermissionError for a folder that cannot be written to, UserError for a name of file or folder that is not UTF-8.
    """
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise PermissionError(f"{shown(path.parent)} is not writable, so the file cannot be moved to done/")
    check_name(path)


def _put_away(path: Path, looked_at: Seen, folder: str, now: datetime) -> Path | None:
    """Move a file into a folder beside it under its name and the instant, so that a later dump of the same name keeps both.

    Returns None where another file had taken its place meanwhile: that one has not been read, so it stays in the inbox.
    """
    aside = path.rename(path.with_name(f"{path.stem}.{now:%Y%m%dT%H%M%S.%f}{path.suffix}"))
    if seen(aside) != looked_at:
        log.info("file_replaced_meanwhile", file=shown(path), waits_as=shown(aside))
        return None
    (path.parent / folder).mkdir(exist_ok=True)
    return aside.rename(path.parent / folder / aside.name)


def main() -> None:
    """Watch until SIGTERM."""
    configure_logs("device_files")
    settings = load_settings()
    (settings.home / "inbox").mkdir(parents=True, exist_ok=True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    folder = WatchedFolder(settings, SystemClock())
    log.info("watching", inbox=str(settings.home / "inbox"))
    while not stop.is_set():
        folder.look()
        stop.wait(POLL_SECONDS)


if __name__ == "__main__":
    main()
