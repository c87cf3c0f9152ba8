"""How the flusher looks at what it has sent: in slices, and with no transaction open while Redis is read."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from unittest.mock import Mock

import pytest

from ingestion.sources.write_buffer import flusher as module
from ingestion.sources.write_buffer.entries import StreamEntry
from ingestion.sources.write_buffer.flusher import Flusher
from ingestion.sources.write_buffer.ledger import SentEntry
from timecontrol.contracts.buffer import BufferedRecord, encode
from timecontrol.kafka_topics import Incarnation

NOW = Incarnation("cluster", "topic")
BODY_BYTES = 5_000_000


class FakeStream:
    """A stream of refused bodies, each of the largest size that the API takes."""

    def __init__(self, count: int) -> None:
        self.left = [f"{number}-0" for number in range(1, count + 1)]
        self.read_at_once: list[int] = []
        self.transaction_open = False

    def again(self, entry_ids: Sequence[str]) -> list[StreamEntry]:
        assert not self.transaction_open
        self.read_at_once.append(len(entry_ids))
        return [StreamEntry(each, encode([BufferedRecord(each, "k", "api", "o", b"{", "bad")])) for each in entry_ids]

    def take_out(self, entry_ids: Iterable[str]) -> None:
        self.left = [each for each in self.left if each not in set(entry_ids)]


def test_large_refused_bodies_leave_the_stream_a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = FakeStream(13)

    @contextmanager
    def transaction(*_: object) -> Iterator[None]:
        stream.transaction_open = True
        yield
        stream.transaction_open = False

    monkeypatch.setattr(module, "transaction", transaction)
    monkeypatch.setattr(module, "read_positions", lambda *_: {0: 100})
    monkeypatch.setattr(module, "committed_ids", lambda *_: set())
    monkeypatch.setattr(module, "quarantined_hashes", lambda _connection, hashes, _since: hashes)
    flusher = Flusher(stream, Mock(), Mock(), Mock())  # type: ignore[arg-type]  # a fake of what `settle` uses
    for entry_id in stream.left:
        entry = SentEntry(entry_id, NOW, (), has_refused=True, byte_count=BODY_BYTES, unacknowledged=1)
        entry.acknowledged(0, 1)
        flusher.ledger.add(entry)
    while flusher.settle(NOW, look_for_losses=False):
        pass
    assert stream.read_at_once == [6, 6, 1]
    assert stream.left == []
