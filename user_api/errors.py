"""How errors are answered: always the same shape, always what is wrong, where, and what to do."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from timecontrol.contracts.errors import Rejected, Transient
from timecontrol.core.access import Forbidden
from timecontrol.core.accounts import SignInRefused, record_refused_sign_in
from timecontrol.core.clocking import advice
from timecontrol.core.faults import Conflict, NotFound
from timecontrol.core.tokens import Claims, Unauthenticated
from timecontrol.serving.reads import NotComputed
from timecontrol.warehouse.acts import record_act
from timecontrol.warehouse.core_store import driver, transaction
from user_api.bodies import TooLarge
from user_api.services import services_of
from user_api.sign_in_limit import TooManyAttempts

log = structlog.get_logger()

# A server that was restarted is back by then; clients keep what they wanted to send.
RETRY_AFTER_SECONDS = 5


class Fault(BaseModel):
    """Why a request was not carried out."""

    code: str = Field(description="Short name of the fault, stable.", examples=["invalid_field"])
    reason: str = Field(description="What is wrong.", examples=["kind: Input should be 'clock_in', 'clock_out' …"])
    field: str | None = Field(default=None, description="The field concerned.", examples=["kind"])
    advice: str | None = Field(default=None, description="What to do.")
    detail: dict[str, Any] | None = Field(default=None, description="What the request is in conflict with.")


def answer(status: int, fault: Fault, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A fault as an HTTP answer."""
    return JSONResponse(fault.model_dump(exclude_none=True), status, headers)


#: What every route may answer beside its own; for the OpenAPI document.
FAULTS: dict[int | str, dict[str, Any]] = {
    401: {"model": Fault, "description": "No token, or one that does not hold"},
    403: {"model": Fault, "description": "Not for this caller; the attempt is written down"},
    413: {"model": Fault, "description": "Larger than the route takes; nothing was kept"},
    422: {"model": Fault, "description": "The request is wrong: field, reason, what to do"},
    503: {"model": Fault, "description": "A server is away; try again after Retry-After seconds"},
}


def install(app: FastAPI) -> None:
    """Let the application answer every error in this shape; those that nobody foresaw are logged and answered 500."""
    app.add_exception_handler(Unauthenticated, _unauthenticated)
    app.add_exception_handler(SignInRefused, _sign_in_refused)
    app.add_exception_handler(TooManyAttempts, _too_many_attempts)
    app.add_exception_handler(Forbidden, _forbidden)
    app.add_exception_handler(NotFound, _not_found)
    app.add_exception_handler(Conflict, _conflict)
    app.add_exception_handler(TooLarge, _too_large)
    app.add_exception_handler(Rejected, _rejected)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Transient, _unavailable)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _unforeseen)


async def _unauthenticated(_request: Request, error: Exception) -> JSONResponse:
    return answer(401, Fault(code="unauthenticated", reason=str(error)), {"WWW-Authenticate": "Bearer"})


async def _sign_in_refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, SignInRefused)
    response = await _unauthenticated(request, error)
    # After the answer, whose time must not tell which logins exist.
    response.background = BackgroundTask(_record_refused_sign_in, request, error.login)
    return response


def _record_refused_sign_in(request: Request, login: str) -> None:
    try:
        with transaction(services_of(request).engine) as session:
            record_refused_sign_in(session, login)
    except Transient as away:
        log.warning("refusal_not_recorded", path=request.url.path, error=str(away))


async def _too_many_attempts(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooManyAttempts)
    minutes = math.ceil(error.retry_after_seconds / 60)
    remedy = f"Wait {minutes} min, or ask an administrator for a new password."
    fault = Fault(code="too_many_attempts", reason=str(error), advice=remedy)
    return answer(429, fault, {"Retry-After": str(error.retry_after_seconds)})


async def _forbidden(request: Request, error: Exception) -> JSONResponse:
    try:
        await run_in_threadpool(_record_refusal, request, str(error))
    except Transient as away:
        log.warning("refusal_not_recorded", path=request.url.path, error=str(away))
    return answer(403, Fault(code="forbidden", reason=str(error)))


def _record_refusal(request: Request, reason: str) -> None:
    claims = request.state.claims
    assert isinstance(claims, Claims)
    with transaction(services_of(request).engine) as session:
        detail = {"method": request.method, "reason": reason}
        record_act(driver(session), claims.actor, "access.refused", request.url.path, detail)


async def _not_found(_request: Request, error: Exception) -> JSONResponse:
    return answer(404, Fault(code="not_found", reason=str(error)))


async def _conflict(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Conflict)
    return answer(409, Fault(code=error.code, reason=error.reason, detail=error.detail))


async def _too_large(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooLarge)
    reason = f"The body is larger than {error.limit} bytes; nothing of it was kept."
    remedy = "Send less at once; photos and other bytes belong to the documents, of up to 16 MB each."
    return answer(413, Fault(code="too_large", reason=reason, advice=remedy))


async def _rejected(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Rejected)
    return answer(422, Fault(code=error.code, reason=error.reason, field=error.field, advice=advice(error.code)))


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return _malformed("malformed_json", f"The body is not JSON: {first['ctx']['error']}.")
    named = ".".join(str(part) for part in first["loc"] if part not in {"body", "query", "path"})
    # A name that the client made up may hold half of a surrogate pair, which no answer can carry.
    field = named.encode(errors="backslashreplace").decode()
    fault = Fault(
        code="invalid_field", reason=f"{field}: {first['msg']}" if field else first["msg"], field=field or None
    )
    return answer(422, fault)


def _malformed(code: str, reason: str) -> JSONResponse:
    return answer(422, Fault(code=code, reason=reason, advice="The API's documentation shows each body at its route."))


async def _of_the_framework(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        # FastAPI's word for a body that its parser gave up on: not UTF-8, nested too deep, a form without its parts.
        if request.headers.get("content-type", "").startswith("multipart/"):
            return _malformed("malformed_form", "The body is not a form of the boundary that its Content-Type names.")
        return _malformed("malformed_json", "The body is not JSON in UTF-8, or is nested too deep.")
    reason = f"{request.method} {request.url.path}: {error.detail}"
    return answer(
        error.status_code, Fault(code=HTTPStatus(error.status_code).name.lower(), reason=reason), error.headers
    )


async def _unforeseen(_request: Request, _error: Exception) -> JSONResponse:
    reason = "The request has met a fault of ours, which stands in the log."
    return answer(500, Fault(code="internal_error", reason=reason, advice="Tell whoever runs the stack."))


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    log.warning("answered_unavailable", path=request.url.path, error=str(error))
    fault = Fault(
        code="unavailable", reason="A server is away at the moment.", advice="Keep the request and repeat it."
    )
    if isinstance(error, NotComputed):
        fault = Fault(code="not_computed", reason=str(error), advice="Ask again in a minute.")
    return answer(503, fault, {"Retry-After": str(RETRY_AFTER_SECONDS)})
