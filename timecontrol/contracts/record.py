"""The envelope of a record in `punches.v1`: CloudEvents 1.0 in Kafka binary mode, and who vouches for it.

Devices hold Kafka credentials of their own, and a consumer cannot see a record's producer. So our own producers sign:
`ce_producer` says in which right they write, `ce_signature` is HMAC-SHA256 over producer and value. Only a record signed
as `core` may carry `supersedes`, `voids` or `actor`; only a signed record's `received_at` counts, for all others the
broker's append time does.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from timecontrol.contracts.punch import CLOUDEVENT_TYPE

#: `core`: the outbox (corrections, legacy punches). `gateway`: the API's buffer and the file importer, for devices and people.
Producer = Literal["core", "gateway"]
Headers = list[tuple[str, bytes]]


def signature(producer: Producer, value: bytes, key: bytes) -> bytes:
    """Hex HMAC-SHA256 of producer and value under the signing key of the stack."""
    return hmac.new(key, producer.encode() + b"\0" + value, hashlib.sha256).hexdigest().encode()


def signed_headers(
    event_id: UUID | str,
    source: str,
    value: bytes,
    producer: Producer,
    key: bytes,
    origin: str | None = None,
    refused: str | None = None,
) -> Headers:
    """Headers of a record that our own producer writes.

    `origin` is where the source read it (`file:<sha256>#<line>`), kept beside the punch. `refused` is the reason why a
    door of ours has refused these bytes already: sinks quarantine them with it and do not decode.
    """
    headers: Headers = [
        ("ce_specversion", b"1.0"),
        ("ce_type", CLOUDEVENT_TYPE.encode()),
        ("ce_id", str(event_id).encode()),
        ("ce_source", source.encode()),
        ("content-type", b"application/json"),
        ("ce_producer", producer.encode()),
        ("ce_signature", signature(producer, value, key)),
    ]
    if origin is not None:
        headers.append(("ce_origin", origin.encode()))
    if refused is not None:
        headers.append(("ce_refused", refused.encode()))
    return headers


def verified_producer(headers: Iterable[tuple[str, bytes]], value: bytes, key: bytes) -> Producer | None:
    """In which right the record was written: the producer whose signature is right, None for a device's own record."""
    found = dict(headers)
    given = found.get("ce_signature")
    if given is None:
        return None
    producers: tuple[Producer, ...] = ("core", "gateway")
    for producer in producers:
        if found.get("ce_producer") == producer.encode() and hmac.compare_digest(
            given, signature(producer, value, key)
        ):
            return producer
    return None
