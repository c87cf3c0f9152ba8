"""What PostgreSQL can say about records that were sent to it by way of Kafka: committed, quarantined, or not seen."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from timecontrol.warehouse.pools import Connection

COMMITTED_IDS = "select event_id from raw.punch_ids where event_id = any(%s)"

# Ids that are looked up by one statement: each takes some tens of milliseconds, whatever their number is in all.
IDS_AT_ONCE = 20_000

# Both conditions are answered from the index `quarantine_payload`; the payloads themselves stay where they are.
QUARANTINED_HASHES = """
select wanted.payload_sha256
from unnest(%s::bytea[]) as wanted (payload_sha256)
cross join lateral (
    select from raw.quarantine
    where sha256(payload) = wanted.payload_sha256 and quarantined_at >= %s
    limit 1
) as kept
"""


def committed_ids(connection: Connection, event_ids: Iterable[UUID]) -> set[UUID]:
    """Which of any number of events have been captured, under whatever content."""
    wanted = list(event_ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), IDS_AT_ONCE):
        rows = connection.execute(COMMITTED_IDS, (wanted[start : start + IDS_AT_ONCE],))
        found.update(event_id for (event_id,) in rows)
    return found


def quarantined_hashes(connection: Connection, hashes: Iterable[bytes], since: datetime) -> set[bytes]:
    """Of which of these SHA-256 the bytes have been quarantined since that instant."""
    rows = connection.execute(QUARANTINED_HASHES, (list(hashes), since))
    return {bytes(payload_sha256) for (payload_sha256,) in rows}
