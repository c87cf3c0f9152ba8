"""The app where no server is there: it asks for a sign-in, and says what is wrong and what to do."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import dashboards
from dashboards import filter_bar, session
from dashboards.accounts import Role, Viewer, who
from dashboards.data import data
from dashboards.filters import Filters
from timecontrol.settings import PostgresRole, load_settings, principals

APP = Path(dashboards.__file__).parent / "app.py"
# Nothing listens on the ports from here on.
PORT_BASE = "64900"


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("TIMECONTROL_HOME", str(tmp_path))
    monkeypatch.setenv("TIMECONTROL_PORT_BASE", PORT_BASE)
    for role in principals(PostgresRole):
        monkeypatch.setenv(f"TIMECONTROL_SECRETS__POSTGRES__{role.upper()}", "x")
    for user in ("APP", "OPERATOR"):
        monkeypatch.setenv(f"TIMECONTROL_SECRETS__REDIS__{user}", "x")
    data.clear()
    return AppTest.from_file(str(APP), default_timeout=30)


def signed_in(monkeypatch: pytest.MonkeyPatch, *roles: Role) -> None:
    ana = Viewer("ana", frozenset(roles), "E1", datetime.now(UTC) + timedelta(hours=1))
    monkeypatch.setattr(session, "viewer", lambda _settings, _now: ana)


def test_nothing_is_shown_before_the_sign_in(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "viewer", lambda _settings, _now: None)
    app.run()
    app.switch_page("app_pages/timesheets.py")
    app.query_params["team"] = "x y"
    app.run()
    assert [warning.value for warning in app.warning] == ["You are not signed in."]
    assert 'href="/sign-in?next=%2Ftimesheets%3Fteam%3Dx%2By"' in app.main.children[2].proto.body
    assert not app.metric


def test_an_api_that_is_away_is_named_with_what_to_do(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load_settings()
    monkeypatch.setattr(session, "viewer", lambda _settings, _now: who(settings, "t"))
    app.run()
    assert f"http://127.0.0.1:{int(PORT_BASE) + 9} does not answer" in app.warning[0].value
    assert "timecontrol stack up" in app.warning[0].value
    assert [button.label for button in app.button] == ["Try again"]


def test_servers_that_are_away_are_said_to_be_so(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, "hr")
    app.run()
    app.switch_page("app_pages/timesheets.py").run()
    assert [title.value for title in app.title] == ["Hours"]
    assert app.error[0].value.startswith("**The data cannot be read at the moment.**")
    assert "timecontrol status" in app.error[0].value


def test_a_board_that_draws_itself_anew_says_that_servers_are_away(
    app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its filters may still be in the cache when its people are not."""
    signed_in(monkeypatch, "hr")
    everybody = Filters((), (), "", date(2026, 11, 1), date(2026, 11, 28))
    monkeypatch.setattr(filter_bar, "choose", lambda _now, _manager_id, *, with_period: everybody)  # noqa: ARG005
    app.run()
    app.switch_page("app_pages/live_floor.py").run()
    assert [title.value for title in app.title] == ["Live floor"]
    assert [error.value.partition(" No")[0] for error in app.error] == ["**The data cannot be read at the moment.**"]
    assert not app.exception


def test_a_page_for_others_says_for_whom_it_is(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    signed_in(monkeypatch, "manager")
    app.run()
    app.switch_page("app_pages/exports.py").run()
    assert app.info[0].value.startswith("**This page is for admin, hr, payroll.** Your roles are manager;")
    assert not app.selectbox
