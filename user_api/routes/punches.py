"""`POST /v1/punches` and `/v1/punches/batch`: accepted when they are safe, refused with the bytes kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from timecontrol.contracts.buffer import BufferedRecord
from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.contracts.punch import Punch, content_hash
from timecontrol.core.access import Forbidden
from timecontrol.core.clocking import (
    Sender,
    accepted_record,
    advice,
    made_offline,
    read,
    refused_records,
    state_warning,
    timed,
)
from timecontrol.core.tokens import Claims
from user_api.auth import SignedCaller
from user_api.bodies import json_body
from user_api.errors import FAULTS
from user_api.services import Services, ServicesOf

log = structlog.get_logger()
router = APIRouter(prefix="/v1/punches", tags=["punches"])

# One entry of the Write Redis; at 1,000 bytes each they fill the largest body (`bodies.LARGER`).
MAX_BATCH_PUNCHES = 5_000

PUNCH_EXAMPLE = {
    "event_id": "0193a1f0-7c00-7000-8000-000000000001",
    "employee_id": "E00001",
    "kind": "clock_in",
    "occurred_at": "2026-11-24T08:00:00+01:00",
    "device_id": "BER-T1",
    "site_id": "BER",
}
BATCH_EXAMPLE = [
    PUNCH_EXAMPLE,
    PUNCH_EXAMPLE | {"event_id": "0193a1f0-7c00-7000-8000-000000000002", "kind": "clock_out"},
]
PUNCH_SCHEMA = {"$ref": "#/components/schemas/PunchEvent"}


class Accepted(BaseModel):
    """A punch that is safe: it will be counted once, whatever fails now.

    Unless an earlier request has used its event_id for other content: that shows in quarantine only.
    """

    event_id: UUID
    employee_id: str
    kind: str
    occurred_at: datetime
    received_at: datetime
    warnings: list[str] = []


class ItemResult(BaseModel):
    """What became of one punch of a batch; `index` is its place in the request, from 0, `occurred_at` the instant that counts."""

    index: int
    status: Literal["accepted", "refused"]
    event_id: UUID | None = None
    occurred_at: datetime | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None
    advice: str | None = None


class BatchResult(BaseModel):
    """What became of a batch. Refused punches were kept with their bytes and will not be counted."""

    accepted: int
    refused: int
    results: list[ItemResult]


@dataclass(frozen=True)
class Taken:
    """A punch as it will be recorded, or why it is refused."""

    raw: bytes
    punch: Punch | None = None
    record: BufferedRecord | None = None
    error: Rejected | None = None

    def records(self, sender: Sender) -> Sequence[BufferedRecord]:
        """What is kept of it."""
        if self.record is not None:
            return [self.record]
        assert self.error is not None
        return refused_records(self.raw, self.error, sender.source, sender.origin)


@router.post(
    "",
    status_code=202,
    response_model=Accepted,
    responses=FAULTS,
    openapi_extra=json_body(PUNCH_SCHEMA, {"clock in": {"value": PUNCH_EXAMPLE}}),
)
async def punch(request: Request, services: ServicesOf, claims: SignedCaller) -> Response:
    """Hand in one punch. Repeating a request with the same `event_id` records it once.

    From a device's token: `device_id` and `site_id` are filled in, and must be the token's. From a person's: `employee_id`
    is, `source` and `device_id` are the web clock's, and the punch counts by our time unless `attributes.offline` is true.
    An instant too far from ours is marked by `attributes.clock_drift_seconds`. An odd state (ending a break that is not open) is a warning.
    """
    sender = sender_of(claims)
    raw = await request.body()
    now = services.clock.now()
    [taken] = await take([raw], sender, services, now)
    await keep([taken], sender, services, now)
    if taken.punch is None:
        assert taken.error is not None
        raise taken.error
    warnings = await odd_state(taken.punch, services)
    accepted = {
        "event_id": taken.punch.event_id,
        "employee_id": taken.punch.employee_id,
        "kind": taken.punch.kind,
        "occurred_at": taken.punch.occurred_at,
        "received_at": now,
        "warnings": warnings,
    }
    return Response(msgspec.json.encode(accepted), 202, media_type="application/json")


@router.post(
    "/batch",
    status_code=202,
    response_model=BatchResult,
    responses=FAULTS
    | {
        422: {"model": BatchResult, "description": "Every punch was refused, or the body is no array (then a fault)"},
    },
    openapi_extra=json_body(
        {"type": "array", "items": PUNCH_SCHEMA, "maxItems": MAX_BATCH_PUNCHES}, {"two": {"value": BATCH_EXAMPLE}}
    ),
)
async def batch(request: Request, services: ServicesOf, claims: SignedCaller) -> Response:
    """Hand in up to 5,000 punches as a JSON array. Each is judged by itself; the answer lists them in their order."""
    sender = sender_of(claims)
    body = await request.body()
    now = services.clock.now()
    try:
        items = split(body)
    except Rejected as error:
        await keep([Taken(body, error=error)], sender, services, now)
        raise
    taken = await take(items, sender, services, now)
    if taken:
        await keep(taken, sender, services, now)
    accepted = sum(item.punch is not None for item in taken)
    result = {
        "accepted": accepted,
        "refused": len(taken) - accepted,
        "results": [item_result(index, item) for index, item in enumerate(taken)],
    }
    return Response(msgspec.json.encode(result), 202 if accepted or not taken else 422, media_type="application/json")


def sender_of(claims: Claims) -> Sender:
    """The token's holder as somebody who hands in punches; raises Forbidden for accounts that are no employee's."""
    if claims.kind == "person" and claims.employee_id is None:
        raise Forbidden("This account belongs to no employee, so it has no punches of its own.")
    return Sender(claims.token_id, claims.employee_id, claims.device_id, claims.site_id)


def split(body: bytes) -> list[bytes]:
    """The bytes of each punch of a batch; raises Rejected."""
    try:
        items = msgspec.json.decode(body, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Rejected("malformed_json", f"the batch is not a JSON array of punches: {error}") from error
    if len(items) > MAX_BATCH_PUNCHES:
        raise Rejected("too_many", f"the batch has {len(items)} punches, at most {MAX_BATCH_PUNCHES} are allowed")
    return [bytes(item) for item in items]


async def take(items: Sequence[bytes], sender: Sender, services: Services, now: datetime) -> list[Taken]:
    """Judge each punch; those of people get the instant at which a first attempt reached us.

    Of one event_id with several contents the first is taken.
    """
    drafts: list[Punch | Rejected] = []
    for raw in items:
        try:
            drafts.append(read(raw, sender))
        except Rejected as error:
            drafts.append(error)
    first = await receipts([draft for draft in drafts if isinstance(draft, Punch)], sender, services, now)
    taken = []
    by_id: dict[UUID, Punch] = {}
    for raw, draft in zip(items, drafts, strict=True):
        if isinstance(draft, Rejected):
            taken.append(Taken(raw, error=draft))
            continue
        try:
            punch = timed(draft, sender, now, first.get(draft.event_id))
            record = accepted_record(punch, sender)
            refuse_conflict(by_id.setdefault(punch.event_id, punch), punch)
            taken.append(Taken(raw, punch, record))
        except Rejected as error:
            taken.append(Taken(raw, error=error))
    return taken


def refuse_conflict(first: Punch, punch: Punch) -> None:
    """Raise Rejected for a punch under the event_id of another one of the batch, unless it repeats it.

    A person's hash leaves the instant out, which differs between attempts; within one request two are no repeat.
    """
    if first is punch:
        return
    if first.occurred_at != punch.occurred_at or content_hash(first) != content_hash(punch):
        reason = f"event_id {punch.event_id} stands at an earlier punch of this batch, with other content"
        raise Rejected("content_conflict", reason, "event_id")


async def receipts(punches: Sequence[Punch], sender: Sender, services: Services, now: datetime) -> dict[UUID, datetime]:
    """When the punches that count by our time reached us first; a device's never do."""
    if not sender.is_person:
        return {}
    ours = [punch.event_id for punch in punches if not made_offline(punch)]
    offline = [punch.event_id for punch in punches if made_offline(punch)]
    return await services.intake.first_receipts(ours, now) | await services.intake.known_receipts(offline)


async def keep(taken: Sequence[Taken], sender: Sender, services: Services, now: datetime) -> None:
    """Make them safe, then write down what was accepted; raises Transient when no door takes them."""
    door = await services.intake.accept([record for item in taken for record in item.records(sender)])
    accepted = [str(item.punch.event_id) for item in taken if item.punch is not None]
    if accepted:
        services.journal.write(accepted, now)
    if door == "kafka":
        log.info("accepted_by_kafka", punches=len(accepted))


async def odd_state(punch: Punch, services: Services) -> list[str]:
    """Warnings about the state that the punch meets; none while the live state is away, or is of a later punch."""
    try:
        live = await services.live.of(punch.employee_id, punch.occurred_at)
    except Transient:
        return []
    came_late = live.since is not None and punch.occurred_at < live.since
    if came_late or live.event_id == str(punch.event_id):
        return []
    warning = state_warning(punch.kind, live.state)
    return [] if warning is None else [warning]


def item_result(index: int, item: Taken) -> dict[str, Any]:
    """One line of a batch's answer."""
    if item.punch is not None:
        return {
            "index": index,
            "status": "accepted",
            "event_id": item.punch.event_id,
            "occurred_at": item.punch.occurred_at,
        }
    assert item.error is not None
    return {
        "index": index,
        "status": "refused",
        "code": item.error.code,
        "field": item.error.field,
        "reason": item.error.reason,
        "advice": advice(item.error.code),
    }
