"""Entries of the stream as records for Kafka: what no door of ours writes becomes refused bytes. Pure."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from timecontrol.contracts.buffer import FIELD, BufferedRecord, decode
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import MAX_RECORD_BYTES
from timecontrol.core.clocking import refused_records


class StreamEntry(NamedTuple):
    """An entry as Redis stores it; `content` is None for one that was deleted under our hands."""

    entry_id: str
    content: bytes | None


def stream_entry(entry_id: bytes, fields: Mapping[bytes, bytes] | None) -> StreamEntry:
    """An entry of Redis' answer; one with other fields than ours has all of them as its content."""
    content = fields.get(FIELD, msgspec.msgpack.encode(fields)) if fields else None
    return StreamEntry(entry_id.decode(), content)


def records_of(entry: StreamEntry) -> Sequence[BufferedRecord]:
    """The records of an entry; bytes that are none, or that the sinks could not take, are records that end in quarantine."""
    if entry.content is None:
        return ()
    try:
        records = decode(entry.content)
    except msgspec.DecodeError as error:
        refusal = Rejected("unreadable_entry", f"the entry {entry.entry_id} of the write buffer is damaged: {error}")
        return refused_records(entry.content, refusal, "write_buffer", f"write_buffer:{entry.entry_id}")
    return [sendable for record in records for sendable in _sendable(record)]


def _sendable(record: BufferedRecord) -> Sequence[BufferedRecord]:
    size = len(record.value)
    if size > MAX_RECORD_BYTES:
        refusal = Rejected("too_large", f"the record has {size} bytes, at most {MAX_RECORD_BYTES} are allowed")
    elif record.refused is None and not _is_uuid(record.event_id):
        refusal = Rejected("unreadable_entry", f"the record's event id {record.event_id!r} is no UUID")
    else:
        return (record,)
    return refused_records(record.value, refusal, record.source, record.origin)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
