"""How far each partition has been read, and what became of each run of offsets; moved in the transaction of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from timecontrol.warehouse.pools import Connection


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of the offsets `first_offset` … `last_offset` of one partition."""

    batch_id: int
    cluster_id: str
    topic_id: str
    topic: str
    partition: int
    first_offset: int
    last_offset: int
    row_count: int
    repeat_count: int
    quarantined_count: int
    gap_count: int
    leader_epoch: int | None


READ_POSITION = """
select next_offset, leader_epoch from raw.positions where cluster_id = %s and topic_id = %s and partition = %s
"""

READ_POSITIONS = "select partition, next_offset from raw.positions where cluster_id = %s and topic_id = %s"

START_POSITION = """
insert into raw.positions (cluster_id, topic_id, topic, partition, next_offset) values (%s, %s, %s, %s, %s)
on conflict do nothing
"""

FORMER_POSITION = """
select exists (
    select 1 from raw.positions
    where topic = %s and partition = %s and (cluster_id, topic_id) <> (%s, %s)
)
"""

RESERVE_BATCH_IDS = "select nextval('raw.batches_batch_id_seq') from generate_series(1, %s)"

# One round trip for all partitions of a poll; a batch whose position is elsewhere moves nothing and so is not counted.
FINISH_BATCHES = """
with batch as (
    select *
    from unnest(
        %(batch_id)s::bigint[], %(cluster_id)s::text[], %(topic_id)s::text[], %(topic)s::text[],
        %(partition)s::integer[], %(first_offset)s::bigint[], %(last_offset)s::bigint[],
        %(row_count)s::integer[], %(repeat_count)s::integer[], %(quarantined_count)s::integer[], %(gap_count)s::integer[],
        %(leader_epoch)s::integer[]
    ) as given (
        batch_id, cluster_id, topic_id, topic, partition, first_offset, last_offset,
        row_count, repeat_count, quarantined_count, gap_count, leader_epoch
    )
),
moved as (
    update raw.positions as position
    set next_offset = batch.last_offset + 1, leader_epoch = batch.leader_epoch, moved_at = now()
    from batch
    where
        position.cluster_id = batch.cluster_id
        and position.topic_id = batch.topic_id
        and position.partition = batch.partition
        and position.next_offset = batch.first_offset
    returning batch.batch_id
)
insert into raw.batches (
    batch_id, cluster_id, topic_id, topic, partition, first_offset, last_offset,
    row_count, repeat_count, quarantined_count, gap_count
)
overriding system value
select
    batch_id, cluster_id, topic_id, topic, partition, first_offset, last_offset,
    row_count, repeat_count, quarantined_count, gap_count
from batch inner join moved using (batch_id)
"""


def read_position(
    connection: Connection, cluster_id: str, topic_id: str, partition: int
) -> tuple[int, int | None] | None:
    """The next offset of one partition and the leader epoch of the record before it; None if it was never read."""
    return connection.execute(READ_POSITION, (cluster_id, topic_id, partition)).fetchone()


def read_positions(connection: Connection, cluster_id: str, topic_id: str) -> dict[int, int]:
    """The next offset of each partition that was ever read, by partition."""
    return dict(connection.execute(READ_POSITIONS, (cluster_id, topic_id)).fetchall())


def start_position(
    connection: Connection, cluster_id: str, topic_id: str, topic: str, partition: int, offset: int
) -> None:
    """Write the position of a partition that was never read; one that exists stays as it is."""
    connection.execute(START_POSITION, (cluster_id, topic_id, topic, partition, offset))


def has_former_position(connection: Connection, cluster_id: str, topic_id: str, topic: str, partition: int) -> bool:
    """Whether the partition was read in a life of its topic that this one has replaced."""
    found = connection.execute(FORMER_POSITION, (topic, partition, cluster_id, topic_id)).fetchone()
    return found == (True,)


def reserve_batch_ids(connection: Connection, count: int) -> list[int]:
    """Ids for batches that this transaction will write: their rows carry them before the counts are known."""
    return [batch_id for (batch_id,) in connection.execute(RESERVE_BATCH_IDS, (count,))]


def finish_batches(connection: Connection, batches: Sequence[Batch]) -> bool:
    """Write the batch rows and move their positions; False when a position was not where its batch begins.

    False means that another consumer has moved it: the caller rolls back.
    """
    columns = {field.name: [getattr(batch, field.name) for batch in batches] for field in fields(Batch)}
    return connection.execute(FINISH_BATCHES, columns).rowcount == len(batches)
