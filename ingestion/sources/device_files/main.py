"""The watched folder: `<home>/inbox/<site>/<device>/FILE` is imported, then moved to `done/` or `refused/` beside it.

A `mapping.yaml` in a device's folder makes its files CSV. A name that begins with a dot or ends in `.part`, `.partial`
or `.tmp` is not finished yet. Files are left until they have not changed for a while.
"""

import signal
import threading
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import structlog

from ingestion.sources.device_files.importer import UnknownSite, import_file, resolve_source
from ingestion.sources.device_files.layout import load_mapping
from timecontrol.clock import Clock, SystemClock
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.errors import UserError
from timecontrol.logs import configure_logs
from timecontrol.settings import Settings, load_settings

log = structlog.get_logger()

# A copy over a slow network writes at least once in this time; a file is taken when it has kept its size and time for it.
POLL_SECONDS = 1.0
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
        self._seen: dict[Path, Seen] = {}
        self._waiting: set[Path] = set()

    def look(self) -> None:
        """Import every file that has not changed since the last look. A server that is away leaves the file for the next."""
        present = {path: seen(path) for path in self._files()}
        stable = [path for path, now in present.items() if self._seen.get(path) == now]
        self._seen = present
        for path in sorted(stable):
            try:
                self._take(path, present[path])
            except Transient as error:
                log.warning("file_waits", file=str(path), reason=str(error))
                return

    def _files(self) -> list[Path]:
        """Files at `<inbox>/<site>/<device>/`."""
        return [
            path
            for path in self._inbox.glob("*/*/*")
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in UNFINISHED_SUFFIXES
            and path.name != MAPPING_NAME
        ]

    def _take(self, path: Path, looked_at: Seen) -> None:
        site_id, device_id = path.parent.parent.name, path.parent.name
        mapping_path = path.parent / MAPPING_NAME
        try:
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
            if path not in self._waiting:
                log.warning("file_waits", file=str(path), reason=str(error))
            self._waiting.add(path)
        except (Rejected, UserError) as error:
            log.error("file_refused", file=str(path), reason=str(error))  # noqa: TRY400  the reason says it all
            target = _put_away(path, looked_at, "refused", self._clock.now())
            if target is not None:
                target.with_name(target.name + ".reason.txt").write_text(f"{error}\n", encoding="utf-8")
        else:
            _put_away(path, looked_at, "done", self._clock.now())
            log.info("file_imported", file=str(path), **vars(summary))


def _put_away(path: Path, looked_at: Seen, folder: str, now: datetime) -> Path | None:
    """Move a file into a folder beside it under its name and the instant, so that a later dump of the same name keeps both.

    Returns None where another file had taken its place meanwhile: that one has not been read, so it stays in the inbox.
    """
    aside = path.rename(path.with_name(f"{path.stem}.{now:%Y%m%dT%H%M%S.%f}{path.suffix}"))
    if seen(aside) != looked_at:
        log.info("file_replaced_meanwhile", file=str(path), waits_as=aside.name)
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
