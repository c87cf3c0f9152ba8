"""The sign-in before the pages: redirects, the cookie, and what a refusal says."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboards import server
from dashboards.accounts import ApiAway, OpenedSession, SignInRefused
from dashboards.server import SIGN_IN, SIGN_OUT, SignInFirst, answer, ask, leave, local
from dashboards.session import COOKIE
from timecontrol.settings import Settings, read_settings

PAGE = {"Accept": "text/html,application/xhtml+xml"}


class Browser:
    """A browser before the sign-in; the pages behind it are one line of text."""

    def __init__(self) -> None:
        routes = [
            Route(SIGN_IN, ask),
            Route(SIGN_IN, answer, methods=["POST"]),
            Route(SIGN_OUT, leave),
            Route("/{page}", lambda _: PlainTextResponse("a page")),
        ]
        app = Starlette(routes=routes, middleware=[Middleware(SignInFirst)])
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1")
        self.cookies = self.client.cookies

    def get(self, address: str, headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self.client.get(address, headers=headers))

    def post(self, address: str, data: dict[str, str], headers: dict[str, str] | None = None) -> httpx.Response:
        return asyncio.run(self.client.post(address, data=data, headers=headers))


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(server, "settings", read_settings)
    return Browser()


def opens(monkeypatch: pytest.MonkeyPatch) -> None:
    def sign_in(_settings: Settings, login: str, _password: str) -> OpenedSession:
        expires_at = datetime.now(UTC) + timedelta(hours=12)
        return OpenedSession(token="tc1.a.b", login=login, employee_id=None, roles=["hr"], expires_at=expires_at)

    monkeypatch.setattr(server, "sign_in", sign_in)


def refuses(monkeypatch: pytest.MonkeyPatch, refusal: SignInRefused) -> None:
    def sign_in(*_: object) -> OpenedSession:
        raise refusal

    monkeypatch.setattr(server, "sign_in", sign_in)


def test_a_page_without_the_cookie_leads_to_the_sign_in_and_back(browser: Browser) -> None:
    redirect = browser.get("/timesheets?person=Ana+B&team=x", headers=PAGE)
    assert redirect.status_code == 303
    form = browser.get(redirect.headers["location"])
    assert '<input type="hidden" name="next" value="/timesheets?person=Ana+B&amp;team=x">' in form.text


def test_what_is_no_page_needs_no_cookie(browser: Browser) -> None:
    assert browser.get("/script.js", headers={"Accept": "*/*"}).text == "a page"


def test_the_token_goes_into_a_cookie_that_scripts_cannot_read(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens(monkeypatch)
    signed_in = browser.post(SIGN_IN, data={"login": "ana", "password": "p", "next": "/timesheets?team=x"})
    assert (signed_in.status_code, signed_in.headers["location"]) == (303, "/timesheets?team=x")
    cookie = signed_in.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=tc1.a.b; HttpOnly; Max-Age=43")
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    assert browser.get("/timesheets", headers=PAGE).text == "a page"


def test_over_https_the_cookie_goes_no_other_way(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    opens(monkeypatch)
    signed_in = browser.post(f"https://127.0.0.1{SIGN_IN}", data={"login": "ana", "password": "p"})
    assert "; Secure" in signed_in.headers["set-cookie"]


@pytest.mark.parametrize(("refusal", "status"), [(SignInRefused("Check <both>."), 401), (ApiAway("Away."), 503)])
def test_a_refusal_keeps_login_and_target(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, refusal: SignInRefused, status: int
) -> None:
    refuses(monkeypatch, refusal)
    refused = browser.post(SIGN_IN, data={"login": 'a"na', "password": "p", "next": "/breaks"})
    assert refused.status_code == status
    assert str(refusal).replace("<", "&lt;").replace(">", "&gt;") in refused.text
    assert 'value="a&#34;na"' in refused.text
    assert 'name="next" value="/breaks"' in refused.text
    assert "set-cookie" not in refused.headers


def test_signing_out_takes_the_token_back_and_forgets_it(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[str] = []
    monkeypatch.setattr(server, "end", lambda _settings, token: ended.append(token))
    browser.cookies.set(COOKIE, "tc1.a.b", domain="127.0.0.1")
    left = browser.get(SIGN_OUT)
    assert "You are signed out." in left.text
    assert ended == ["tc1.a.b"]
    assert browser.get("/breaks", headers=PAGE).status_code == 303


def test_another_site_signs_nobody_in_or_out(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    opens(monkeypatch)
    ended: list[str] = []
    monkeypatch.setattr(server, "end", lambda _settings, token: ended.append(token))
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    refused = browser.post(SIGN_IN, data={"login": "ana", "password": "p"}, headers=elsewhere)
    assert refused.status_code == 403
    assert "Another site sent this form." in refused.text
    browser.cookies.set(COOKIE, "tc1.a.b", domain="127.0.0.1")
    assert browser.get(SIGN_OUT, headers=elsewhere).headers["location"] == "/"
    assert ended == []


def test_signing_out_without_the_api_says_what_that_means(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise ApiAway("away")

    monkeypatch.setattr(server, "end", away)
    browser.cookies.set(COOKIE, "tc1.a.b", domain="127.0.0.1")
    assert "the session ends there by itself" in browser.get(SIGN_OUT).text


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "/\\example.com", "example.com", "", "/a\r\nb"]
)
def test_the_sign_in_leads_nowhere_else(elsewhere: str) -> None:
    assert local(elsewhere) == "/"
