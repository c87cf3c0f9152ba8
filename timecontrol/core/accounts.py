"""Accounts and their tokens: sign-in, devices' tokens, revocation. Passwords are kept as argon2 hashes only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import uuid_utils
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from timecontrol.clock import SystemClock
from timecontrol.contracts.errors import Rejected
from timecontrol.core.access import ROLES, Role
from timecontrol.core.tokens import SESSION_LIFE, Claims, Unauthenticated, fingerprint, issue
from timecontrol.settings import Settings
from timecontrol.warehouse.acts import record_act
from timecontrol.warehouse.core_store import announce, core_engine, driver, transaction
from timecontrol.warehouse.core_tables import Account, Token

# NIST SP 800-63B asks for at least eight characters; twelve keep a guess against argon2 out of reach.
MIN_PASSWORD_CHARACTERS = 12

_hasher = PasswordHasher()
# Checked where the login is unknown, so that the time of an answer does not tell which logins exist.
_NOBODYS_HASH = _hasher.hash("nobody has this password")


@dataclass(frozen=True)
class Issued:
    """A new token; the text is shown once and kept nowhere."""

    token: str
    claims: Claims


def check_roles(roles: Sequence[str]) -> list[Role]:
    """The roles as such; raises Rejected for one that does not exist."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown or not roles:
        raise Rejected("unknown_role", f"roles {unknown or 'are missing'}: choose from {', '.join(ROLES)}", "roles")
    return [role for role in ROLES if role in roles]


def add_account(
    session: Session,
    login: str,
    password: str,
    roles: Sequence[str],
    employee_id: str | None,
    *,
    actor: str,
    now: datetime,
) -> Account:
    """A new account; raises Rejected when the login is taken, the password short or a role unknown."""
    checked = check_roles(roles)
    if len(password) < MIN_PASSWORD_CHARACTERS:
        raise Rejected(
            "short_password", f"the password needs at least {MIN_PASSWORD_CHARACTERS} characters", "password"
        )
    if session.scalar(select(Account).where(Account.login == login)) is not None:
        raise Rejected("login_taken", f"there is an account {login!r} already; choose another login", "login")
    account = Account(
        account_id=UUID(str(uuid_utils.uuid7())),
        login=login,
        employee_id=employee_id,
        password_hash=_hasher.hash(password),
        roles=list(checked),
        active=True,
    )
    session.add(account)
    session.flush()
    announce(session, "account", login, "created", describe(account), actor, now)
    return account


def create_account(
    settings: Settings, login: str, password: str, roles: Sequence[str], employee_id: str | None
) -> bool:
    """Make an account from the machine itself (the first administrator); False if the login exists already.

    Raises Rejected for a short password or an unknown role, Transient when the primary does not answer.
    """
    engine = core_engine(settings)
    try:
        with transaction(engine) as session:
            if session.scalar(select(Account).where(Account.login == login)) is not None:
                return False
            add_account(session, login, password, roles, employee_id, actor="stack", now=SystemClock().now())
        return True
    finally:
        engine.dispose()


def change_account(
    session: Session,
    account: Account,
    *,
    roles: Sequence[str] | None,
    active: bool | None,
    password: str | None,
    actor: str,
    now: datetime,
) -> None:
    """Change what is given; an account that is closed, or whose password changes, loses its sessions."""
    if roles is not None:
        account.roles = list(check_roles(roles))
    if password is not None:
        if len(password) < MIN_PASSWORD_CHARACTERS:
            raise Rejected(
                "short_password", f"the password needs at least {MIN_PASSWORD_CHARACTERS} characters", "password"
            )
        account.password_hash = _hasher.hash(password)
    if active is not None:
        account.active = active
    if password is not None or active is False:
        session.execute(
            update(Token)
            .where(Token.account_id == account.account_id, Token.revoked_at.is_(None))
            .values(revoked_at=now)
        )
    session.flush()
    announce(session, "account", account.login, "updated", describe(account), actor, now)


def describe(account: Account) -> dict[str, object]:
    """An account without its secret."""
    return {
        "login": account.login,
        "employee_id": account.employee_id,
        "roles": list(account.roles),
        "active": account.active,
    }


class SignInRefused(Unauthenticated):
    """Login or password is wrong, or the account closed: nothing says which."""

    def __init__(self, login: str) -> None:
        super().__init__("Login or password is wrong.")
        self.login = login


def record_refused_sign_in(session: Session, login: str) -> None:
    """Write down that somebody tried an account. What is no login is not kept: it may be a password in the wrong field."""
    account = session.scalar(select(Account).where(Account.login == login))
    if account is not None:
        record_act(driver(session), "anonymous", "sign_in.failed", f"account/{login}", {"active": account.active})


def sign_in(engine: Engine, login: str, password: str, key: bytes, now: datetime) -> Issued:
    """A token for the person with this login and password; raises SignInRefused, Transient.

    The password is judged between two transactions: it takes far longer than both, and connections are few.
    """
    with transaction(engine) as session:
        known = session.scalar(select(Account).where(Account.login == login, Account.active))
    try:
        _hasher.verify(known.password_hash if known else _NOBODYS_HASH, password)
    except (VerificationError, InvalidHashError):
        known = None
    if known is None:
        raise SignInRefused(login)
    # Whoever closes the account or changes its password waits for this row, and then finds the new session to end.
    unchanged = (
        select(Account)
        .where(Account.account_id == known.account_id, Account.active, Account.password_hash == known.password_hash)
        .with_for_update(read=True)
    )
    with transaction(engine) as session:
        account = session.scalar(unchanged)
        if account is None:
            raise SignInRefused(login)
        claims = Claims(
            token_id=UUID(str(uuid_utils.uuid7())),
            kind="person",
            account_id=account.account_id,
            login=account.login,
            roles=tuple(check_roles(account.roles)),
            employee_id=account.employee_id,
            expires_at=now + SESSION_LIFE,
        )
        return _keep(session, claims, key, created_by=account.login, now=now)


def issue_device_token(
    session: Session,
    device_id: str,
    site_id: str | None,
    expires_at: datetime | None,
    key: bytes,
    *,
    actor: str,
    now: datetime,
) -> Issued:
    """A token for a device; it holds until `expires_at`, or until it is revoked."""
    claims = Claims(
        token_id=UUID(str(uuid_utils.uuid7())),
        kind="device",
        device_id=device_id,
        site_id=site_id,
        expires_at=expires_at,
    )
    issued = _keep(session, claims, key, created_by=actor, now=now)
    data = {"device_id": device_id, "site_id": site_id, "expires_at": expires_at}
    announce(session, "token", str(claims.token_id), "created", data, actor, now)
    return issued


def revoke(session: Session, token_id: UUID, *, actor: str, now: datetime) -> bool:
    """Take a token back; False when there is none that is still valid."""
    token = session.get(Token, token_id)
    if token is None or token.revoked_at is not None:
        return False
    token.revoked_at = now
    session.flush()
    data = {"device_id": token.device_id, "kind": token.kind, "revoked_at": now}
    announce(session, "token", str(token_id), "deleted", data, actor, now)
    return True


def _keep(session: Session, claims: Claims, key: bytes, *, created_by: str, now: datetime) -> Issued:
    token = issue(claims, key)
    session.add(
        Token(
            token_id=claims.token_id,
            token_hash=fingerprint(token),
            kind=claims.kind,
            account_id=claims.account_id,
            device_id=claims.device_id,
            site_id=claims.site_id,
            expires_at=claims.expires_at,
            revoked_at=None,
            created_at=now,
            created_by=created_by,
        )
    )
    session.flush()
    return Issued(token, claims)


def holder(session: Session, claims: Claims, token: str) -> Claims:
    """The claims with the roles that hold now; raises Unauthenticated for a token revoked or an account closed."""
    row = session.get(Token, claims.token_id)
    if row is None or row.token_hash != fingerprint(token) or row.revoked_at is not None:
        raise Unauthenticated("The token was revoked. Sign in again at POST /v1/sessions.")
    if claims.account_id is None:
        return claims
    account = session.get(Account, claims.account_id)
    if account is None or not account.active:
        raise Unauthenticated("The account is closed. Ask an administrator.")
    return Claims(
        token_id=claims.token_id,
        kind="person",
        account_id=account.account_id,
        login=account.login,
        roles=tuple(check_roles(account.roles)),
        employee_id=account.employee_id,
        expires_at=claims.expires_at,
    )
