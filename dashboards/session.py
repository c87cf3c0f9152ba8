"""Who is signed in: the User API checks the password and gives a token, which the browser's session holds until it ends."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import httpx
import streamlit as st
from pydantic import AwareDatetime, BaseModel, ValidationError

from timecontrol.settings import Settings

Role = Literal["hr", "payroll", "manager", "admin"]

# The API hashes a password in a tenth of a second; one that needs longer than this is not there.
TIMEOUT_SECONDS = 5
#: Roles that see everybody.
SEES_ALL: frozenset[Role] = frozenset({"hr", "payroll", "admin"})

_VIEWER = "viewer"


class SessionAnswer(BaseModel):
    """What `POST /v1/sessions` answers."""

    token: str
    expires_at: AwareDatetime
    login: str
    employee_id: str | None
    roles: list[str]


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
    token: str
    expires_at: datetime

    @property
    def manager_id(self) -> str | None:
        """Whose team alone this viewer sees; None for those who see everybody."""
        return None if self.roles & SEES_ALL else self.employee_id


class SignInRefused(Exception):
    """The API does not let this person in; the message says why and what to do."""


def viewer(now: datetime) -> Viewer | None:
    """Who is signed in in this browser session; nobody once the token has expired."""
    found: Viewer | None = st.session_state.get(_VIEWER)
    return found if found is not None and found.expires_at > now else None


def sign_in(settings: Settings, login: str, password: str) -> Viewer:
    """Ask the API and remember the viewer; raises SignInRefused."""
    try:
        response = httpx.post(
            f"{api(settings)}/v1/sessions", json={"login": login, "password": password}, timeout=TIMEOUT_SECONDS
        )
    except httpx.TransportError as error:
        raise SignInRefused(
            f"The User API at {api(settings)} does not answer, so nobody can sign in. "
            "`timecontrol status` shows why; `timecontrol stack up` starts it."
        ) from error
    found = read_answer(response)
    st.session_state[_VIEWER] = found
    return found


def read_answer(response: httpx.Response) -> Viewer:
    """The viewer that the API's answer speaks of; raises SignInRefused where it refuses, or where no page is for this person."""
    try:
        if response.is_client_error:
            fault = Fault.model_validate_json(response.content)
            raise SignInRefused(" ".join(part for part in (fault.reason, fault.advice) if part))
        answer = SessionAnswer.model_validate_json(response.raise_for_status().content)
    except (httpx.HTTPStatusError, ValidationError) as error:
        raise SignInRefused(
            f"The User API answered {response.status_code}. Try again in a moment; `timecontrol status` shows its health."
        ) from error
    roles: frozenset[Role] = frozenset(role for role in get_args(Role) if role in answer.roles)
    if not roles or (not roles & SEES_ALL and answer.employee_id is None):
        raise SignInRefused(
            "These pages are for HR, payroll, managers and admins. Your own hours are on the web clock; "
            "an admin can give your account another role."
        )
    return Viewer(answer.login, roles, answer.employee_id, answer.token, answer.expires_at)


def sign_out(settings: Settings, token: str) -> None:
    """Forget the viewer and everything chosen; the API takes the token back, if it answers (else it expires by itself)."""
    st.session_state.clear()
    try:
        httpx.delete(
            f"{api(settings)}/v1/sessions/current",
            headers={"Authorization": f"Bearer {token}"},
            timeout=TIMEOUT_SECONDS,
        )
    except httpx.TransportError:
        st.toast("Signed out here. The User API does not answer: the session ends there by itself.")


def api(settings: Settings) -> str:
    """Where the User API is."""
    return f"http://{settings.api.host}:{settings.api.port}"
