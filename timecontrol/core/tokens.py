"""Tokens of people and devices: signed claims, so that punches are accepted while the database is away. Pure.

The database keeps a token's SHA-256 hash and says whether it was revoked; the signature says that we issued it.
"""

import base64
import binascii
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from timecontrol.core.access import Role

PREFIX = "tc1"
# A person signs in once a working day.
SESSION_LIFE = timedelta(hours=12)


class Unauthenticated(Exception):
    """The request carries no token that we accept; the message says why and what to do."""


class Claims(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a token says about its holder. A person has an `account_id` and roles, a device a `device_id`."""

    token_id: UUID
    kind: Literal["person", "device"]
    account_id: UUID | None = None
    login: str | None = None
    roles: tuple[Role, ...] = ()
    employee_id: str | None = None
    device_id: str | None = None
    site_id: str | None = None
    expires_at: datetime | None = None

    @property
    def actor(self) -> str:
        """The name under which acts are written down."""
        return self.login or f"device:{self.device_id}"


def issue(claims: Claims, key: bytes) -> str:
    """The token that says so: `tc1.<claims>.<signature>`."""
    payload = _text(msgspec.json.encode(claims))
    return f"{PREFIX}.{payload}.{_text(_signature(payload, key))}"


def read(token: str, key: bytes, now: datetime) -> Claims:
    """What a token of ours says; raises Unauthenticated for another's, a changed one and one that has expired."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != PREFIX:
        raise Unauthenticated("This is not a token of this system. Sign in at POST /v1/sessions.")
    try:
        signature = base64.urlsafe_b64decode(parts[2] + "==")
        if not hmac.compare_digest(signature, _signature(parts[1], key)):
            raise Unauthenticated("The token's signature is wrong. Sign in at POST /v1/sessions.")
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=="), type=Claims)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise Unauthenticated("The token is damaged. Sign in at POST /v1/sessions.") from error
    if claims.expires_at is not None and claims.expires_at <= now:
        raise Unauthenticated("The session has ended. Sign in again at POST /v1/sessions.")
    return claims


def fingerprint(token: str) -> bytes:
    """SHA-256 of a token, all that is kept of it."""
    return hashlib.sha256(token.encode()).digest()


def _signature(payload: str, key: bytes) -> bytes:
    return hmac.new(key, f"{PREFIX}.{payload}".encode(), hashlib.sha256).digest()


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
