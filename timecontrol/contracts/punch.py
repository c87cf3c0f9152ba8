"""The punch event: one employee, one kind, one instant. The same body at `POST /v1/punches` and as value in `punches.v1`."""

import hashlib
import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)

from timecontrol.contracts.errors import Rejected

TOPIC = "punches.v1"
CLOUDEVENT_TYPE = "timecontrol.punch.v1"

PunchKind = Literal["clock_in", "clock_out", "break_start", "break_end", "unknown"]
BreakType = Literal["meal", "rest", "other", "sleep"]

# Names of people, devices and sites are short everywhere; a longer one is a broken sender.
Name = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Text = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")


def _rfc_3339(value: object) -> object:
    """Refuse what pydantic would read in other ways: numbers, in text too, would be seconds since 1970."""
    if isinstance(value, datetime) or (isinstance(value, str) and RFC_3339.fullmatch(value)):
        return value
    message = "must be RFC 3339 text with an offset, such as 2026-11-24T08:00:00+01:00"
    raise ValueError(message)


Instant = Annotated[AwareDatetime, BeforeValidator(_rfc_3339)]

# No device of today recorded a punch before; an older instant is a clock that lost its battery.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# Time zones differ by at most 26 h (UTC-12 to UTC+14): a device set to a wrong zone is accepted, and marked by the API
# (CLOCK_DRIFT), one further in the future has no usable clock.
FUTURE_LIMIT = timedelta(hours=26)
# The attribute in which the API says how far (seconds, ahead is positive) a device's clock was from ours, where that is
# too far: the exception `clock_drift`.
CLOCK_DRIFT = "clock_drift_seconds"
# What a person's punch says it came from. Its instant is ours or the phone's, whichever the API could learn.
WEB_CLOCK_SOURCE = "web_clock"
# Bytes of a record: Kafka's default limit for one message is 1 MiB, ours leaves room for headers.
MAX_RECORD_BYTES = 900_000

PRIVILEGED_FIELDS = ("supersedes", "voids", "actor")


class Punch(BaseModel):
    """One punch event as its source sent it; field meanings in the table of docs/punch-event.md."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_bytes="base64")

    event_id: UUID
    employee_id: Name
    kind: PunchKind
    occurred_at: Instant
    received_at: Instant | None = None
    source: Name
    device_id: Name
    site_id: Name | None = None
    cost_center: Name | None = None
    break_type: BreakType | None = None
    supersedes: UUID | None = None
    voids: UUID | None = None
    reason: Text | None = None
    actor: Name | None = None
    attributes: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Punch":
        if self.break_type is not None and self.kind not in ("break_start", "break_end"):
            raise ValueError(f"break_type belongs to break_start and break_end, not to {self.kind}")
        if self.supersedes is not None and self.voids is not None:
            raise ValueError("supersedes and voids exclude each other: a punch is replaced or it is voided")
        return self


def parse(value: bytes | str) -> Punch:
    """Read one event from JSON; raises Rejected naming the first wrong field. Instants are not compared with now.

    What this accepts every store can hold, so a door that checks what it sends with it promises no more than is kept.
    """
    if len(value) > MAX_RECORD_BYTES:
        raise Rejected("too_large", f"the record has {len(value)} bytes, at most {MAX_RECORD_BYTES} are allowed")
    try:
        punch = Punch.model_validate_json(value)
    except ValidationError as error:
        raise rejected(error) from error
    if punch.attributes is not None:
        check_storable(punch.attributes)
    return punch


def check_storable(attributes: Mapping[str, object]) -> None:
    """Raise Rejected for what JSON text allows and a `jsonb` cannot hold: the character NUL, numbers that are not finite."""
    pending: list[object] = [attributes]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, str) and "\0" in item:
            raise Rejected("invalid_field", "attributes: text may not contain the character U+0000", "attributes")
        elif isinstance(item, float) and not math.isfinite(item):
            raise Rejected("invalid_field", f"attributes: {item} is not a JSON number", "attributes")


def rejected(error: ValidationError) -> Rejected:
    """The contract's error for what pydantic found: its first finding, with the field."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    codes = {"json_invalid": "malformed_json", "missing": "missing_field", "extra_forbidden": "unknown_field"}
    reason = f"{field}: {first['msg']}" if field else first["msg"]
    return Rejected(codes.get(first["type"], "invalid_field"), reason, field or None)


def check_instant(punch: Punch, received_at: datetime) -> None:
    """Raise Rejected when `occurred_at` cannot be true for an event that was received at `received_at`."""
    if punch.occurred_at < EARLIEST:
        raise Rejected("before_2000", f"occurred_at {punch.occurred_at.isoformat()} is before 2000", "occurred_at")
    if punch.occurred_at > received_at + FUTURE_LIMIT:
        raise Rejected(
            "far_future",
            f"occurred_at {punch.occurred_at.isoformat()} is more than {FUTURE_LIMIT} after it was received",
            "occurred_at",
        )


def check_no_person(punch: Punch) -> None:
    """Raise Rejected when a sender that nobody has signed in to says what a person's punch says: it would pass for one."""
    if punch.source == WEB_CLOCK_SOURCE:
        raise Rejected("reserved_source", f"source {WEB_CLOCK_SOURCE} is for people who have signed in", "source")


def content_hash(punch: Punch) -> bytes:
    """BLAKE2b-128 over what the source says: instants in UTC, keys sorted, absent, null and no attributes alike.

    `received_at` and the clock drift measured by it are ours, and differ when the same event comes again. So does the
    instant of a person's punch whose first attempt the API could not remember: it is not compared, the first one counts.
    """
    if punch.source == WEB_CLOCK_SOURCE:
        return _hash(punch, {"received_at", "occurred_at"}, {CLOCK_DRIFT, "offline"})
    return former_content_hash(punch)


def former_content_hash(punch: Punch) -> bytes:
    """The hash with everybody's instant: `raw.punch_ids` may hold it of people's punches, which had no other at first."""
    return _hash(punch, {"received_at"}, {CLOCK_DRIFT})


def _hash(punch: Punch, our_fields: set[str], our_attributes: set[str]) -> bytes:
    content = punch.model_dump(exclude=our_fields, exclude_none=True)
    attributes = {key: value for key, value in content.pop("attributes", {}).items() if key not in our_attributes}
    if attributes:
        content["attributes"] = attributes
    for key, item in content.items():
        if isinstance(item, datetime):
            content[key] = item.astimezone(UTC).isoformat(timespec="microseconds")
        elif isinstance(item, UUID):
            content[key] = str(item)
    encoded = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.blake2b(encoded.encode(), digest_size=16).digest()


def to_json(punch: Punch) -> bytes:
    """The event as it goes over the wire: JSON, absent fields left out."""
    return punch.model_dump_json(exclude_none=True).encode()
