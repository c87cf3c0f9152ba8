"""Rows of `raw.quarantine`: what was refused, with its bytes, place and reason, and what was done about it later."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from psycopg.rows import class_row

from timecontrol.warehouse.acts import record_act
from timecontrol.warehouse.pools import Connection

Action = Literal["replayed", "discarded"]
Headers = Sequence[tuple[str, bytes | None]]

# A reason is read by people; one that quotes a field name of 900 kB is cut.
REASON_CHARACTERS = 1000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class QuarantineEntry:
    """A record of Kafka on its way into quarantine; `place` is `topic/partition/offset`, unique within `source`."""

    source: str
    place: str
    code: str
    reason: str
    payload: bytes
    record_key: bytes | None
    headers: Headers
    topic: str
    topic_partition: int
    topic_offset: int
    file_sha256: str | None
    file_line: int | None
    batch_id: int


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row of the quarantine; `action` and what follows are None until somebody has replayed or discarded it."""

    quarantine_id: int
    place: str
    code: str
    reason: str
    payload: bytes
    record_key: bytes | None
    headers: list[list[object]] | None
    topic: str | None
    topic_partition: int | None
    file_sha256: str | None
    file_line: int | None
    quarantined_at: datetime
    action: Action | None
    actor: str | None
    resolved_at: datetime | None


class Reached(NamedTuple):
    """How far a reader of the quarantine has come: the transaction and the number of the last row it has."""

    xid: int
    quarantine_id: int


@dataclass(frozen=True, slots=True)
class Committed:
    """A row of the quarantine as a reader that follows it gets it; a line of a device file has no topic."""

    xid: int
    quarantine_id: int
    source: str
    place: str
    topic: str | None
    topic_partition: int | None
    topic_offset: int | None
    code: str
    reason: str
    payload: bytes
    record_key: bytes | None
    headers: list[list[object]] | None
    quarantined_at: datetime


INSERT = """
insert into raw.quarantine (
    source, place, code, reason, payload, record_key, headers,
    topic, topic_partition, topic_offset, file_sha256, file_line, batch_id
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

SELECT = """
select
    q.quarantine_id, q.place, q.code, q.reason, q.payload, q.record_key, q.headers,
    q.topic, q.topic_partition, q.file_sha256, q.file_line, q.quarantined_at,
    r.action, r.actor, r.resolved_at
from raw.quarantine as q
left join lateral (
    select action, actor, resolved_at from raw.quarantine_resolutions
    where quarantine_resolutions.quarantine_id = q.quarantine_id
    order by resolved_at desc limit 1
) as r on true
"""

# Below the oldest transaction that is still open nothing can appear any more: a reader misses no late commit.
SELECT_COMMITTED = """
select
    xid, quarantine_id, source, place, topic, topic_partition, topic_offset, code, reason, payload, record_key,
    headers, quarantined_at
from raw.quarantine
where (xid, quarantine_id) > (%s, %s) and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
order by xid, quarantine_id
limit %s
"""

INSERT_RESOLUTION = """
insert into raw.quarantine_resolutions (quarantine_id, action, actor, reason) values (%s, %s, %s, %s)
"""


def insert_entries(connection: Connection, entries: Iterable[QuarantineEntry]) -> None:
    """Write refused records within the caller's transaction."""
    rows = [
        (
            entry.source,
            entry.place,
            printable(entry.code),
            printable(entry.reason),
            entry.payload,
            entry.record_key,
            json.dumps([[printable(name), header_to_json(value)] for name, value in entry.headers]),
            entry.topic,
            entry.topic_partition,
            entry.topic_offset,
            entry.file_sha256,
            entry.file_line,
            entry.batch_id,
        )
        for entry in entries
    ]
    if rows:
        connection.cursor().executemany(INSERT, rows)


def find(connection: Connection, quarantine_id: int) -> Quarantined | None:
    """One row, None when there is no such id."""
    with connection.cursor(row_factory=class_row(Quarantined)) as cursor:
        return cursor.execute(SELECT + "where q.quarantine_id = %s", (quarantine_id,)).fetchone()


def newest(connection: Connection, limit: int, *, code: str | None = None, open_only: bool = True) -> list[Quarantined]:
    """The newest rows first; `code` names one fault, `open_only` leaves out what was replayed or discarded."""
    condition = "where (%(code)s::text is null or q.code = %(code)s) and (not %(open_only)s or r.action is null)"
    with connection.cursor(row_factory=class_row(Quarantined)) as cursor:
        cursor.execute(
            f"{SELECT} {condition} order by q.quarantine_id desc limit %(limit)s".encode(),
            {"code": code, "open_only": open_only, "limit": limit},
        )
        return cursor.fetchall()


def committed_after(connection: Connection, reached: Reached, limit: int) -> list[Committed]:
    """The rows that follow, in the order of their transactions; a row is in one answer only."""
    with connection.cursor(row_factory=class_row(Committed)) as cursor:
        return cursor.execute(SELECT_COMMITTED, (*reached, limit)).fetchall()


def resolve(connection: Connection, quarantine_id: int, action: Action, actor: str, reason: str) -> None:
    """Write down what was done about a row, and the administrative act, within the caller's transaction."""
    connection.execute(INSERT_RESOLUTION, (quarantine_id, action, actor, reason))
    act = {"replayed": "quarantine.replay", "discarded": "quarantine.discard"}[action]
    record_act(connection, actor, act, f"quarantine/{quarantine_id}", {"reason": reason})


def printable(text: str) -> str:
    """Text as a column can hold and a person can read it: no control characters, at most 1,000 characters."""
    cleaned = CONTROL.sub("\N{REPLACEMENT CHARACTER}", text[: REASON_CHARACTERS + 1])
    return cleaned if len(cleaned) <= REASON_CHARACTERS else cleaned[: REASON_CHARACTERS - 1] + "…"


def header_to_json(value: bytes | None) -> str | dict[str, str] | None:
    """A header's value as JSON: text where it is text, else its bytes in base64."""
    if value is None:
        return None
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(value).decode()}
    return {"base64": base64.b64encode(value).decode()} if "\0" in text else text


def header_from_json(value: object) -> bytes | None:
    """The bytes of a header that `header_to_json` wrote; raises ValueError for anything else."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, dict) and isinstance(value.get("base64"), str):
        try:
            return base64.b64decode(value["base64"], validate=True)
        except binascii.Error as error:
            raise ValueError(f"not base64: {value['base64']!r}") from error
    raise ValueError(f"not a header's value: {value!r}")
