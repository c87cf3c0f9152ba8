"""Signing in and out, accounts, and the tokens of devices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import select

from timecontrol.contracts.calendar import CalendarInstant
from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import Name
from timecontrol.core.access import Role
from timecontrol.core.accounts import add_account, change_account, issue_device_token, revoke, sign_in
from timecontrol.core.faults import NotFound
from timecontrol.warehouse.core_store import transaction
from timecontrol.warehouse.core_tables import Account, Token
from user_api.auth import Admin, Caller
from user_api.errors import FAULTS, Fault
from user_api.services import ServicesOf

router = APIRouter(prefix="/v1", responses=FAULTS)

Password = Annotated[str, Field(max_length=1000, examples=["correct horse battery staple"])]


class SignIn(BaseModel):
    """Who wants to sign in."""

    login: Name
    password: Password


class Session(BaseModel):
    """A session: send the token as `Authorization: Bearer <token>`; it is shown once."""

    token: str
    expires_at: datetime
    login: str
    employee_id: str | None
    roles: list[Role]


class Me(BaseModel):
    """Whom the token belongs to."""

    kind: str
    login: str | None
    employee_id: str | None
    roles: list[Role]
    device_id: str | None
    site_id: str | None
    expires_at: datetime | None


class NewAccount(BaseModel):
    """An account to make; a person who punches has an employee_id."""

    login: Name
    password: Password
    roles: list[str] = Field(examples=[["employee"]])
    employee_id: Name | None = None


class AccountChange(BaseModel):
    """What is to change; what is absent stays."""

    roles: list[str] | None = None
    active: bool | None = None
    password: Password | None = None


class AccountView(BaseModel):
    """An account."""

    login: str
    employee_id: str | None
    roles: list[str]
    active: bool


class NewDeviceToken(BaseModel):
    """What a device's punches get when they do not say; without `expires_at` the token holds until it is revoked."""

    site_id: Name | None = None
    expires_at: CalendarInstant | None = None


class DeviceToken(BaseModel):
    """A device's token, shown once."""

    token: str
    token_id: UUID
    device_id: str
    site_id: str | None
    expires_at: datetime | None


class TokenView(BaseModel):
    """A token as far as it may be shown."""

    token_id: UUID
    kind: str
    device_id: str | None
    site_id: str | None
    created_by: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


@router.post(
    "/sessions",
    status_code=201,
    tags=["sessions"],
    responses={429: {"model": Fault, "description": "Too many attempts with this login; wait for Retry-After seconds"}},
)
def open_session(body: SignIn, services: ServicesOf) -> Session:
    """Sign in; the session ends after twelve hours."""
    services.sign_ins.count(body.login)
    try:
        issued = sign_in(services.engine, body.login, body.password, services.tokens.key, services.clock.now())
    except Transient:
        # Nobody has judged it, so it was no attempt; people who wait for the primary are not kept out after it.
        services.sign_ins.take_back(body.login)
        raise
    services.sign_ins.forget(body.login)
    claims = issued.claims
    assert claims.login is not None
    assert claims.expires_at is not None
    return Session(
        token=issued.token,
        expires_at=claims.expires_at,
        login=claims.login,
        employee_id=claims.employee_id,
        roles=list(claims.roles),
    )


@router.delete("/sessions/current", status_code=204, tags=["sessions"])
def close_session(claims: Caller, services: ServicesOf) -> Response:
    """Sign out: the token no longer holds."""
    with transaction(services.engine) as session:
        revoke(session, claims.token_id, actor=claims.actor, now=services.clock.now())
    services.tokens.forget()
    return Response(status_code=204)


@router.get("/me", tags=["me"])
async def me(claims: Caller) -> Me:
    """Whom the token belongs to."""
    return Me(
        kind=claims.kind,
        login=claims.login,
        employee_id=claims.employee_id,
        roles=list(claims.roles),
        device_id=claims.device_id,
        site_id=claims.site_id,
        expires_at=claims.expires_at,
    )


@router.post("/accounts", status_code=201, tags=["accounts"])
def make_account(body: NewAccount, claims: Admin, services: ServicesOf) -> AccountView:
    """Make an account."""
    with transaction(services.engine) as session:
        account = add_account(
            session,
            body.login,
            body.password,
            body.roles,
            body.employee_id,
            actor=claims.actor,
            now=services.clock.now(),
        )
        return view(account)


@router.get("/accounts", tags=["accounts"])
def list_accounts(_claims: Admin, services: ServicesOf) -> list[AccountView]:
    """All accounts by login."""
    with transaction(services.engine) as session:
        return [view(account) for account in session.scalars(select(Account).order_by(Account.login))]


@router.patch("/accounts/{login}", tags=["accounts"])
def alter_account(login: Name, body: AccountChange, claims: Admin, services: ServicesOf) -> AccountView:
    """Change roles or password, or close the account; a new password ends its sessions."""
    with transaction(services.engine) as session:
        account = session.scalar(select(Account).where(Account.login == login))
        if account is None:
            raise NotFound(f"There is no account {login!r}.")
        change_account(
            session,
            account,
            roles=body.roles,
            active=body.active,
            password=body.password,
            actor=claims.actor,
            now=services.clock.now(),
        )
        result = view(account)
    services.tokens.forget()
    services.sign_ins.forget(login)
    return result


@router.post("/devices/{device_id}/tokens", status_code=201, tags=["devices"])
def make_device_token(device_id: Name, body: NewDeviceToken, claims: Admin, services: ServicesOf) -> DeviceToken:
    """Issue a token for a device."""
    with transaction(services.engine) as session:
        issued = issue_device_token(
            session,
            device_id,
            body.site_id,
            body.expires_at,
            services.tokens.key,
            actor=claims.actor,
            now=services.clock.now(),
        )
    return DeviceToken(
        token=issued.token,
        token_id=issued.claims.token_id,
        device_id=device_id,
        site_id=body.site_id,
        expires_at=body.expires_at,
    )


@router.get("/devices/{device_id}/tokens", tags=["devices"])
def list_device_tokens(device_id: Name, _claims: Admin, services: ServicesOf) -> list[TokenView]:
    """The tokens that were issued for a device, newest first."""
    newest_first = select(Token).where(Token.device_id == device_id).order_by(Token.created_at.desc())
    with transaction(services.engine) as session:
        return [TokenView.model_validate(token, from_attributes=True) for token in session.scalars(newest_first)]


@router.delete("/tokens/{token_id}", status_code=204, tags=["devices"])
def revoke_token(token_id: UUID, claims: Admin, services: ServicesOf) -> Response:
    """Take a token back; within seconds nobody accepts it any more."""
    with transaction(services.engine) as session:
        found = revoke(session, token_id, actor=claims.actor, now=services.clock.now())
    if not found:
        raise NotFound(f"There is no token {token_id} that still holds.")
    services.tokens.forget()
    return Response(status_code=204)


def view(account: Account) -> AccountView:
    """An account without its secret."""
    return AccountView.model_validate(account, from_attributes=True)
