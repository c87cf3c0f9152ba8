"""How a batch with a record that PostgreSQL cannot hold is cut, until that record is alone."""

import psycopg
import pytest

from ingestion.sinks.postgres.consumer import Piece, halved, refused_by_database
from ingestion.sinks.postgres.handler import Decoded
from ingestion.sinks.records import PartitionId, Record, Refused, Run
from timecontrol.contracts.errors import Rejected


def record(offset: int, partition: int = 0) -> Record:
    return Record("t", partition, offset, None, b"", [], 0)


def piece(first: int, offsets: list[int], refused: tuple[int, ...] = (), partition: int = 0) -> Piece:
    records = [record(offset, partition) for offset in offsets]
    return Piece(
        Run(PartitionId("c", "i", "t", partition), first, records),
        [Decoded(each, each.offset) for each in records if each.offset not in refused],
        [Refused(each, Rejected("bad", "bad")) for each in records if each.offset in refused],
    )


def test_partitions_are_parted_first() -> None:
    pieces = [piece(0, [0], partition=number) for number in range(3)]
    assert halved(pieces) == (pieces[:1], pieces[1:])


def test_halves_continue_each_other_across_a_gap_in_the_log() -> None:
    parts = halved([piece(5, [7, 8, 20, 21], refused=(8, 21))])
    assert parts is not None
    [first], [second] = parts
    assert (first.run.first_offset, first.run.last_offset, first.run.gap_count) == (5, 8, 2)
    assert (second.run.first_offset, second.run.last_offset, second.run.gap_count) == (9, 21, 11)
    assert [item.content for item in first.decoded] == [7]
    assert [item.record.offset for item in second.refused] == [21]


def test_one_record_alone_goes_to_quarantine_with_what_postgres_says() -> None:
    alone = piece(3, [4])
    assert halved([alone]) is None
    refused = refused_by_database(alone, psycopg.DataError("date out of range"))
    assert refused.decoded == ()
    assert [(item.record.offset, item.error.code) for item in refused.refused] == [(4, "refused_by_database")]
    assert "date out of range" in refused.refused[0].error.reason


def test_a_fault_in_writing_the_quarantine_itself_is_not_hidden() -> None:
    with pytest.raises(psycopg.DataError):
        refused_by_database(piece(3, [4], refused=(4,)), psycopg.DataError("x"))
