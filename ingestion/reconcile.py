"""`timecontrol reconcile`: every offset, file line, API acceptance and legacy row is accounted for, on live data.

It is here and not in `timecontrol.serving`, where its database part is: it asks the sources, which no shared part may import.
"""

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from uuid import UUID

import typer
from redis import Redis
from redis.exceptions import RedisError
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingestion.log_ends import LogEnd, log_ends
from ingestion.sources.device_files.decode import FileSource, lines_account
from ingestion.sources.device_files.importer import DEVICE_OF_LINE
from ingestion.sources.device_files.layout import CsvMapping
from ingestion.sources.mysql_binlog.compare import compare
from ingestion.sources.write_buffer.entries import StreamEntry, records_of, stream_entry
from timecontrol.contracts.buffer import STREAM
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.errors import UserError
from timecontrol.serving.buffer import client_options
from timecontrol.serving.reconcile import NAMED, Check, database_checks
from timecontrol.settings import Settings, load_settings
from timecontrol.warehouse.evidence import committed_ids
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.reconcile_store import (
    ReadOffsets,
    former_lives,
    imported_files,
    quarantined_event_ids,
    quarantined_lines,
    read_offsets,
)

POLL_SECONDS = 0.5
# A change of the legacy system is in its image within 2 s; a difference that stays longer is one.
LEGACY_SETTLE_SECONDS = 10
# Entries of the buffer that are read at once: some 12 MB where each is a batch of 5,000 punches, milliseconds of Redis.
ENTRIES_AT_ONCE = 8


def reconcile(
    wait: Annotated[int, typer.Option(min=0, help="Seconds to wait until what is in Kafka now has been read.")] = 0,
) -> None:
    """Account for every offset, file line, API acceptance and legacy row; exit code 1 if anything is missing."""
    checks = all_checks(load_settings(), wait)
    # Names of files and keys of rows may hold what rich takes for its own.
    Console(markup=False, emoji=False).print(table_of(checks))
    if not all(check.ok for check in checks):
        sys.exit(1)


def all_checks(settings: Settings, wait_seconds: float) -> list[Check]:
    """Every check; one whose server is away, or which has no room on the disk, fails and says so; the others are still made."""
    parts: list[tuple[str, Callable[[Settings], Iterable[Check]]]] = [
        ("records of Kafka read", lambda given: log_checks(given, wait_seconds)),
        ("database", within_database),
        ("lines of imported files", file_checks),
        ("API acceptances", acceptance_checks),
        ("legacy rows", legacy_checks),
    ]
    checks: list[Check] = []
    for name, part in parts:
        try:
            checks += part(settings)
        except (Transient, UserError) as error:
            checks.append(Check(name, None, None, f"cannot be checked: {error}"))
    return checks


def table_of(checks: Iterable[Check]) -> Table:
    """The checks for people."""
    table = Table()
    table.add_column("check")
    table.add_column("expected", justify="right")
    table.add_column("found", justify="right")
    table.add_column("ok")
    table.add_column("detail", overflow="fold")
    for check in checks:
        numbers = ["?" if number is None else f"{number:,}" for number in (check.expected, check.found)]
        table.add_row(check.name, *numbers, "ok" if check.ok else Text("MISSING", "red"), check.detail)
    return table


def log_checks(settings: Settings, wait_seconds: float) -> Iterator[Check]:
    """Whether what the log holds was read from its beginning, and, when waited for, to its end as it is now."""
    ends = log_ends(settings)
    deadline = time.monotonic() + wait_seconds
    while True:
        with connect(settings, "operator") as connection:
            read = {
                end: read_offsets(connection, end.partition_id.topic_id, end.partition_id.partition) for end in ends
            }
        if all(span.next >= end.high for end, span in read.items()) or time.monotonic() >= deadline:
            break
        time.sleep(POLL_SECONDS)
    with connect(settings, "operator") as connection:
        former = former_lives(connection, sorted({end.partition_id.topic_id for end in ends}))
    if former:
        # Nothing is left to compare it with, so it is named and is neither right nor wrong.
        names = [f"{topic} ({topic_id}), read to its {offsets:,} offsets" for topic, topic_id, offsets in former]
        yield Check(
            "topics that were made anew", len(former), len(former), f"what was not read is lost: {'; '.join(names)}"
        )
    for topic in dict.fromkeys(end.partition_id.topic for end in ends):
        of_topic = {end: span for end, span in read.items() if end.partition_id.topic == topic}
        yield log_check(topic, of_topic, to_the_end=wait_seconds > 0)


def log_check(topic: str, read: Mapping[LogEnd, ReadOffsets], *, to_the_end: bool) -> Check:
    """Records of one topic that the log holds against those that were read; what is on its way counts only `to_the_end`."""
    expected = found = 0
    notes = []
    for end, span in read.items():
        skipped = max(0, span.first - end.low) + max(0, end.low - span.next)
        unread = max(0, end.high - span.next)
        expected += end.high - (0 if to_the_end else unread)
        found += end.high - unread - skipped
        if skipped or unread:
            notes.append(f"partition {end.partition_id.partition}: {skipped} skipped, {unread} not read yet")
    return Check(f"records of {topic} read", expected, found, "; ".join(notes))


def within_database(settings: Settings) -> Iterator[Check]:
    """The checks within PostgreSQL."""
    with connect(settings, "operator") as connection:
        connection.execute("set transaction isolation level repeatable read read only")
        yield from database_checks(connection)


def file_checks(settings: Settings) -> Iterator[Check]:
    """Each line of each imported file that held a punch or was refused: decoded again from the archived bytes."""
    expected = 0
    missing: list[str] = []
    # The folder first: what is archived meanwhile is on its way. Names with a dot are being written.
    archived = {path.name for path in (settings.home / "files").glob("[!.]*")}
    with connect(settings, "operator") as connection:
        files = imported_files(connection)
        for file in files:
            source = FileSource(
                file.site_id,
                None if file.device_id == DEVICE_OF_LINE else file.device_id,
                file.time_zone,
                CsvMapping.model_validate(file.mapping) if file.mapping is not None else None,
            )
            try:
                data = (settings.home / "files" / file.file_sha256).read_bytes()
                event_of_line, rejected = lines_account(data, source, file.imported_at)
            except (OSError, Rejected) as error:
                expected += file.punch_count + file.quarantined_count
                missing += [f"{file.file_name}: {error}"] * (file.punch_count + file.quarantined_count)
                continue
            expected += len(event_of_line) + len(rejected)
            captured = committed_ids(connection, event_of_line.values())
            quarantined = quarantined_lines(connection, file.file_sha256)
            lines = [line for line, event_id in event_of_line.items() if event_id not in captured]
            lines += [line.line for line in rejected]
            missing += [f"{file.file_name}#{line}" for line in lines if line not in quarantined]
    yield Check("lines of imported files", expected, expected - len(missing), named(missing))
    if unfinished := sorted(archived - {file.file_sha256 for file in files}):
        detail = f"under way, or cut short and to be imported again; in {settings.home / 'files'}: {named(unfinished)}"
        yield Check("files whose import did not end", 0, len(unfinished), detail)


def acceptance_checks(settings: Settings) -> Iterator[Check]:
    """Each event that the API said it had accepted: captured, in quarantine, or still in the Write Redis."""
    journal = read_journal(settings.home / "journal")
    accepted = list(dict.fromkeys(journal.event_ids))
    with connect(settings, "operator") as connection:
        # The buffer first: what leaves it meanwhile is in PostgreSQL then.
        buffered = buffered_ids(settings)
        captured = committed_ids(connection, accepted)
        found = buffered | captured | quarantined_event_ids(connection)
    missing = [str(event_id) for event_id in accepted if event_id not in found]
    yield Check("API acceptances", len(accepted), len(accepted) - len(missing), named(missing))
    if journal.damaged:
        yield Check("unreadable lines of the API's journal", 0, len(journal.damaged), named(journal.damaged))


class Journal(NamedTuple):
    """What the API has said yes to, and the places (`file:line`) where nobody can tell to what."""

    event_ids: list[UUID]
    damaged: list[str]


def read_journal(folder: Path) -> Journal:
    """The API's journal. A last line that is cut off is being written, or was not acknowledged to anybody."""
    journal = Journal([], [])
    for path in sorted(folder.glob("acceptances-*.jsonl")):
        *lines, _unfinished = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines, start=1):
            try:
                journal.event_ids.extend([UUID(event_id) for event_id in json.loads(line)["event_ids"]])
            except (ValueError, TypeError, KeyError):
                journal.damaged.append(f"{path.name}:{number}")
    return journal


def buffered_ids(settings: Settings) -> set[UUID]:
    """Event ids that wait in the Write Redis. Raises Transient when it does not answer."""
    try:
        with Redis(**client_options(settings, "operator")) as redis:
            return {
                UUID(record.event_id)
                for entry in buffered_entries(redis)
                for record in records_of(entry)
                if record.refused is None
            }
    except RedisError as error:
        raise Transient(f"the Write Redis does not answer: {error}") from error


def buffered_entries(redis: Redis) -> Iterator[StreamEntry]:
    """The entries of the stream, a few at a time: it makes each answer in its only thread, and the API waits meanwhile."""
    start = "-"
    while True:
        rows: Any = redis.xrange(STREAM, min=start, count=ENTRIES_AT_ONCE)
        if not rows:
            return
        yield from (stream_entry(entry_id, fields) for entry_id, fields in rows)
        start = f"({rows[-1][0].decode()}"


def legacy_checks(settings: Settings) -> Iterator[Check]:
    """Whether every row of the legacy database equals its image."""
    differences = compare(settings, LEGACY_SETTLE_SECONDS)
    detail = named([f"{item.table} {item.row_key}: {item.problem}" for item in differences])
    yield Check("legacy rows that differ from their image", 0, len(differences), detail)


def named(missing: list[str]) -> str:
    """The first of what is missing."""
    more = f" and {len(missing) - NAMED} more" if len(missing) > NAMED else ""
    return ", ".join(missing[:NAMED]) + more
