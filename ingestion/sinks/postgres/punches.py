"""`punches.v1` into `raw.punches`: each event once, a repeat counted, the same id with other content refused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ingestion.sinks.decode import decode_punch
from ingestion.sinks.postgres.handler import Decoded, Outcome
from ingestion.sinks.records import Record, Refused
from timecontrol.contracts.errors import Rejected
from timecontrol.contracts.punch import TOPIC, Punch, content_hash, former_content_hash
from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.raw_store import PunchId, PunchRow, claim_ids, copy_punches


class HashedPunch(NamedTuple):
    """A decoded punch with the hash that tells a repeat from a conflict; the other sinks need no hash."""

    punch: Punch
    received_at: datetime
    origin: str | None
    content_hash: bytes


class PunchHandler:
    """The Postgres sink's code for `punches.v1`; see `handler.Handler`."""

    topic = TOPIC

    def __init__(self, signing_key: bytes) -> None:
        self._signing_key = signing_key

    def decode(self, record: Record) -> HashedPunch:
        """The punch and the hash of its content; raises Rejected."""
        decoded = decode_punch(record, self._signing_key)
        return HashedPunch(*decoded, content_hash(decoded.punch))

    def write(
        self, connection: Connection, decoded: Sequence[Decoded[HashedPunch]], batch_ids: Mapping[int, int]
    ) -> Outcome:
        """Claim the event ids, then append the punches whose ids are new."""
        first_of: dict[UUID, int] = {}
        for number, item in enumerate(decoded):
            first_of.setdefault(item.content.punch.event_id, number)
        firsts = list(first_of.values())
        ids = [
            PunchId(decoded[number].content.punch.event_id, decoded[number].content.content_hash) for number in firsts
        ]
        known = {firsts[index]: stored for index, stored in claim_ids(connection, ids).items()}

        rows: list[PunchRow] = []
        repeats: list[Record] = []
        refused: list[Refused] = []
        for number, (record, content) in enumerate(decoded):
            first = first_of[content.punch.event_id]
            if first == number and first not in known:
                batch_id = batch_ids[record.partition]
                rows.append(
                    PunchRow(
                        content.punch, content.received_at, content.origin, record.partition, record.offset, batch_id
                    )
                )
            elif _repeats(content, known.get(first, decoded[first].content.content_hash)):
                repeats.append(record)
            else:
                refused.append(Refused(record, content_conflict(content.punch.event_id)))
        copy_punches(connection, rows)
        return Outcome(repeats, refused)


def _repeats(content: HashedPunch, captured: bytes) -> bool:
    """Whether this has the content of the event that was captured under its id with this hash, of either kind."""
    return captured == content.content_hash or captured == former_content_hash(content.punch)


def content_conflict(event_id: UUID) -> Rejected:
    """The error of an event whose id was captured with other content."""
    return Rejected(
        "content_conflict",
        f"event {event_id} was captured before with other content; a change needs an event_id of its own and `supersedes`",
        "event_id",
    )
