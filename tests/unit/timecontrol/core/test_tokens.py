"""Signed tokens."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from timecontrol.core.tokens import Claims, Unauthenticated, issue, read

NOW = datetime(2026, 11, 24, tzinfo=UTC)
CLAIMS = Claims(token_id=UUID(int=1), kind="person", login="ada", roles=("hr",), expires_at=NOW + timedelta(hours=1))


def test_a_token_says_what_it_was_issued_for() -> None:
    assert read(issue(CLAIMS, b"key"), b"key", NOW) == CLAIMS


@pytest.mark.parametrize(
    "token", ["", "abc", "tc1..", "tc1.e30.", "tc1.é.x", issue(CLAIMS, b"other key"), issue(CLAIMS, b"key")[:-2]]
)
def test_what_we_did_not_issue_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        read(token, b"key", NOW)


def test_a_session_ends() -> None:
    with pytest.raises(Unauthenticated, match="ended"):
        read(issue(CLAIMS, b"key"), b"key", NOW + timedelta(hours=1))
