"""Lines of a device file as rows: attlog and CSV, before any thought about time zones. Pure."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingestion.sources.device_files.layout import CsvMapping
from timecontrol.contracts.device_event import ZKTECO_STATES
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import PunchKind

# user, time, device number, state; verify and work code are left out by some models.
ATTLOG_REQUIRED_COLUMNS = 4
ATTLOG_COLUMNS = 6
ATTLOG_TIME = "%Y-%m-%d %H:%M:%S"
CONTROL_CHARACTER = re.compile(r"[\x00-\x1f\x7f]")
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Line:
    """One line of the file: its number from 1, its text, and its bytes without the line end."""

    number: int
    text: str
    raw: bytes


@dataclass(frozen=True)
class RejectedLine:
    """A line that gives no punch, for quarantine: why, in a stable code and in words."""

    line: int
    raw: bytes
    code: str
    reason: str


@dataclass(frozen=True)
class Row:
    """What one line says. `instant` is naive local time, or aware when the file gives the offset."""

    line: Line
    device_id: str
    device_user: str
    employee_id: str | None
    instant: datetime
    state: str
    kind: PunchKind
    details: dict[str, Any] = field(default_factory=dict)


def split_lines(data: bytes, encoding: str) -> list[Line]:
    """The lines of a file; bytes that the encoding does not know stay in them as lone surrogates and reject their line only.

    Raises Rejected for an empty file and for one in another encoding.
    """
    if not data.strip():
        raise Rejected("empty_file", f"the file is empty ({len(data)} bytes)")
    if data.startswith(UTF16_MARKS) and not encoding.startswith("utf-16"):
        raise Rejected(
            "wrong_encoding",
            f"the file begins with the mark of UTF-16 but is read as {encoding}: save it as UTF-8, or map `encoding: utf-16`",
        )
    try:
        text = data.decode(encoding, "surrogateescape").removeprefix("\ufeff")
    except UnicodeError as error:
        raise Rejected("wrong_encoding", f"the file is not {encoding}: {error}") from error
    pieces = text.split("\n")
    if pieces[-1] == "":
        pieces.pop()
    lines = []
    for number, piece in enumerate(pieces, start=1):
        content = piece.removesuffix("\r")
        lines.append(Line(number, content, content.encode(encoding, "surrogateescape")))
    return lines


def rejected_line(line: Line, rejected: Rejected) -> RejectedLine:
    """The line with the reason for which it was refused."""
    return RejectedLine(line.number, line.raw, rejected.code, rejected.reason)


def check_text(line: Line, encoding: str) -> None:
    """Raise Rejected when the line holds bytes that its encoding does not know."""
    for place, character in enumerate(line.text, start=1):
        if "\udc80" <= character <= "\udcff":
            raise Rejected(
                "wrong_encoding",
                f"character {place} of the line is the byte {ord(character) - 0xDC00:#04x}, which is not {encoding}",
            )


def attlog_rows(lines: list[Line], device_id: str) -> Iterator[Row | RejectedLine]:
    """Rows of a ZKTeco attlog: user, local time, device number, state, verify, work code, tab separated."""
    for line in lines:
        try:
            yield _attlog_row(line, device_id)
        except Rejected as rejected:
            yield rejected_line(line, rejected)


def _attlog_row(line: Line, device_id: str) -> Row:
    check_text(line, "utf-8")
    columns = [column.strip() for column in line.text.split("\t")]
    if len(columns) < ATTLOG_REQUIRED_COLUMNS or not columns[3]:
        filled = len([column for column in columns if column])
        raise Rejected(
            "not_an_attlog_line",
            f"{filled} columns, expected at least user, time, device number and state, separated by tabs",
        )
    if found := next(filter(None, map(CONTROL_CHARACTER.search, columns)), None):
        raise Rejected("control_character", f"a column holds {found[0]!r}; lines end with a line feed")
    if any(columns[ATTLOG_COLUMNS:]):
        raise Rejected(
            "too_many_columns", f"{len(columns)} columns, at most {ATTLOG_COLUMNS} are known: more than one line?"
        )
    user, instant, _, state = columns[:ATTLOG_REQUIRED_COLUMNS]
    if not user:
        raise Rejected("missing_user", "the user number is empty")
    return Row(
        line=line,
        device_id=device_id,
        device_user=user,
        employee_id=None,
        instant=_parse_instant(instant, ATTLOG_TIME),
        state=state,
        kind=ZKTECO_STATES.get(state, "unknown"),
        details={
            name: value
            for name, value in zip(
                ("verify", "work_code"), columns[ATTLOG_REQUIRED_COLUMNS:ATTLOG_COLUMNS], strict=False
            )
            if value
        },
    )


def csv_rows(lines: list[Line], mapping: CsvMapping, device_id: str | None) -> Iterator[Row | RejectedLine]:
    """Rows of a CSV file below its header. Raises Rejected when a mapped column is not in the header."""
    header = [name.strip() for name in _split_csv(lines[0], mapping)]
    wanted = mapping.columns.model_dump(exclude_none=True)
    for key, column in wanted.items():
        if header.count(column) != 1:
            problem = "which the file does not have" if column not in header else "which the file has more than once"
            raise Rejected(
                "wrong_mapping",
                f"the mapping's columns.{key} is {column!r}, {problem}; its first line has: {', '.join(header)}",
                f"columns.{key}",
            )
    positions = {key: header.index(column) for key, column in wanted.items()}
    for line in lines[1:]:
        try:
            check_text(line, mapping.encoding)
            yield _csv_row(line, _columns(line, mapping, positions, len(header)), mapping, device_id)
        except Rejected as rejected:
            yield rejected_line(line, rejected)


def _split_csv(line: Line, mapping: CsvMapping) -> list[str]:
    """The columns of one line. A quoted column that does not end on its line rejects that line, and no more."""
    try:
        return next(csv.reader([line.text], delimiter=mapping.delimiter, strict=True), [])
    except csv.Error as error:
        raise Rejected("malformed_csv", f"not a line of CSV: {error}") from error


def _columns(line: Line, mapping: CsvMapping, positions: Mapping[str, int], count: int) -> dict[str, str]:
    """The mapped columns of a line by what they hold."""
    columns = _split_csv(line, mapping)
    if len(columns) != count:
        raise Rejected("wrong_column_count", f"{len(columns)} columns, the header has {count}")
    return {key: columns[position].strip() for key, position in positions.items()}


def _csv_row(line: Line, values: dict[str, str], mapping: CsvMapping, device_id: str | None) -> Row:
    person = values.get("employee", values.get("user", ""))
    device = values.get("device") or device_id
    if not person:
        raise Rejected("missing_user", "the column of the person is empty")
    if not device:
        raise Rejected("missing_device", "the column of the device is empty")
    state = values.get("kind", "").casefold()
    kind = mapping.kinds.get(state) if mapping.columns.kind else "unknown"
    if kind is None:
        raise Rejected(
            "unknown_kind",
            f"{mapping.columns.kind} is {values['kind']!r}, mapped are: {', '.join(sorted(mapping.kinds))}",
        )
    return Row(
        line=line,
        device_id=device,
        device_user=person,
        employee_id=values.get("employee"),
        instant=_parse_instant(values["instant"], mapping.instant_format),
        state=state,
        kind=kind,
    )


def _parse_instant(text: str, layout: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text) if layout is None else datetime.strptime(text, layout)  # noqa: DTZ007  local time by contract
    except ValueError as error:
        raise Rejected("invalid_instant", f"{text!r} is no instant of the form {layout or 'ISO 8601'}") from error
