"""How long the API's word about a token holds."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards import session
from dashboards.accounts import ApiAway, SessionEnded, SignInRefused, Viewer
from dashboards.session import COOKIE, KNOWN_FOR
from timecontrol.settings import Settings, read_settings

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANA = Viewer("ana", frozenset({"hr"}), None, NOW + timedelta(hours=12))


class Browser:
    """A browser session with its cookies, and the API's answer about them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]) -> None:
        self.answer: Viewer | SignInRefused = ANA
        self.cookies = cookies
        self.context = self
        self.session_state: dict[str, object] = {}
        self.asked: list[str] = []
        monkeypatch.setattr(session, "st", self)
        known: dict[bytes, session.Known] = {}
        monkeypatch.setattr(session, "known_tokens", lambda: known)
        monkeypatch.setattr(session, "who", self.who)

    def who(self, _settings: Settings, token: str) -> Viewer:
        self.asked.append(token)
        if isinstance(self.answer, SignInRefused):
            raise self.answer
        return self.answer


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    return Browser(monkeypatch, {COOKIE: "t"})


def viewer(later: timedelta = timedelta()) -> Viewer | None:
    return session.viewer(read_settings(), NOW + later)


def test_without_a_cookie_nobody_is_asked(browser: Browser) -> None:
    browser.cookies.clear()
    assert viewer() is None
    assert browser.asked == []


def test_the_api_is_asked_once_a_minute(browser: Browser) -> None:
    assert [viewer(), viewer(), viewer(KNOWN_FOR)] == [ANA, ANA, ANA]
    assert browser.asked == ["t"]
    assert viewer(KNOWN_FOR * 2) == ANA
    assert browser.asked == ["t", "t"]


def test_another_token_is_another_person(browser: Browser) -> None:
    viewer()
    browser.cookies[COOKIE] = "u"
    viewer()
    assert browser.asked == ["t", "u"]


def test_who_signs_out_is_asked_for_again(browser: Browser) -> None:
    viewer()
    session.forget("t")
    viewer()
    assert browser.asked == ["t", "t"]


def test_a_token_taken_back_ends_what_was_chosen_too(browser: Browser) -> None:
    viewer()
    browser.session_state["person"] = "Ana (E1)"
    browser.answer = SessionEnded("ended")
    with pytest.raises(SessionEnded):
        viewer(KNOWN_FOR * 2)
    assert browser.session_state == {}


def test_who_was_let_in_goes_on_reading_while_the_api_is_away(browser: Browser) -> None:
    viewer()
    browser.answer = ApiAway("away")
    assert viewer(KNOWN_FOR * 2) == ANA
    with pytest.raises(ApiAway):
        viewer(timedelta(hours=12))


def test_nobody_is_let_in_while_the_api_is_away(browser: Browser) -> None:
    browser.answer = ApiAway("away")
    with pytest.raises(ApiAway):
        viewer()
