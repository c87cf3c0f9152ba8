"""What PostgreSQL can say about records that were sent to it by way of Kafka: committed, quarantined, or not seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from timecontrol.warehouse.pools import Connection

COMMITTED_IDS = "select event_id from raw.punch_ids where event_id = any(%s)"

# Ids that are looked up by one statement: each takes some tens of milliseconds, whatever their number is in all.
IDS_AT_ONCE = 20_000

# The index on the instant bounds the search: the payload itself has none.
QUARANTINED_PAYLOADS = "select payload from raw.quarantine where quarantined_at >= %s and payload = any(%s)"


def committed_ids(connection: Connection, event_ids: Iterable[UUID]) -> set[UUID]:
    """Which of any number of events have been captured, under whatever content."""
    wanted = list(event_ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        rows = connection.execute(COMMITTED_IDS, (wanted[start : start + IDS_AT_ONCE],))
        found.update(event_id for (event_id,) in rows)
    return found


def quarantined_payloads(connection: Connection, payloads: Sequence[bytes], since: datetime) -> set[bytes]:
    """Which of these bytes have been quarantined since that instant."""
    rows = connection.execute(QUARANTINED_PAYLOADS, (since, list(payloads)))
    return {bytes(payload) for (payload,) in rows}
