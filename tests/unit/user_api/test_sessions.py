"""Signing in while the primary is away."""

from unittest.mock import Mock

import pytest

from timecontrol.contracts.errors import Transient
from user_api.routes import sessions
from user_api.routes.sessions import SignIn, open_session


def test_an_attempt_that_nobody_judged_is_taken_back_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "sign_in", Mock(side_effect=Transient("away")))
    services = Mock()
    with pytest.raises(Transient):
        open_session(SignIn(login="ada", password="a guess"), services)
    assert [call[0] for call in services.sign_ins.method_calls] == ["count", "take_back"]
