"""One device file into the system: decode, archive the bytes, produce the punches, then record the file.

Killed at any point, the watched folder's service does the rest from the archived bytes: events have the same ids, and what
is there already is a repeat.
"""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.kafka import AcknowledgedProducer
from ingestion.sources.device_files.begun import BegunImport, begun, note_path
from ingestion.sources.device_files.decode import Decoded, FileSource, decode
from ingestion.sources.device_files.layout import CsvMapping, check_zone
from timecontrol.atomic_files import PRIVATE, write_atomically
from timecontrol.clock import Clock
from timecontrol.contracts import punch as contract
from timecontrol.contracts.record import signed_headers
from timecontrol.errors import UserError
from timecontrol.settings import Settings
from timecontrol.warehouse.evidence import committed_ids
from timecontrol.warehouse.files_store import (
    FileRecord,
    QuarantinedLine,
    find_file,
    known_sites,
    line_place,
    record_file,
    site_zone,
)
from timecontrol.warehouse.pools import connect

# Thousands of punches a message set: a file is throughput, not latency.
LINGER_MS = 50
# All of a file is in memory while it is imported, 2.6 KB for a line of an attlog (32 bytes): of this size 1.6 GB. It has
# 600,000 lines, more than most terminals keep.
MAX_FILE_BYTES = 20_000_000
# In `raw.files.device_id` of a file whose lines name their devices.
DEVICE_OF_LINE = "*"

#: Told (done, of) as punches are handed to the broker.
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImportSummary:
    """What became of a file: `lines` = header + blank + punches + repeats + quarantined; punches = new + known."""

    file_sha256: str
    lines: int
    header: int
    blank: int
    punches: int
    new: int
    known: int
    repeats: int
    quarantined: int


class UnknownSite(UserError):
    """Neither the User Core nor the HR database knows the site, so its time zone is not known either."""


def resolve_source(
    settings: Settings, site_id: str, device_id: str | None, mapping: CsvMapping | None, zone: str | None = None
) -> FileSource:
    """The source with its time zone: the given one, else the mapping's, else the site's.

    Raises UserError for a zone that does not exist, UnknownSite when nothing says the zone.
    """
    chosen = zone or (mapping.time_zone if mapping else None)
    if chosen is None:
        with connect(settings, "ingest") as connection:
            chosen = site_zone(connection, site_id)
            sites = known_sites(connection)
        if chosen is None:
            raise UnknownSite(
                f"The site {site_id!r} is unknown (known: {', '.join(sites) or 'none yet'}), so its time zone is: "
                "give --zone, such as --zone Asia/Manila"
            )
    try:
        check_zone(chosen)
    except ValueError as error:
        raise UserError(f"The time zone {error}") from error
    return FileSource(site_id, device_id, chosen, mapping)


def shown(path: Path) -> str:
    """A path for people; bytes of its name that are not UTF-8 as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def check_name(path: Path) -> None:
    """Raise UserError for a name of file or folder that nothing could be recorded under."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise UserError(f"The name {shown(path)} is not UTF-8: rename the file and its folders") from error


def check_size(path: Path) -> None:
    """Raise UserError for a file that is too large to be imported in one piece."""
    size = path.stat().st_size
    if size > MAX_FILE_BYTES:
        raise UserError(
            f"{path.name} has {size:,} bytes, at most {MAX_FILE_BYTES:,} are taken at once. Split it at the ends of lines, "
            "the first line of a CSV file in each part: punches are known by what they say, not by their file."
        )


def import_file(
    settings: Settings,
    name: str,
    data: bytes,
    source: FileSource,
    *,
    imported_by: str,
    clock: Clock,
    progress: Progress,
) -> ImportSummary:
    """Import the bytes of one file; returns when every punch is acknowledged and the file is on record.

    Raises Rejected when nothing of the file can be used, UserError when the same bytes came from another device or site,
    Transient when a server is away: then the import can be repeated as it is.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    decoded = decode(data, source, clock.now())
    record = _record(name, sha256, data, source, decoded, imported_by)
    with connect(settings, "ingest") as connection:
        _check_not_elsewhere(find_file(connection, sha256), record)
        known = len(committed_ids(connection, [found.punch.event_id for found in decoded.punches]))
    rejected = [QuarantinedLine(line.line, line.raw, line.code, line.reason) for line in decoded.rejected]
    begun_import = BegunImport(
        file_name=name,
        site_id=source.site_id,
        device_id=source.device_id,
        time_zone=source.time_zone,
        mapping=source.mapping,
        imported_by=imported_by,
    )
    with begun(note_path(settings.home, sha256), begun_import):
        archive(settings.home / "files", sha256, data)
        _produce(settings, sha256, decoded, progress)
        with connect(settings, "ingest") as connection:
            record_file(connection, record, rejected)
    return ImportSummary(
        file_sha256=sha256,
        lines=decoded.line_count,
        header=decoded.header_count,
        blank=decoded.blank_count,
        punches=len(decoded.punches),
        new=len(decoded.punches) - known,
        known=known,
        repeats=decoded.repeat_count,
        quarantined=len(decoded.rejected),
    )


def archive(folder: Path, sha256: str, data: bytes) -> Path:
    """Keep the bytes under their hash, durably, before anything of them is sent; returns the path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / sha256
    if not target.exists():
        write_atomically(target, data, PRIVATE)
    return target


def _record(name: str, sha256: str, data: bytes, source: FileSource, decoded: Decoded, imported_by: str) -> FileRecord:
    return FileRecord(
        file_sha256=sha256,
        file_name=name,
        format=source.format,
        site_id=source.site_id,
        device_id=source.device_id or DEVICE_OF_LINE,
        time_zone=source.time_zone,
        mapping=source.mapping.model_dump(mode="json") if source.mapping else None,
        byte_count=len(data),
        line_count=decoded.line_count,
        punch_count=len(decoded.punches),
        quarantined_count=len(decoded.rejected),
        imported_by=imported_by,
    )


def _check_not_elsewhere(known: FileRecord | None, record: FileRecord) -> None:
    """Refuse bytes that were imported as something else: their punches would count a second time, or as another kind."""
    if known is None:
        return
    before, now = identity(known), identity(record)
    for field, value in before.items():
        if value != now.get(field):
            raise UserError(
                f"{record.file_name}: these bytes were imported as {known.file_name!r} with {field} {value!r}, "
                f"now it is {now.get(field)!r}. "
                "Their punches would count twice; correct the punches that are there instead."
            )
    kinds, words = (known.mapping or {}).get("kinds", {}), (record.mapping or {}).get("kinds", {})
    changed = sorted(word for word, kind in kinds.items() if words.get(word) != kind)
    if changed:
        raise UserError(
            f"{record.file_name}: these bytes were imported as {known.file_name!r}, where the mapping said "
            f"{', '.join(f'{word}: {kinds[word]}' for word in changed)}. Words may be added, since what they read is new; "
            "punches that are there under another kind are corrected as punches."
        )


def identity(file: FileRecord) -> dict[str, Any]:
    """What the ids and instants of a file's punches follow from; which words its mapping knows is not part of it."""
    mapping = {key: value for key, value in (file.mapping or {}).items() if key != "kinds"}
    return {
        "site_id": file.site_id,
        "device_id": file.device_id,
        "time_zone": file.time_zone,
        "mapping": None if file.mapping is None else mapping,
    }


def _produce(settings: Settings, sha256: str, decoded: Decoded, progress: Progress) -> None:
    producer = AcknowledgedProducer(settings, "device_files", linger_ms=LINGER_MS)
    key = settings.secrets.record_signing.get_secret_value().encode()
    total = len(decoded.punches)
    for number, found in enumerate(decoded.punches, start=1):
        value = contract.to_json(found.punch)
        origin = line_place(sha256, found.line)
        headers = signed_headers(found.punch.event_id, found.punch.source, value, "gateway", key, origin=origin)
        producer.send(contract.TOPIC, found.punch.employee_id, value, headers)
        progress(number, total)
    producer.flush()
