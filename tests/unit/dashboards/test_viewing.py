"""What outlives the run of a page, fragments and download buttons, asks again who is signed in."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboards import session, viewing
from dashboards.accounts import SessionEnded, SignInRefused, Viewer
from dashboards.filters import Filters
from timecontrol.clock import FixedClock
from timecontrol.settings import read_settings

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
ANA = Viewer("ana", frozenset({"hr"}), None, NOW + timedelta(hours=12))
DEMOTED = Viewer("ana", frozenset({"manager"}), "E1", NOW + timedelta(hours=12))
FILTERS = Filters((), (), "", NOW.date(), NOW.date())


class Rerun(Exception):
    """The whole app runs anew."""


class Page:
    """A page of Ana's that was drawn, and what the API says of her token now."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.session_state: dict[str, object] = {}
        self.settings, self.clock = read_settings(), FixedClock(NOW)
        self.answer: Viewer | SignInRefused | None = ANA
        monkeypatch.setattr(viewing, "st", self)
        monkeypatch.setattr(viewing, "data", lambda: self)
        monkeypatch.setattr(session, "shown_token", lambda: "t")
        monkeypatch.setattr(session, "viewer", lambda *_: self.said())
        monkeypatch.setattr(session, "holder", lambda *_: self.said())
        viewing.start(ANA, FILTERS)

    def rerun(self, scope: str) -> None:
        assert scope == "app"
        raise Rerun

    def said(self) -> Viewer | None:
        if isinstance(self.answer, SignInRefused):
            raise self.answer
        return self.answer


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(monkeypatch)


def test_a_fragment_goes_on_for_the_same_viewer(page: Page) -> None:
    assert viewing.filters() == FILTERS
    viewing.confirm()
    assert page.session_state


@pytest.mark.parametrize("answer", [SessionEnded("ended"), None, DEMOTED])
def test_a_fragment_of_somebody_who_is_no_longer_that_starts_the_app_anew(
    page: Page, answer: Viewer | SignInRefused | None
) -> None:
    page.answer = answer
    with pytest.raises(Rerun):
        viewing.confirm()


def test_a_file_is_made_for_the_viewer_of_the_page_alone(page: Page) -> None:
    produce = viewing.confirmed(lambda: b"rows")
    assert produce() == b"rows"
    page.answer = DEMOTED
    with pytest.raises(SignInRefused, match="no longer signed in"):
        produce()
    page.answer = SessionEnded("ended")
    with pytest.raises(SessionEnded):
        produce()
