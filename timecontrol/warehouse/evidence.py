"""What PostgreSQL can say about records that were sent to it by way of Kafka: committed, quarantined, or not seen."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from timecontrol.warehouse.pools import Connection

COMMITTED_IDS = "select event_id from raw.punch_ids where event_id = any(%s)"

# The index on the instant bounds the search: the payload itself has none.
QUARANTINED_PAYLOADS = "select payload from raw.quarantine where quarantined_at >= %s and payload = any(%s)"


def committed_ids(connection: Connection, event_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these events have been captured, under whatever content."""
    return {event_id for (event_id,) in connection.execute(COMMITTED_IDS, (list(event_ids),))}


def quarantined_payloads(connection: Connection, payloads: Sequence[bytes], since: datetime) -> set[bytes]:
    """Which of these bytes have been quarantined since that instant."""
    rows = connection.execute(QUARANTINED_PAYLOADS, (since, list(payloads)))
    return {bytes(payload) for (payload,) in rows}
