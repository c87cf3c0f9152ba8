"""A device file's bytes as punch events and rejected lines: every line is accounted for. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ingestion.sources.device_files.layout import CsvMapping
from ingestion.sources.device_files.local_time import (
    RepeatedHours,
    SkippedTime,
    is_repeated,
)
from ingestion.sources.device_files.rows import (
    Line,
    RejectedLine,
    Row,
    attlog_rows,
    csv_rows,
    rejected_line,
    split_lines,
)
from timecontrol.contracts.device_event import DevicePunch, device_event
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import Punch, check_instant, rejected

ATTLOG_ENCODING = "utf-8"


@dataclass(frozen=True)
class FileSource:
    """Where a file comes from.

    Attributes:
        site_id: the site at which it was written.
        device_id: the device that wrote it; None only when the mapping has a column for it.
        time_zone: IANA zone of instants without an offset.
        mapping: how to read a CSV file; None means attlog.
    """

    site_id: str
    device_id: str | None
    time_zone: str
    mapping: CsvMapping | None = None

    @property
    def format(self) -> str:
        """The name of the format, as kept in `raw.files`."""
        return "attlog" if self.mapping is None else self.mapping.format


@dataclass(frozen=True)
class FilePunch:
    """A punch and the line that it stands on."""

    line: int
    punch: Punch


@dataclass(frozen=True)
class Decoded:
    """What became of each line: `line_count` is the sum of the others.

    A repeat is a line with the event of an earlier line: the same device, user, second and state.
    """

    line_count: int
    header_count: int
    blank_count: int
    repeat_count: int
    punches: list[FilePunch]
    rejected: list[RejectedLine]


def decode(data: bytes, source: FileSource, received_at: datetime) -> Decoded:
    """Read a whole file. Raises Rejected when the file as such cannot be what it is said to be, and nothing of it is taken.

    That is: empty, another encoding, a mapping with columns that it does not have, or not one line that can be read.
    """
    mapping = source.mapping
    lines = split_lines(data, mapping.encoding if mapping else ATTLOG_ENCODING)
    header_count = 1 if mapping else 0
    filled = [line for number, line in enumerate(lines) if number < header_count or line.text.strip()]
    punches, rejected_lines = _events(_rows(filled, source), source, received_at)
    if rejected_lines and not punches:
        raise _nothing_readable(source, rejected_lines)
    first_of: dict[UUID, FilePunch] = {}
    for found in punches:
        first_of.setdefault(found.punch.event_id, found)
    return Decoded(
        line_count=len(lines),
        header_count=header_count,
        blank_count=len(lines) - len(filled),
        repeat_count=len(punches) - len(first_of),
        punches=list(first_of.values()),
        rejected=sorted(rejected_lines, key=lambda line: line.line),
    )


def lines_account(data: bytes, source: FileSource, received_at: datetime) -> tuple[dict[int, UUID], list[RejectedLine]]:
    """For reconciliation: the event id of each punch line by line number, and the lines that must be in quarantine.

    `received_at` is the instant of the import (`raw.files.imported_at`). Raises Rejected as `decode` does.
    """
    decoded = decode(data, source, received_at)
    return {found.line: found.punch.event_id for found in decoded.punches}, decoded.rejected


def _rows(lines: list[Line], source: FileSource) -> Iterator[Row | RejectedLine]:
    if source.mapping is not None:
        return csv_rows(lines, source.mapping, source.device_id)
    if source.device_id is None:
        raise ValueError("an attlog file is of one device: device_id must be given")
    return attlog_rows(lines, source.device_id)


def _events(
    rows: Iterator[Row | RejectedLine], source: FileSource, received_at: datetime
) -> tuple[list[FilePunch], list[RejectedLine]]:
    zone = ZoneInfo(source.time_zone)
    hours = RepeatedHours()
    rejected_lines: list[RejectedLine] = []
    placed: list[tuple[Row, int | None]] = []
    for row in rows:
        if isinstance(row, RejectedLine):
            rejected_lines.append(row)
            continue
        try:
            repeated = row.instant.tzinfo is None and is_repeated(row.instant, zone)
        except SkippedTime as error:
            rejected_lines.append(rejected_line(row.line, Rejected("skipped_time", str(error))))
            continue
        placed.append((row, hours.see(_sequence(row, source), row.instant) if repeated else None))

    punches: list[FilePunch] = []
    for row, fold in placed:
        ambiguous = fold is not None and not hours.is_proven(_sequence(row, source), row.instant)
        try:
            punch = _event(row, fold or 0, zone, source, received_at, ambiguous=ambiguous)
            check_instant(punch, received_at)
        except ValidationError as error:
            rejected_lines.append(rejected_line(row.line, rejected(error)))
        except OverflowError:
            reason = f"{row.instant.isoformat(' ')} is outside the years 1 to 9999 in UTC"
            rejected_lines.append(rejected_line(row.line, Rejected("invalid_instant", reason)))
        except Rejected as error:
            rejected_lines.append(rejected_line(row.line, error))
        else:
            punches.append(FilePunch(row.line.number, punch))
    return punches, rejected_lines


def _sequence(row: Row, source: FileSource) -> tuple[str, ...]:
    """What the file keeps in order of time: an attlog its device's memory, a CSV (often sorted by person) each person."""
    return (row.device_id,) if source.mapping is None else (row.device_id, row.device_user)


def _event(row: Row, fold: int, zone: ZoneInfo, source: FileSource, received_at: datetime, *, ambiguous: bool) -> Punch:
    if row.instant.tzinfo is None:
        local, occurred_at = row.instant, row.instant.replace(tzinfo=zone, fold=fold).astimezone(UTC)
    else:
        occurred_at = row.instant.astimezone(UTC)
        local = occurred_at.replace(tzinfo=None)
    return device_event(
        DevicePunch(row.device_id, row.device_user, local, fold, row.state),
        kind=row.kind,
        occurred_at=occurred_at,
        received_at=received_at,
        site_id=source.site_id,
        employee_id=row.employee_id,
        details=row.details | ({"ambiguous_time": True} if ambiguous else {}),
    )


def _nothing_readable(source: FileSource, rejected_lines: list[RejectedLine]) -> Rejected:
    first = min(rejected_lines, key=lambda line: line.line)
    advice = (
        "for a CSV file give a mapping (--mapping, or mapping.yaml in the watched folder)"
        if source.mapping is None
        else "correct the mapping"
    )
    return Rejected(
        "nothing_readable",
        f"none of the {len(rejected_lines)} lines could be read as {source.format}; line {first.line}: {first.reason}; {advice}",
    )
