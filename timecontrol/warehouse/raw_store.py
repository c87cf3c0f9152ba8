"""Rows of `raw.punches` and their dedup keys, written by binary COPY within the caller's transaction.

A batch's keys go to a temporary table and from there into `raw.punch_ids`; what the insert leaves out was captured
before. In the order of the keys, so that two writers with keys in common wait for each other and never deadlock.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from timecontrol.contracts.punch import Punch
from timecontrol.warehouse.pools import Connection


class PunchId(NamedTuple):
    """A dedup key: two events with one id and one hash are the same event."""

    event_id: UUID
    content_hash: bytes


class PunchRow(NamedTuple):
    """One row of `raw.punches`."""

    punch: Punch
    received_at: datetime
    origin: str | None
    partition: int
    offset: int
    batch_id: int


# Lives as long as the connection; emptied at each commit, so that nothing is left over from a batch that failed.
CREATE_INCOMING = """
create temporary table if not exists incoming_ids (
    number integer not null, event_id uuid not null, content_hash bytea not null
) on commit delete rows
"""

COPY_INCOMING = "copy incoming_ids (number, event_id, content_hash) from stdin (format binary)"

# Numbers of the keys that were there before. A second statement compares them: this one's snapshot does not show rows
# that another transaction committed while the insert waited for it.
INSERT_IDS = """
with inserted as (
    insert into raw.punch_ids (event_id, content_hash)
    select event_id, content_hash from incoming_ids order by event_id
    on conflict do nothing
    returning event_id
)
select incoming_ids.number
from incoming_ids left join inserted using (event_id)
where inserted.event_id is null
"""

COMPARE_IDS = """
select incoming_ids.number, punch_ids.content_hash
from incoming_ids inner join raw.punch_ids using (event_id)
where incoming_ids.number = any(%s::integer[])
"""

COPY_PUNCHES = """
copy raw.punches (
    event_id, employee_id, kind, occurred_at, received_at, source, device_id, site_id, cost_center, break_type,
    supersedes, voids, reason, actor, attributes, origin, topic_partition, topic_offset, batch_id
) from stdin (format binary)
"""

PUNCH_TYPES = (
    ["uuid", "text", "text", "timestamptz", "timestamptz"]
    + ["text"] * 5
    + ["uuid", "uuid", "text", "text", "jsonb", "text", "int4", "int8", "int8"]
)


def claim_ids(connection: Connection, ids: Sequence[PunchId]) -> dict[int, bytes]:
    """Insert dedup keys (each event id once); returns those that were there before: index, content hash of the one captured."""
    connection.execute(CREATE_INCOMING)
    with connection.cursor().copy(COPY_INCOMING) as copy:
        copy.set_types(["int4", "uuid", "bytea"])
        for number, (event_id, content_hash) in enumerate(ids):
            copy.write_row((number, event_id, content_hash))
    known = [number for (number,) in connection.execute(INSERT_IDS)]
    if not known:
        return {}
    return dict(connection.execute(COMPARE_IDS, (known,)).fetchall())


def copy_punches(connection: Connection, rows: Iterable[PunchRow]) -> None:
    """Append punches whose keys this transaction has claimed."""
    with connection.cursor().copy(COPY_PUNCHES) as copy:
        copy.set_types(PUNCH_TYPES)
        for row in rows:
            copy.write_row(_values(row))


def _values(row: PunchRow) -> tuple[object, ...]:
    punch = row.punch
    return (
        punch.event_id,
        punch.employee_id,
        punch.kind,
        punch.occurred_at,
        row.received_at,
        punch.source,
        punch.device_id,
        punch.site_id,
        punch.cost_center,
        punch.break_type,
        punch.supersedes,
        punch.voids,
        punch.reason,
        punch.actor,
        punch.attributes,
        row.origin,
        row.partition,
        row.offset,
        row.batch_id,
    )
