"""Who is signed in: the User API checks the password and gives a token, which lives as long as the browser's session."""

from dataclasses import dataclass
from typing import Literal, get_args

import httpx
import streamlit as st
from pydantic import BaseModel, ValidationError

from timecontrol.settings import Settings

Role = Literal["hr", "payroll", "manager", "admin"]

# The API hashes a password in a tenth of a second; one that needs longer than this is not there.
TIMEOUT_SECONDS = 5

_VIEWER = "viewer"


class SessionAnswer(BaseModel):
    """What `POST /v1/sessions` answers, as far as pages need it."""

    token: str
    roles: list[str]
    employee_id: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Viewer:
    """A person who is signed in, with the roles that open pages."""

    login: str
    name: str
    roles: frozenset[Role]
    employee_id: str | None
    token: str

    @property
    def manager_id(self) -> str | None:
        """Whose team alone this viewer sees; None for those who see everybody."""
        return None if self.roles & {"hr", "payroll", "admin"} else self.employee_id


class SignInRefused(Exception):
    """The API does not let this person in; the message says why and what to do."""


def viewer() -> Viewer | None:
    """Who is signed in in this browser session."""
    found: Viewer | None = st.session_state.get(_VIEWER)
    return found


def sign_in(settings: Settings, login: str, password: str) -> Viewer:
    """Ask the API and remember the viewer; raises SignInRefused."""
    address = f"http://{settings.api.host}:{settings.api.port}/v1/sessions"
    try:
        response = httpx.post(address, json={"login": login, "password": password}, timeout=TIMEOUT_SECONDS)
    except httpx.TransportError as error:
        raise SignInRefused(
            f"The User API at {settings.api.host}:{settings.api.port} does not answer, so nobody can sign in. "
            "`timecontrol status` shows why; `timecontrol stack up` starts it."
        ) from error
    if response.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        raise SignInRefused("Login and password do not match. Check both; HR can set a new password.")
    try:
        answer = SessionAnswer.model_validate_json(response.raise_for_status().content)
    except (httpx.HTTPStatusError, ValidationError) as error:
        raise SignInRefused(f"The User API answered {response.status_code}. Try again; `timecontrol status` shows its health.") from error
    roles: frozenset[Role] = frozenset(role for role in get_args(Role) if role in answer.roles)
    if not roles or (roles == {"manager"} and answer.employee_id is None):
        raise SignInRefused("These pages are for HR, payroll, managers and admins. Your own hours are on the web clock.")
    found = Viewer(login, answer.name or login, roles, answer.employee_id, answer.token)
    st.session_state[_VIEWER] = found
    return found


def sign_out() -> None:
    """Forget the viewer and everything chosen in this browser session."""
    st.session_state.clear()
