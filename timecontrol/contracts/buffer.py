"""The entry of the Write Redis stream: what the API has accepted and the flusher sends to Kafka. A batch is one entry."""

from collections.abc import Sequence

import msgspec

STREAM = "punches:in"
#: The consumer group of the flusher; what it has read and not acknowledged is not yet known to be committed.
GROUP = "flusher"
#: The one field of an entry: its records as MessagePack.
FIELD = b"records"


class BufferedRecord(msgspec.Struct, frozen=True, array_like=True):
    """A record of `punches.v1` before it has its headers.

    `value` is the event as JSON, `received_at` included; for refused bytes it is what the client sent, and `refused`
    the reason. `key` is the partitioning key (employee_id), `origin` who handed it in (`api:<token id>`).
    """

    event_id: str
    key: str
    source: str
    origin: str
    value: bytes
    refused: str | None = None


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(tuple[BufferedRecord, ...])


def encode(records: Sequence[BufferedRecord]) -> bytes:
    """The records of one entry as its field's value."""
    return _encoder.encode(records)


def decode(entry: bytes) -> tuple[BufferedRecord, ...]:
    """The records of an entry; raises msgspec.DecodeError for what no version of ours has written."""
    return _decoder.decode(entry)
