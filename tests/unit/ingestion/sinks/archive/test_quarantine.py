"""How the archive follows PostgreSQL's quarantine."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import MagicMock

import pytest

from ingestion.sinks.archive import quarantine


def test_no_transaction_of_postgres_waits_for_mongodb(monkeypatch: pytest.MonkeyPatch) -> None:
    is_open = False
    while_open: list[bool] = []

    @contextmanager
    def transaction(_pool: object) -> Iterator[MagicMock]:
        nonlocal is_open
        is_open = True
        yield MagicMock()
        is_open = False

    positions = MagicMock()
    positions.find_one.side_effect = lambda *_: while_open.append(is_open)
    monkeypatch.setattr(quarantine, "transaction", transaction)
    monkeypatch.setattr(quarantine, "cluster_of", lambda _: 7)
    monkeypatch.setattr(
        quarantine, "committed_after", lambda _connection, reached, _limit: [] if reached == (0, 0) else None
    )
    database = MagicMock(__getitem__=MagicMock(return_value=positions))
    assert not quarantine.copy_some(MagicMock(), database)
    assert while_open == [False]
