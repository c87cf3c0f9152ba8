"""What the HR image makes of repeats, of several GTID domains, and of a replicator that was replaced: on a real PostgreSQL."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

import msgspec
import pytest
import uuid_utils

from ingestion.sinks.postgres.consumer import PostgresStore
from ingestion.sinks.postgres.handler import Decoded, Outcome
from ingestion.sinks.postgres.hr_changes import HrChangesHandler
from ingestion.sinks.records import PartitionId, Record, Run
from tests.capture import as_owner, query
from tests.running_stack import RunningStack
from timecontrol.contracts.hr_change import TOPIC, HrChange, Op
from timecontrol.warehouse.pools import Connection, connect, open_pool

# No topic of ours has so many partitions: what these tests write meets no other rows, and is rolled back.
PARTITION = 9999
FIRST = UUID("019aaaaa-0000-7000-8000-000000000001")
SECOND = UUID("019aaaaa-0000-7000-8000-000000000002")
NOW = datetime(2026, 1, 5, tzinfo=UTC)


class Image:
    """The image as a sink keeps it, inside one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.table = f"t-{uuid_utils.uuid7()}"
        self._handler = HrChangesHandler(b"key")
        self._offsets = itertools.count()

    def write(self, *changes: HrChange) -> Outcome:
        decoded = [
            Decoded(Record(TOPIC, PARTITION, next(self._offsets), None, None, (), 0), change) for change in changes
        ]
        return self._handler.write(self.connection, decoded, {PARTITION: 1})

    def change(
        self, op: Op, place: str = "", number: int = 0, value: str | None = None, key: str = "1", snapshot: UUID = FIRST
    ) -> HrChange:
        marker = op in ("snapshot_begin", "snapshot_end", "truncate")
        row = None if marker or op == "delete" else {"id": key, "v": value}
        return HrChange(
            "" if marker and op != "truncate" else self.table,
            "" if marker else f'["{key}"]',
            op,
            row,
            place,
            number,
            snapshot,
            NOW,
        )

    def rows(self) -> dict[str, Any]:
        found = self.connection.execute(
            "select row_data ->> 'id', row_data -> 'v' from raw.hr_image where table_name = %s order by 1",
            (self.table,),
        )
        return dict(found.fetchall())

    def history(self) -> list[tuple[str, Any]]:
        return self.connection.execute(
            "select op, row_data -> 'v' from raw.hr_versions where table_name = %s order by version_id", (self.table,)
        ).fetchall()


@pytest.fixture
def image(stack: RunningStack) -> Iterator[Image]:
    settings = stack.require("postgres")
    with connect(settings, "ingest") as connection:
        yield Image(connection)
        connection.rollback()


@pytest.fixture
def partition_id(stack: RunningStack) -> Iterator[PartitionId]:
    """A partition that a whole sink can read and commit; what it leaves is removed."""
    settings = stack.require("postgres")
    found = PartitionId(f"test-{uuid_utils.uuid7()}", "none", TOPIC, PARTITION - 1)
    yield found
    as_owner(settings, "delete from raw.quarantine where source = 'kafka:none'")
    as_owner(settings, "delete from raw.batches where cluster_id = %s", found.cluster_id)
    as_owner(settings, "delete from raw.positions where cluster_id = %s", found.cluster_id)
    as_owner(settings, "delete from raw.hr_image where topic_partition = %s", found.partition)
    as_owner(settings, "delete from raw.hr_versions where topic_partition = %s", found.partition)
    as_owner(settings, "delete from raw.hr_streams where topic_partition = %s", found.partition)


def test_a_row_that_no_index_of_ours_can_hold_is_quarantined_alone(
    stack: RunningStack, partition_id: PartitionId
) -> None:
    """A key of 3,000 characters, as MySQL allows: too large for the index, which PostgreSQL calls an operational error."""
    settings = stack.require("postgres")
    long_key = "".join(f"{number:x}" for number in Random(1).choices(range(16), k=3000))
    with open_pool(settings, "ingest", max_size=1) as pool, connect(settings, "ingest") as connection:
        image = Image(connection)
        changes = [*begin(image), *(image.change("insert", "0-1-11", 1, key=key) for key in (long_key, "2"))]
        records = [
            Record(TOPIC, partition_id.partition, offset, None, msgspec.json.encode(change), (), 0)
            for offset, change in enumerate(changes)
        ]
        store = PostgresStore(pool, [HrChangesHandler(b"key")], b"key")
        store.start(partition_id, 0)
        store.apply([Run(partition_id, 0, records)])
        assert image.rows() == {"2": None}
    [(place, code)] = query(settings, "select place, code from raw.quarantine where source = 'kafka:none'")
    assert (place, code) == (records[2].place, "refused_by_database")


def begin(image: Image, snapshot: UUID = FIRST, place: str = "0-1-10") -> list[HrChange]:
    return [
        image.change("snapshot_begin", place, snapshot=snapshot),
        image.change("snapshot_end", place, snapshot=snapshot),
    ]


def test_repeats_are_dropped_within_a_batch_and_across_batches(image: Image) -> None:
    image.write(*begin(image))
    stream = [
        image.change("insert", "0-1-11", 1, "a"),
        image.change("update", "0-1-12", 1, "b"),
        image.change("update", "0-1-12", 2, "c"),
    ]
    assert len(image.write(*stream, *stream[1:]).repeats) == 2
    assert len(image.write(*stream, image.change("update", "0-1-13", 1, "d")).repeats) == 3
    assert image.rows() == {"1": "d"}
    assert image.history() == [("insert", "a"), ("update", "b"), ("update", "c"), ("update", "d")]


def test_what_the_snapshot_shows_already_is_not_applied_again(image: Image) -> None:
    image.write(
        image.change("snapshot_begin", "0-1-10"),
        image.change("snapshot", "0-1-10", value="new"),
        image.change("snapshot_end", "0-1-10"),
    )
    assert len(image.write(image.change("update", "0-1-10", 3, "old")).repeats) == 1
    assert image.rows() == {"1": "new"}


def test_domains_are_counted_apart(image: Image) -> None:
    image.write(*begin(image, place="0-1-10,7-1-100"))
    stream = [
        image.change("insert", "0-1-11", 1, "a"),
        image.change("update", "7-1-101", 1, "b"),
        image.change("update", "0-1-12", 1, "c"),
    ]
    assert image.write(*stream).repeats == []
    assert len(image.write(*stream).repeats) == 3
    assert image.rows() == {"1": "c"}
    # A domain that the snapshot had not seen begins with its first transaction.
    assert image.write(image.change("update", "9-1-1", 1, "d")).repeats == []


def test_rows_that_a_later_snapshot_does_not_name_are_deleted_and_unchanged_ones_have_no_new_version(
    image: Image,
) -> None:
    image.write(*begin(image), *(image.change("insert", "0-1-11", int(key), key, key) for key in "123"))
    image.write(
        image.change("snapshot_begin", "0-1-20", snapshot=SECOND),
        image.change("snapshot", "0-1-20", value="1", key="1", snapshot=SECOND),
        image.change("snapshot", "0-1-20", value="changed", key="3", snapshot=SECOND),
        image.change("snapshot_end", "0-1-20", snapshot=SECOND),
    )
    assert image.rows() == {"1": "1", "3": "changed"}
    assert image.history() == [
        ("insert", "1"),
        ("insert", "2"),
        ("insert", "3"),
        ("snapshot", "changed"),
        ("delete", None),
    ]


def test_a_replicator_that_was_replaced_changes_nothing_any_more(image: Image) -> None:
    image.write(*begin(image), *begin(image, SECOND, "0-1-20"))
    late = [
        image.change("insert", "0-1-15", 1, "late"),
        image.change("insert", "0-1-25", 1, "late"),
        image.change("snapshot_begin", "0-1-12"),
        image.change("snapshot", "0-1-12", value="late"),
        image.change("snapshot_end", "0-1-12"),
    ]
    assert len(image.write(*late).repeats) == 5
    assert image.rows() == {}
    assert image.write(image.change("insert", "0-1-21", 1, "a", snapshot=SECOND)).repeats == []
    assert image.rows() == {"1": "a"}


def test_an_interrupted_snapshot_is_forgotten(image: Image) -> None:
    image.write(
        image.change("snapshot_begin", "0-1-10"), image.change("snapshot", "0-1-10", value="gone since", key="9")
    )
    image.write(
        image.change("snapshot_begin", "0-1-20", snapshot=SECOND),
        image.change("snapshot", "0-1-20", value="a", snapshot=SECOND),
        image.change("snapshot_end", "0-1-20", snapshot=SECOND),
    )
    assert image.rows() == {"1": "a"}


def test_truncate_empties_the_table_once(image: Image) -> None:
    image.write(*begin(image), image.change("insert", "0-1-11", 1, "a"))
    truncate = image.change("truncate", "0-1-12", 1)
    after = image.change("insert", "0-1-13", 1, "b")
    assert image.write(truncate, after).repeats == []
    assert len(image.write(truncate, after).repeats) == 2
    assert image.rows() == {"1": "b"}
    assert image.history() == [("insert", "a"), ("delete", None), ("insert", "b")]


def test_a_change_without_the_beginning_of_its_snapshot_is_refused(image: Image) -> None:
    outcome = image.write(image.change("insert", "0-1-11", 1, "a"))
    assert [refused.error.code for refused in outcome.refused] == ["no_snapshot_begin"]
