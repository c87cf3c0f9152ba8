"""What was refused, sent again after a fix, or given up: both are written down, with who and why.

The bytes stay as they were: what needs other bytes is discarded and corrected through the User Core.
"""

import structlog

from ingestion.kafka import AcknowledgedProducer
from ingestion.sinks.decode import named_headers
from ingestion.sinks.records import Record
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import TOPIC
from timecontrol.contracts.record import signed_headers, verified_producer
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect
from timecontrol.warehouse.quarantine import Action, Quarantined, find, header_from_json, resolve

log = structlog.get_logger()


def replay(settings: Settings, quarantine_id: int, actor: str, reason: str) -> None:
    """Send a quarantined record to its topic again; returns when Kafka has it and the replay is written down.

    Raises Rejected when there is no such record, it is resolved already or did not come by `punches.v1`; Transient when
    a server is away. Killed in between, it can be repeated: a punch that is there already is counted as a repeat.
    """
    entry = _unresolved(settings, quarantine_id)
    if entry.topic != TOPIC:
        raise Rejected("not_replayable", advice(entry))
    key = settings.secrets.record_signing.get_secret_value().encode()
    producer = AcknowledgedProducer(settings, "gateway", linger_ms=0)
    record_key = entry.record_key.decode(errors="replace") if entry.record_key is not None else None
    producer.send(TOPIC, record_key, entry.payload, replay_headers(entry, key))
    producer.flush()
    _resolve(settings, quarantine_id, "replayed", actor, reason)


def discard(settings: Settings, quarantine_id: int, actor: str, reason: str) -> None:
    """Give a quarantined record up; its bytes stay. Raises Rejected as `replay` does."""
    _unresolved(settings, quarantine_id)
    _resolve(settings, quarantine_id, "discarded", actor, reason)


def replay_headers(entry: Quarantined, signing_key: bytes) -> list[tuple[str, bytes]]:
    """The record's headers signed anew, in the right in which it was first written, without the refusal of a door.

    A device's own record stays as it was, unsigned: signed, the `received_at` that the device has set would count.
    """
    headers = [(str(name), header_from_json(value)) for name, value in entry.headers or []]
    found = named_headers(Record(TOPIC, 0, 0, None, entry.payload, headers, 0))
    producer = verified_producer(found.items(), entry.payload, signing_key)
    if producer is None:
        return list(found.items())
    origin = found.get("ce_origin", b"").decode(errors="replace") or f"quarantine:{entry.quarantine_id}"
    event_id = found.get("ce_id", b"").decode(errors="replace")
    source = found.get("ce_source", b"quarantine").decode(errors="replace")
    signed = signed_headers(event_id, source, entry.payload, producer, signing_key, origin=origin)
    return [header for header in signed if header != ("ce_id", b"")]


def advice(entry: Quarantined) -> str:
    """What to do about an entry that cannot be sent again."""
    if entry.file_line is not None:
        return (
            f"{entry.place} is line {entry.file_line} of a device file: correct the mapping and import the file again, "
            "what is captured already counts once"
        )
    return (
        f"{entry.place} came by {entry.topic}: correct the row in the legacy system, the change is sent again by itself"
    )


def _unresolved(settings: Settings, quarantine_id: int) -> Quarantined:
    with connect(settings, "core") as connection:
        entry = find(connection, quarantine_id)
    if entry is None:
        raise Rejected("not_found", f"there is no quarantined record {quarantine_id}; see: timecontrol quarantine list")
    if entry.action is not None:
        raise Rejected("resolved", f"record {quarantine_id} was {entry.action} by {entry.actor} at {entry.resolved_at}")
    return entry


def _resolve(settings: Settings, quarantine_id: int, action: Action, actor: str, reason: str) -> None:
    with connect(settings, "core") as connection:
        resolve(connection, quarantine_id, action, actor, reason)
    log.info("quarantine_resolved", quarantine_id=quarantine_id, action=action, actor=actor)
