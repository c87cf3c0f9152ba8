"""Who is signed in: the browser keeps the API's token in a cookie that no script on the page can read.

The User API says whom it belongs to: when a browser session begins, and again a minute later, so that a closed account
or a token taken back sees nothing more.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import streamlit as st

from dashboards.accounts import ApiAway, SessionEnded, Viewer, who
from timecontrol.settings import Settings

COOKIE = "timecontrol_session"
# How long the API's word holds: a revoked token is refused everywhere within this time.
KNOWN_FOR = timedelta(minutes=1)

_KNOWN = "viewer"


@dataclass(frozen=True)
class Known:
    """What the API said of a token, and when."""

    viewer: Viewer
    token: str
    asked_at: datetime


def viewer(settings: Settings, now: datetime) -> Viewer | None:
    """Who is signed in; None without a cookie. Raises SignInRefused for a session that has ended, ApiAway where nobody can say."""
    token = st.context.cookies.get(COOKIE)
    if token is None:
        return None
    known: Known | None = st.session_state.get(_KNOWN)
    if known is not None and (known.token != token or known.viewer.expires_at <= now):
        known = None
    if known is None or now - known.asked_at > KNOWN_FOR:
        known = _ask(settings, token, now, known)
        st.session_state[_KNOWN] = known
    return known.viewer


def _ask(settings: Settings, token: str, now: datetime, known: Known | None) -> Known:
    try:
        return Known(who(settings, token), token, now)
    except ApiAway:
        # Who was let in goes on reading while the API is away; the token ends by itself.
        if known is None:
            raise
        return Known(known.viewer, token, now)
    except SessionEnded:
        st.session_state.clear()
        raise
