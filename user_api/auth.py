"""Who is calling, and whether they may: dependencies that routes declare."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from timecontrol.core.access import Forbidden, Role
from timecontrol.core.tokens import Claims, Unauthenticated
from user_api.services import Services, ServicesOf

_bearer = HTTPBearer(
    auto_error=False, description="A session from POST /v1/sessions, or a device's token from an administrator."
)


Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]


async def caller(request: Request, services: ServicesOf, credentials: Credentials = None) -> Claims:
    """The holder of the request's token; raises Unauthenticated, and Transient while nobody can say that it holds."""
    return await _holder(request, services, credentials, signature_is_enough=False)


async def signed_caller(request: Request, services: ServicesOf, credentials: Credentials = None) -> Claims:
    """The holder of the request's token, by its signature while PostgreSQL is away; raises Unauthenticated.

    For capture, and for what the web clock shows of oneself beside it: neither waits for the primary.
    """
    return await _holder(request, services, credentials, signature_is_enough=True)


async def _holder(
    request: Request,
    services: Services,
    credentials: HTTPAuthorizationCredentials | None,
    *,
    signature_is_enough: bool,
) -> Claims:
    if credentials is None:
        raise Unauthenticated("Send the header `Authorization: Bearer <token>`; tokens come from POST /v1/sessions.")
    claims = await services.tokens.claims(credentials.credentials, signature_is_enough=signature_is_enough)
    request.state.claims = claims
    return claims


Caller = Annotated[Claims, Depends(caller)]
SignedCaller = Annotated[Claims, Depends(signed_caller)]


def require(*roles: Role) -> Callable[[Claims], Awaitable[Claims]]:
    """A dependency that lets people with one of these roles through; raises Forbidden."""

    async def check(claims: Caller) -> Claims:
        if not set(claims.roles) & set(roles):
            raise Forbidden(f"This needs the role {' or '.join(roles)}.")
        return claims

    return check


async def person(claims: Caller) -> Claims:
    """A person who is an employee; raises Forbidden for devices and for accounts without an employee."""
    return _employee(claims)


async def signed_person(claims: SignedCaller) -> Claims:
    """The same, as `signed_caller` knows them."""
    return _employee(claims)


def _employee(claims: Claims) -> Claims:
    if claims.employee_id is None:
        raise Forbidden("This is for people who are employees: the account has no employee_id.")
    return claims


Person = Annotated[Claims, Depends(person)]
SignedPerson = Annotated[Claims, Depends(signed_person)]
Admin = Annotated[Claims, Depends(require("admin"))]
Hr = Annotated[Claims, Depends(require("hr", "admin"))]
Planner = Annotated[Claims, Depends(require("manager", "hr", "admin"))]
Anybody = Annotated[Claims, Depends(require("employee", "manager", "hr", "payroll", "admin"))]
