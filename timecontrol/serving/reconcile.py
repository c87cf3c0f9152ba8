"""What PostgreSQL must hold for every offset that was read: rows, counted repeats, quarantined records, and nothing else.

Each check compares two numbers that were written independently of each other. Sources other than the database (the log
itself, files, the API's journal, the legacy system) are compared in `ingestion.reconcile`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from timecontrol.warehouse.pools import Connection
from timecontrol.warehouse.reconcile_store import quarantined_event_ids

# Of what is missing, this many are named; the count says how many there are.
NAMED = 10


@dataclass(frozen=True)
class Check:
    """One comparison. `detail` names what differs, or why it could not be checked."""

    name: str
    expected: int | None
    found: int | None
    detail: str = ""

    @property
    def ok(self) -> bool:
        """Whether both numbers are known and equal."""
        return self.expected is not None and self.expected == self.found


# One partition's batches: together they must cover the offsets from the first to the position, each once. An offset for
# which the broker had no record counts as missing: neither topic is compacted, and nobody writes transactions to them.
OFFSETS = """
with batch as (
    select
        *,
        lead(first_offset, 1) over (partition by cluster_id, topic_id, partition order by first_offset) as next_first
    from raw.batches
)
select
    position.topic,
    position.partition,
    position.next_offset - coalesce(min(batch.first_offset), position.next_offset),
    coalesce(sum(batch.row_count + batch.repeat_count + batch.quarantined_count), 0)::bigint,
    coalesce(
        string_agg((batch.last_offset + 1)::text, ', ' order by batch.first_offset)
        filter (where batch.last_offset + 1 <> coalesce(batch.next_first, position.next_offset)),
        ''
    )
from raw.positions as position
left join batch using (cluster_id, topic_id, partition)
group by position.cluster_id, position.topic_id, position.topic, position.partition, position.next_offset
order by position.topic, position.partition
"""

# Rows and quarantined records by the batch that says how many it wrote.
ROWS = """
with written as (
    select batch_id, count(*) as row_count from raw.punches group by batch_id
)
select
    coalesce(sum(batches.row_count), 0)::bigint,
    coalesce(sum(written.row_count), 0)::bigint,
    coalesce(
        string_agg(
            batches.partition || '/' || batches.first_offset || '-' || batches.last_offset, ', ' order by batches.batch_id
        ) filter (where batches.row_count <> coalesce(written.row_count, 0)),
        ''
    )
from (select * from raw.batches where topic = 'punches.v1') as batches
full join written using (batch_id)
"""

QUARANTINE = """
with written as (
    select batch_id, count(*) as quarantined_count from raw.quarantine where batch_id is not null group by batch_id
)
select
    coalesce(sum(batches.quarantined_count), 0)::bigint,
    coalesce(sum(written.quarantined_count), 0)::bigint,
    coalesce(
        string_agg(
            batches.topic || '/' || batches.partition || '/' || batches.first_offset || '-' || batches.last_offset,
            ', ' order by batches.batch_id
        ) filter (where batches.quarantined_count <> coalesce(written.quarantined_count, 0)),
        ''
    )
from (select * from raw.batches where quarantined_count > 0) as batches
full join written using (batch_id)
"""

# The keys decide what counts as a repeat: a key without its row would swallow a punch, a row without its key double it.
KEYS = """
select
    (select count(*) from raw.punch_ids),
    count(*),
    count(*) filter (where punch_ids.event_id is not null),
    count(*) - count(distinct punches.event_id) as doubled
from raw.punches left join raw.punch_ids using (event_id)
"""

KEYS_WITHOUT_ROW = """
select punch_ids.event_id::text
from raw.punch_ids left join raw.punches using (event_id)
where punches.event_id is null
limit %s
"""

ROWS_WITHOUT_KEY = """
select punches.event_id::text
from raw.punches left join raw.punch_ids using (event_id)
where punch_ids.event_id is null
limit %s
"""

# What was announced to Kafka in a transaction of ours: the punches that legacy rows stand for, and approved corrections.
# A legacy punch that was too large to announce is in quarantine under its row.
ANNOUNCED = """
with announced as (
    select punch_event_id as event_id, convert_to(table_name || ':' || row_key, 'UTF8') as record_key
    from raw.hr_image
    where punch_event_id is not null
    union all
    select correction_id, null from core.corrections where status = 'approved'
)
select
    count(*),
    array_agg(announced.event_id) filter (
        where
            not exists (select 1 from raw.punch_ids where punch_ids.event_id = announced.event_id)
            and not exists (select 1 from core.outbox where outbox.event_id = announced.event_id)
            and not exists (
                select 1 from raw.quarantine
                where quarantine.record_key = announced.record_key and quarantine.code = 'too_large'
            )
    )
from announced
"""


def database_checks(connection: Connection) -> Iterator[Check]:
    """The checks within PostgreSQL, of one snapshot: the caller opens a repeatable read transaction."""
    yield from _offset_checks(connection)
    yield _check(
        "rows of raw.punches by batch", connection.execute(ROWS).fetchone(), "differing batches (partition/offsets)"
    )
    yield _check("quarantined records by batch", connection.execute(QUARANTINE).fetchone(), "differing batches")
    yield from _key_checks(connection)
    yield _announced_check(connection)


def _offset_checks(connection: Connection) -> Iterator[Check]:
    totals: dict[str, tuple[int, int]] = {}
    broken: dict[str, list[str]] = {}
    for topic, partition, offsets, accounted, breaks in connection.execute(OFFSETS):
        expected, found = totals.get(topic, (0, 0))
        totals[topic] = (expected + offsets, found + accounted)
        if breaks or accounted != offsets:
            where = f"{partition} (batches do not continue at {breaks})" if breaks else f"{partition}"
            broken.setdefault(topic, []).append(where)
    for topic, (expected, found) in totals.items():
        detail = f"partitions: {', '.join(broken[topic])}" if topic in broken else ""
        # Batches that overlap, and leave out as many offsets elsewhere, sum up right.
        yield Check(
            f"offsets of {topic} accounted for", expected, None if detail and found == expected else found, detail
        )


def _check(name: str, row: Sequence[object] | None, label: str) -> Check:
    assert row is not None
    expected, found, differing = row
    assert isinstance(expected, int)
    assert isinstance(found, int)
    # A row too many in one batch and one too few in another sum up right.
    return Check(
        name, expected, None if differing and found == expected else found, f"{label}: {differing}" if differing else ""
    )


def _key_checks(connection: Connection) -> Iterator[Check]:
    row = connection.execute(KEYS).fetchone()
    assert row is not None
    keys, rows, rows_with_key, doubled = row
    for name, expected, statement, label in (
        ("dedup keys with their row", keys, KEYS_WITHOUT_ROW, "without a row"),
        ("rows with their dedup key", rows, ROWS_WITHOUT_KEY, "without a key"),
    ):
        missing = [event_id for (event_id,) in connection.execute(statement, (NAMED,))]
        yield Check(name, expected, rows_with_key, f"{label}: {', '.join(missing)}" if missing else "")
    yield Check("events captured twice", 0, doubled)


def _announced_check(connection: Connection) -> Check:
    row = connection.execute(ANNOUNCED).fetchone()
    assert row is not None
    announced, doubtful = row
    # Refused by the sinks under its own id; asked only for the few, since all headers must be looked through.
    refused = quarantined_event_ids(connection) if doubtful else set()
    missing = [str(event_id) for event_id in doubtful or () if event_id not in refused]
    detail = ", ".join(missing[:NAMED])
    return Check("legacy punches and approved corrections", announced, announced - len(missing), detail)
