"""What becomes of a punch that a device or a person hands in: completed from the credential, timed, or refused. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import uuid_utils
from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from timecontrol.contracts.buffer import BufferedRecord
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import (
    CLOCK_DRIFT,
    MAX_RECORD_BYTES,
    PRIVILEGED_FIELDS,
    WEB_CLOCK_SOURCE,
    Punch,
    check_instant,
    check_no_person,
    parse,
    rejected,
    to_json,
)
from timecontrol.core.tokens import SESSION_LIFE

# A clock that differs from ours by more than this is worth a look (`clock_drift`).
# Five minutes is what Kerberos tolerates, and more than any clock set by network is off.
CLOCK_DRIFT_LIMIT = timedelta(minutes=5)
# A punch that a person made offline counts by their phone, and is worth a look when it comes later than this: half a
# day, as long as a session. A place of work without a network is left within it, so the phone has sent by then.
OFFLINE_LIMIT = SESSION_LIFE

# What a person's punch always says it came from. Not the session: a punch that is kept over a new sign-in stays the same.
WEB_CLOCK_DEVICE = "web-clock"
# What a device's punch says it came from when the device does not say.
DEVICE_SOURCE = "api"

# A reason travels in a header and is read by people; one that quotes a field name of 900 kB is cut.
MAX_REASON_CHARACTERS = 1000

# What to do about a refusal; the reason itself names the field and what is wrong with it.
ADVICE = {
    "malformed_json": "Send one JSON object in UTF-8, as in the example of POST /v1/punches in the API's documentation.",
    "missing_field": "Add the field and send it again; a punch under the same event_id.",
    "unknown_field": "Remove the field, or put it into `attributes`.",
    "privileged_field": "Propose a correction at POST /v1/corrections; approved corrections become punch events.",
    "not_own_device": "Send it with the token of that device; an administrator issues one at POST /v1/devices/{device_id}/tokens.",
    "reserved_source": "Leave `source` out, or name what kind of device it is.",
    "not_own_punch": "Sign in as that employee, or propose a correction at POST /v1/corrections.",
    "content_conflict": "Give every punch an event_id of its own; the first one under this id was taken.",
    "before_2000": "Set the device's clock, and propose a correction for the punch.",
    "far_future": "Set the device's clock and time zone, and propose a correction for the punch.",
    "too_large": "Send less: photos and other bytes belong to the documents, a punch carries their hash.",
}
GENERAL_ADVICE = "Correct the field and send it again; a punch under the same event_id."


@dataclass(frozen=True)
class Sender:
    """Who hands in punches: the holder of a token. A person has an `employee_id`, a device a `device_id`."""

    token_id: UUID
    employee_id: str | None = None
    device_id: str | None = None
    site_id: str | None = None

    @property
    def is_person(self) -> bool:
        """Whether this is a person at the web clock and not a device."""
        return self.device_id is None

    @property
    def source(self) -> str:
        """What a punch of this sender says it came from, unless the device says it otherwise."""
        return WEB_CLOCK_SOURCE if self.is_person else DEVICE_SOURCE

    @property
    def origin(self) -> str:
        """The name under which records keep where they came from."""
        return f"api:{self.token_id}"


def advice(code: str) -> str:
    """What to do about a refusal with this code."""
    return ADVICE.get(code, GENERAL_ADVICE)


def read(raw: bytes, sender: Sender) -> Punch:
    """One punch as its sender words it, completed from the credential; raises Rejected.

    An `event_id` that is missing is made here (v7); then a repeated request is a second punch. A person's punch has the
    web clock's source and device, and no site (the home site counts), whatever it says: holidays follow from the site.
    """
    if len(raw) > MAX_RECORD_BYTES:
        raise Rejected("too_large", f"the punch has {len(raw)} bytes, at most {MAX_RECORD_BYTES} are allowed")
    try:
        body = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("malformed_json", f"the punch is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise Rejected("malformed_json", "the punch must be a JSON object")
    for field in PRIVILEGED_FIELDS:
        if body.get(field) is not None:
            raise Rejected("privileged_field", f"{field} is set by approved corrections only", field)
    try:
        punch = Punch.model_validate(
            _defaults(sender) | {key: value for key, value in body.items() if value is not None} | _forced(sender)
        )
    except ValidationError as error:
        raise rejected(error) from error
    _check_sender(punch, sender)
    return punch


def _check_sender(punch: Punch, sender: Sender) -> None:
    """Raise Rejected for what is not the sender's to say."""
    if not sender.is_person:
        check_no_person(punch)
    elif punch.employee_id != sender.employee_id:
        raise Rejected(
            "not_own_punch", f"employee_id {punch.employee_id} is not the one who is signed in", "employee_id"
        )
    for field in ("device_id", "site_id"):
        own, given = getattr(sender, field), getattr(punch, field)
        if own is not None and given != own:
            raise Rejected("not_own_device", f"{field} {given} is not {own}, which the token is for", field)


def _defaults(sender: Sender) -> dict[str, Any]:
    known = {"employee_id": sender.employee_id, "device_id": sender.device_id, "site_id": sender.site_id}
    return {"event_id": str(uuid_utils.uuid7()), "source": sender.source} | {
        field: value for field, value in known.items() if value is not None
    }


def _forced(sender: Sender) -> dict[str, Any]:
    if not sender.is_person:
        return {}
    return {"source": WEB_CLOCK_SOURCE, "device_id": WEB_CLOCK_DEVICE, "site_id": None}


def made_offline(punch: Punch) -> bool:
    """Whether the sender says that the punch was made without a connection."""
    return punch.attributes is not None and punch.attributes.get("offline") is True


def timed(punch: Punch, sender: Sender, received_at: datetime, first_received_at: datetime | None = None) -> Punch:
    """The punch with the instants that count; raises Rejected when they cannot be true.

    A person's punch counts by our time unless it was made offline. `first_received_at` is when a first attempt of the
    same event reached us: then that instant counts, whatever the repeat says, so that both have the same content.
    An instant too far from ours is marked (CLOCK_DRIFT). One of the past is not, from a device: it may have kept the
    punch while it was without a network.
    """
    drift = punch.occurred_at - (first_received_at or received_at)
    attributes = {key: value for key, value in (punch.attributes or {}).items() if key != CLOCK_DRIFT}
    changes: dict[str, Any] = {"received_at": received_at}
    latest = OFFLINE_LIMIT if sender.is_person else timedelta.max
    if sender.is_person and (first_received_at is not None or not made_offline(punch)):
        attributes.pop("offline", None)
        changes["occurred_at"] = first_received_at or received_at
        latest = CLOCK_DRIFT_LIMIT
    if drift > CLOCK_DRIFT_LIMIT or -drift > latest:
        attributes[CLOCK_DRIFT] = round(drift.total_seconds())
    result = punch.model_copy(update=changes | {"attributes": attributes or None})
    check_instant(result, received_at)
    return result


def accepted_record(punch: Punch, sender: Sender) -> BufferedRecord:
    """The record of an accepted punch. Raises Rejected for what the sinks would refuse: a yes must mean that it counts.

    The record may be larger than what was sent (1e15 becomes 1000000000000000.0), or nested too deep to be written.
    """
    try:
        value = to_json(punch)
    except PydanticSerializationError as error:
        raise Rejected("malformed_json", f"the punch cannot be written as JSON: {error}") from error
    if punch.attributes is not None:
        # All other fields are short and were checked when they were read; half the time of a punch is in this.
        parse(value)
    return BufferedRecord(str(punch.event_id), punch.employee_id, punch.source, sender.origin, value)


def refused_records(raw: bytes, error: Rejected, source: str, origin: str) -> list[BufferedRecord]:
    """The records that keep refused bytes, in pieces that Kafka takes; each gets an id of its own."""
    pieces = [raw[start : start + MAX_RECORD_BYTES] for start in range(0, max(len(raw), 1), MAX_RECORD_BYTES)]
    records = []
    for number, piece in enumerate(pieces, start=1):
        part = f" (part {number} of {len(pieces)})" if len(pieces) > 1 else ""
        reason = f"{error.code}: {error.reason}{part}"[:MAX_REASON_CHARACTERS]
        records.append(BufferedRecord(str(uuid_utils.uuid7()), origin, source, origin, piece, reason))
    return records


def state_warning(kind: str, state: str) -> str | None:
    """What is odd about a punch of this kind in the live `state` (`in`, `break`, `out`), None if nothing is.

    The punch is accepted all the same: the missing one may still be on its way from a terminal.
    """
    odd = {
        ("clock_in", "in"): "You are already clocked in.",
        ("clock_in", "break"): "A break is still open: clocking in ends it.",
        ("clock_out", "out"): "You are not clocked in.",
        ("clock_out", "break"): "A break is still open: clocking out ends it.",
        ("break_start", "out"): "You are not clocked in.",
        ("break_start", "break"): "A break is already open.",
        ("break_end", "in"): "No break is open.",
        ("break_end", "out"): "You are not clocked in, and no break is open.",
    }
    found = odd.get((kind, state))
    return None if found is None else f"{found} The punch is kept and marked; propose a correction if it is wrong."
