"""What the API answers to the dashboards, and who may see pages."""

from datetime import UTC, datetime

import httpx
import pytest

from dashboards import accounts
from dashboards.accounts import ApiAway, SessionEnded, SignInRefused, sign_in, who
from timecontrol.settings import Settings, read_settings

OPENED = {
    "token": "t",
    "expires_at": "2026-11-24T20:00:00Z",
    "login": "ana",
    "employee_id": "E1",
    "roles": ["employee", "manager"],
}


@pytest.fixture
def settings() -> Settings:
    return read_settings()


class Answers:
    """The User API, giving one answer and keeping the last request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, status: int, body: object) -> None:
        self.status, self.body = status, body
        monkeypatch.setattr(accounts.httpx, "request", self.request)

    def request(self, method: str, address: str, **given: object) -> httpx.Response:
        self.asked = (method, httpx.URL(address).path, given["headers"], given["json"])
        return httpx.Response(self.status, json=self.body, request=httpx.Request(method, address))


def test_a_session_is_opened_with_login_and_password(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Answers(monkeypatch, 201, OPENED)
    assert sign_in(settings, "ana", "secret").token == "t"
    assert api.asked == ("POST", "/v1/sessions", {}, {"login": "ana", "password": "secret"})


def test_a_token_is_asked_for_its_holder(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Answers(monkeypatch, 200, OPENED)
    found = who(settings, "t")
    assert (found.login, found.roles, found.employee_id) == ("ana", frozenset({"manager"}), "E1")
    assert found.expires_at == datetime(2026, 11, 24, 20, tzinfo=UTC)
    assert api.asked == ("GET", "/v1/me", {"Authorization": "Bearer t"}, None)


def test_a_manager_sees_the_own_team_and_hr_everybody(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch, 200, OPENED)
    assert who(settings, "t").manager_id == "E1"
    Answers(monkeypatch, 200, OPENED | {"roles": ["manager", "hr"]})
    assert who(settings, "t").manager_id is None


@pytest.mark.parametrize("roles", [["employee"], [], ["something_new"]])
def test_no_page_is_for_who_has_no_role_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, roles: list[str]
) -> None:
    Answers(monkeypatch, 201, OPENED | {"roles": roles})
    with pytest.raises(SignInRefused, match=r"for HR, payroll, managers and admins.*an admin can give"):
        sign_in(settings, "ana", "secret")


def test_a_manager_without_a_number_has_no_team(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch, 201, OPENED | {"roles": ["manager"], "employee_id": None})
    with pytest.raises(SignInRefused):
        sign_in(settings, "ana", "secret")


def test_a_wrong_password_says_what_to_do(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch, 401, {"code": "unauthenticated", "reason": "Login or password is wrong."})
    with pytest.raises(SignInRefused, match=r"Check both.*an admin can give your account a new password"):
        sign_in(settings, "ana", "wrong")


def test_a_token_that_no_longer_holds_ends_the_session(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch, 401, {"code": "unauthenticated", "reason": "The token was revoked."})
    with pytest.raises(SessionEnded, match="Sign in again"):
        who(settings, "t")


def test_the_reason_and_advice_of_the_api_are_shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    Answers(monkeypatch, 422, {"code": "x", "reason": "login: too long.", "advice": "Shorten it."})
    with pytest.raises(SignInRefused, match=r"login: too long\. Shorten it\."):
        sign_in(settings, "ana", "secret")


@pytest.mark.parametrize(("status", "body"), [(503, {}), (201, {"hello": 1}), (404, [])])
def test_an_api_that_is_not_well_is_said_to_be_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, status: int, body: object
) -> None:
    Answers(monkeypatch, status, body)
    with pytest.raises(ApiAway, match=f"answered {status}"):
        sign_in(settings, "ana", "secret")
