"""When an entry may leave the Write Redis, and when it is sent again."""

from uuid import UUID

import pytest

from ingestion.sources.write_buffer.ledger import Ledger, SentEntry, progress, slices
from timecontrol.kafka_topics import Incarnation

NOW = Incarnation("cluster", "topic")


def sent(**changes: object) -> SentEntry:
    entry = SentEntry("1-0", NOW, (UUID(int=1), UUID(int=2)), has_refused=False, byte_count=100, unacknowledged=2)
    entry.acknowledged(0, 10)
    entry.acknowledged(3, 7)
    for name, value in changes.items():
        setattr(entry, name, value)
    return entry


@pytest.mark.parametrize(
    ("positions", "ends", "expected"),
    [
        ({}, {}, "waiting"),
        ({0: 11, 3: 7}, {0: 11, 3: 8}, "waiting"),
        ({0: 11, 3: 8}, {}, "passed"),
        ({0: 5}, {0: 11, 3: 7}, "lost"),
        ({0: 5}, {0: 11}, "waiting"),
    ],
    ids=["sink has read nothing", "one partition behind", "read past all", "log ends before", "one end unknown"],
)
def test_progress_follows_the_sinks_positions_and_the_logs_ends(
    positions: dict[int, int], ends: dict[int, int], expected: str
) -> None:
    assert progress(sent(), NOW, positions, ends) == expected


def test_a_new_topic_or_cluster_has_lost_the_entry() -> None:
    assert progress(sent(), Incarnation("cluster", "made anew"), {0: 11, 3: 8}, {}) == "lost"
    assert progress(sent(), Incarnation("other", "topic"), {0: 11, 3: 8}, {}) == "lost"


def test_an_entry_waits_for_every_acknowledgement_before_it_is_sent_again() -> None:
    entry = sent(unacknowledged=1)
    assert progress(entry, NOW, {0: 11, 3: 8}, {}) == "waiting"
    entry.not_acknowledged()
    assert progress(entry, NOW, {0: 11, 3: 8}, {}) == "lost"


def test_the_highest_offset_of_a_partition_counts() -> None:
    entry = SentEntry("1-0", NOW, (), has_refused=True, byte_count=100, unacknowledged=2)
    entry.acknowledged(0, 10)
    entry.acknowledged(0, 4)
    assert entry.last_offsets == {0: 10}


def test_the_ledger_counts_what_is_under_way_once() -> None:
    ledger = Ledger()
    ledger.add(sent())
    ledger.add(sent())
    assert (len(ledger), ledger.record_count, "1-0" in ledger) == (1, 2, True)
    ledger.remove(["1-0", "unknown"])
    assert (len(ledger), ledger.record_count) == (0, 0)


@pytest.mark.parametrize(
    ("sizes", "lengths"),
    [([], []), ([1] * 130, [64, 64, 2]), ([16_000_000] * 3, [2, 1]), ([40_000_000, 1], [1, 1])],
    ids=["nothing", "small ones by number", "large ones by bytes", "one that is larger than a slice"],
)
def test_entries_are_handled_in_slices_of_bounded_number_and_size(sizes: list[int], lengths: list[int]) -> None:
    entries = [
        SentEntry(str(number), NOW, (), has_refused=True, byte_count=size, unacknowledged=1)
        for number, size in enumerate(sizes)
    ]
    parts = list(slices(entries))
    assert [len(part) for part in parts] == lengths
    assert [entry for part in parts for entry in part] == entries
