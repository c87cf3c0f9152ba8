"""The application: routes, errors, the OpenAPI document and the web clock's files."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse, Response
from fastapi_offline import FastAPIOffline
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from timecontrol.contracts.punch import Punch
from user_api import errors
from user_api.bodies import BodyLimit
from user_api.routes import absence, corrections, documents, health, people, planning, punches, sessions, time_reads
from user_api.services import Services

DESCRIPTION = """\
Punches in, hours out. Sign in at `POST /v1/sessions` and send the token as `Authorization: Bearer <token>`.
Every error answers `code`, `reason`, and where it helps `field` and `advice`.
"""


class WebClock(StaticFiles):
    """The web clock's files: nothing from elsewhere is loaded, and browsers ask for new versions."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """A file, with the headers that keep it to itself."""
        response = await super().get_response(path, scope)
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-cache"
        return response


def make_app(services: Services) -> FastAPI:
    """The application on these services, which it closes at its end."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await services.close()

    # One page, from files of ours: FastAPI's own loads scripts from a CDN, and ReDoc's a picture.
    app = FastAPIOffline(
        redoc_url=None, title="Employee Time Control", version="1", description=DESCRIPTION, lifespan=lifespan
    )
    app.state.services = services
    app.add_middleware(BodyLimit)
    errors.install(app)
    for module in (punches, sessions, time_reads, people, planning, absence, corrections, documents, health):
        app.include_router(module.router)

    app.mount("/clock", WebClock(directory=Path(__file__).parent / "web_clock", html=True), name="clock")

    @app.get("/", include_in_schema=False)
    async def home() -> RedirectResponse:
        return RedirectResponse("/clock/")

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # the documented way to extend the document
    return app


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document; punches are read as bytes, so their schema is added by hand."""
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    event = Punch.model_json_schema(ref_template="#/components/schemas/{model}")
    # The credential fills in what devices and people need not say.
    event["required"] = ["kind", "occurred_at"]
    event["description"] = "A punch event; event_id, employee_id, source and device_id are filled in where absent."
    schema["components"]["schemas"]["PunchEvent"] = event
    return schema
