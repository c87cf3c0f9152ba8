"""Who is signed in: the browser keeps the API's token in a cookie that no script on the page can read.

The User API says whom it belongs to: when it is first shown, and again after a minute, so that a closed account or a
token taken back sees nothing more. What it said is kept in this process by the token's hash.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import streamlit as st

from dashboards.accounts import ApiAway, SessionEnded, Viewer, who
from timecontrol.core.tokens import fingerprint
from timecontrol.settings import Settings

COOKIE = "timecontrol_session"
# How long the API's word holds: a revoked token is refused everywhere within this time.
KNOWN_FOR = timedelta(minutes=1)


@dataclass(frozen=True)
class Known:
    """What the API said of a token, and when it was last asked."""

    viewer: Viewer
    asked_at: datetime


@cache
def known_tokens() -> dict[bytes, Known]:
    """The tokens that this process has seen and that have not expired, by their hash."""
    return {}


def viewer(settings: Settings, now: datetime) -> Viewer | None:
    """Who is signed in; None without a cookie. Raises SignInRefused for a session that has ended, ApiAway where nobody can say."""
    token = shown_token()
    if token is None:
        return None
    try:
        return holder(settings, token, now)
    except SessionEnded:
        # What this person had chosen is not for the next one at the same screen.
        st.session_state.clear()
        raise


def shown_token() -> str | None:
    """The token that the browser of this run shows, if any."""
    return st.context.cookies.get(COOKIE)


def holder(settings: Settings, token: str, now: datetime) -> Viewer:
    """Whose token this is, asked of the API at most once a minute. Raises SignInRefused as `viewer` does."""
    tokens, name = known_tokens(), fingerprint(token)
    known = tokens.get(name)
    if known is None or known.viewer.expires_at <= now or now - known.asked_at > KNOWN_FOR:
        forget_expired(tokens, now)
        known = Known(ask(settings, token, tokens.pop(name, None)), now)
        tokens[name] = known
    return known.viewer


def ask(settings: Settings, token: str, known: Known | None) -> Viewer:
    """The API's word; who was let in before goes on reading while the API is away, until the token expires."""
    try:
        return who(settings, token)
    except ApiAway:
        if known is None:
            raise
        return known.viewer


def forget(token: str) -> None:
    """Ask the API again about this token."""
    known_tokens().pop(fingerprint(token), None)


def forget_expired(tokens: dict[bytes, Known], now: datetime) -> None:
    """Remove the tokens that no longer hold."""
    for name, known in list(tokens.items()):
        if known.viewer.expires_at <= now:
            tokens.pop(name, None)
