"""From a record of `punches.v1` to a punch, the same for every sink, so that all agree on what is refused. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from ingestion.sinks.records import Record
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import CLOUDEVENT_TYPE, PRIVILEGED_FIELDS, Punch, check_instant, check_no_person, parse
from timecontrol.contracts.record import verified_producer

# A door that refused the bytes may begin its reason with its code: `unknown_kind: no kind "lunch"`.
CODED_REASON = re.compile(r"([a-z][a-z0-9_]{0,60}): (.*)", re.DOTALL)


class DecodedPunch(NamedTuple):
    """A punch, the instant at which our first server had it, and where its source read it (None for terminals)."""

    punch: Punch
    received_at: datetime
    origin: str | None


def decode_punch(record: Record, signing_key: bytes) -> DecodedPunch:
    """What the record says; raises Rejected with the reason why it belongs in quarantine.

    `received_at` counts only in a signed record; for all others the broker's append time does.
    """
    if not record.has_readable_headers:
        raise Rejected("unreadable_headers", "a header's name is not UTF-8, so nothing tells who wrote the record")
    value = record.value or b""
    headers = named_headers(record)
    producer = verified_producer(headers.items(), value, signing_key)
    if producer is not None and "ce_refused" in headers:
        raise refused_at_the_door(headers["ce_refused"])
    _check_envelope(headers)
    punch = parse(value)
    if headers.get("ce_id", str(punch.event_id).encode()).lower() != str(punch.event_id).encode():
        raise Rejected("id_mismatch", f"the header ce_id is not the event_id {punch.event_id} of the value", "event_id")
    if producer != "core":
        _check_rights(punch)
    if producer != "gateway":
        check_no_person(punch)
    received_at = _received_at(record, punch, signed=producer is not None)
    check_instant(punch, received_at)
    origin = headers.get("ce_origin") if producer is not None else None
    return DecodedPunch(punch, received_at, origin.decode("utf-8", "replace") if origin else None)


def named_headers(record: Record) -> dict[str, bytes]:
    """The headers by name, the last of a repeated name; one without a value is as if it were absent."""
    return {name: value for name, value in record.headers if value is not None}


def refused_at_the_door(reason: bytes) -> Rejected:
    """The error that a door of ours sent along with bytes that it refused."""
    text = reason.decode("utf-8", "replace")
    coded = CODED_REASON.fullmatch(text)
    return Rejected(coded[1], coded[2]) if coded else Rejected("refused_at_source", text)


def _check_envelope(headers: Mapping[str, bytes]) -> None:
    kind = headers.get("ce_type")
    if kind is not None and kind != CLOUDEVENT_TYPE.encode():
        shown = kind[:100].decode("utf-8", "backslashreplace")
        raise Rejected("unknown_type", f"ce_type is {shown!r}, this topic takes {CLOUDEVENT_TYPE}", "ce_type")


def _check_rights(punch: Punch) -> None:
    for name in PRIVILEGED_FIELDS:
        if getattr(punch, name) is not None:
            raise Rejected(
                "privileged_field",
                f"{name} is not a device's to set: corrections are approved in the User Core and leave through its outbox",
                name,
            )


def _received_at(record: Record, punch: Punch, *, signed: bool) -> datetime:
    if not signed or punch.received_at is None:
        return record.appended_at
    if punch.received_at > record.appended_at and (punch.received_at - record.appended_at).days >= 1:
        raise Rejected(
            "far_future", f"received_at {punch.received_at} is more than a day after the append", "received_at"
        )
    return punch.received_at
