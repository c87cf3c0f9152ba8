"""The transaction of a write, and what its answer says."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import Mock

import pytest
from fastapi import Response

from timecontrol.contracts.errors import Transient
from user_api import services
from user_api.services import WRITE_POSITION, writing


def test_a_write_that_is_committed_is_answered_without_a_position_where_the_primary_is_lost_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    committed: list[str] = []

    @contextmanager
    def transaction(_engine: object) -> Iterator[str]:
        if committed:
            raise Transient("the primary is away")
        yield "session"
        committed.append("session")

    monkeypatch.setattr(services, "transaction", transaction)
    response = Response()
    with writing(Mock(), response) as session:
        assert str(session) == "session"
    assert committed == ["session"]
    assert WRITE_POSITION not in response.headers
