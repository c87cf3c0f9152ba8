"""The app where no server is there: it asks for a sign-in, and says what is wrong and what to do."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards.data import data
from dashboards.session import Viewer
from timecontrol.settings import PostgresRole, principals

APP = Path(dashboards.__file__).parent / "app.py"
# Nothing listens on the ports from here on.
PORT_BASE = "64900"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))
    monkeypatch.setenv("TIMECONTROL_PORT_BASE", PORT_BASE)
    secrets = ", ".join(f'"{role}": "x"' for role in principals(PostgresRole))
    monkeypatch.setenv("TIMECONTROL_SECRETS__POSTGRES", f"{{{secrets}}}")
    monkeypatch.setenv("TIMECONTROL_SECRETS__REDIS", '{"app": "x", "operator": "x"}')
    data.clear()
    return AppTest.from_file(str(APP), default_timeout=30)


def test_nothing_is_shown_before_the_sign_in(app: AppTest) -> None:
    app.run()
    assert [field.label for field in app.text_input] == ["Login", "Password"]
    assert not app.metric


def test_an_api_that_is_away_is_named_with_what_to_do(app: AppTest) -> None:
    app.run()
    app.text_input[0].input("hr@example.com")
    app.text_input[1].input("wrong")
    app.button[0].click().run()
    assert f"http://127.0.0.1:{int(PORT_BASE) + 9} does not answer" in app.error[0].value
    assert "timecontrol stack up" in app.error[0].value


def test_servers_that_are_away_are_said_to_be_so(app: AppTest) -> None:
    expires_at = datetime.now(UTC) + timedelta(hours=1)
    app.session_state["viewer"] = Viewer("hr", frozenset({"hr"}), None, "token", expires_at)
    app.run()
    app.switch_page("app_pages/timesheets.py").run()
    assert [title.value for title in app.title] == ["Hours"]
    assert app.error[0].value.startswith("**The data cannot be read at the moment.**")
    assert "timecontrol status" in app.error[0].value


def test_an_expired_session_ends(app: AppTest) -> None:
    expires_at = datetime.now(UTC) - timedelta(seconds=1)
    app.session_state["viewer"] = Viewer("hr", frozenset({"hr"}), None, "token", expires_at)
    app.run()
    assert [field.label for field in app.text_input] == ["Login", "Password"]
