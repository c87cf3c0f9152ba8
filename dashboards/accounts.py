"""What the dashboards ask of the User API: who may sign in, whose token this is, and to end it."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Literal, TypeVar, get_args

import httpx
from pydantic import AwareDatetime, BaseModel, ValidationError

from timecontrol.settings import Settings

Role = Literal["hr", "payroll", "manager", "admin"]

# The API hashes a password in a tenth of a second; one that needs longer than this is not there.
TIMEOUT_SECONDS = 5
#: Roles that see everybody.
SEES_ALL: frozenset[Role] = frozenset({"hr", "payroll", "admin"})


class Account(BaseModel):
    """Whom a token belongs to: what `GET /v1/me` answers."""

    login: str
    employee_id: str | None
    roles: list[str]
    expires_at: AwareDatetime


class OpenedSession(Account):
    """What `POST /v1/sessions` answers."""

    token: str


Answer = TypeVar("Answer", bound=Account)


class Fault(BaseModel):
    """Why the API refuses: what is wrong and what to do."""

    reason: str
    advice: str | None = None


@dataclass(frozen=True)
class Viewer:
    """A person who is signed in, with the roles that open pages."""

    login: str
    roles: frozenset[Role]
    employee_id: str | None
    expires_at: datetime

    @property
    def manager_id(self) -> str | None:
        """Whose team alone this viewer sees; None for those who see everybody."""
        return None if self.roles & SEES_ALL else self.employee_id


class SignInRefused(Exception):
    """The API does not let this person in; the message says why and what to do."""


class ApiAway(SignInRefused):
    """The API gave no answer, so that nothing is known of the person."""


class SessionEnded(SignInRefused):
    """The token was taken back or has expired."""


def sign_in(settings: Settings, login: str, password: str) -> OpenedSession:
    """A new session of a person whom pages are for; raises SignInRefused."""
    response = _ask(settings, "POST", "/v1/sessions", body={"login": login, "password": password})
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        raise SignInRefused(
            "Login or password is wrong. Check both, capital letters too; an admin can give your account a new password."
        )
    opened = _read(response, OpenedSession)
    viewer_of(opened)
    return opened


def who(settings: Settings, token: str) -> Viewer:
    """Whose token this is; raises SessionEnded where it no longer holds, ApiAway where nobody can say."""
    response = _ask(settings, "GET", "/v1/me", token=token)
    if response.status_code == HTTPStatus.UNAUTHORIZED:
        raise SessionEnded("Your session has ended. Sign in again: the page opens with the filters that it has now.")
    return viewer_of(_read(response, Account))


def end(settings: Settings, token: str) -> None:
    """Take the token back; raises ApiAway, and then the token ends by itself."""
    _ask(settings, "DELETE", "/v1/sessions/current", token=token)


def viewer_of(account: Account) -> Viewer:
    """The viewer that an account makes; raises SignInRefused where no page is for this person."""
    roles: frozenset[Role] = frozenset(role for role in get_args(Role) if role in account.roles)
    if not roles or (not roles & SEES_ALL and account.employee_id is None):
        raise SignInRefused(
            "These pages are for HR, payroll, managers and admins. Your own hours are on the web clock; "
            "an admin can give your account another role."
        )
    return Viewer(account.login, roles, account.employee_id, account.expires_at)


def _read(response: httpx.Response, model: type[Answer]) -> Answer:
    try:
        if response.is_client_error:
            fault = Fault.model_validate_json(response.content)
            raise SignInRefused(" ".join(part for part in (fault.reason, fault.advice) if part))
        return model.model_validate_json(response.raise_for_status().content)
    except (httpx.HTTPStatusError, ValidationError) as error:
        raise ApiAway(
            f"The User API answered {response.status_code}. Try again in a moment; `timecontrol status` shows its health."
        ) from error


def _ask(
    settings: Settings, method: str, path: str, *, token: str | None = None, body: dict[str, str] | None = None
) -> httpx.Response:
    address = f"http://{settings.api.host}:{settings.api.port}"
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    try:
        return httpx.request(method, f"{address}{path}", headers=headers, json=body, timeout=TIMEOUT_SECONDS)
    except httpx.TransportError as error:
        raise ApiAway(
            f"The User API at {address} does not answer, so nobody can sign in. "
            "`timecontrol status` shows why; `timecontrol stack up` starts it."
        ) from error
