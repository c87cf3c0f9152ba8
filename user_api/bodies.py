"""How much of a request's body is taken, and how OpenAPI shows a body that a route reads as bytes."""

import re
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Bodies are read before the token is looked at, so nobody may fill memory or disk with them. JSON of one person, shift
# or punch has a few hundred bytes; a megabyte leaves room for a punch's attributes and a year's pattern.
MAX_BYTES = 1_000_000
# 5,000 punches of 1,000 bytes, and as much of one punch: what is far too large for one (a device_id of a megabyte) is
# kept all the same, as refused bytes in pieces. A document of 16 MiB with what a form puts around it.
LARGER = (
    (re.compile(r"/v1/punches(/batch)?"), 5_000_000),
    (re.compile(r"/v1/employees/[^/]+/documents|/v1/documents/[^/]+"), 17_000_000),
)


class TooLarge(HTTPException):
    """The body is larger than its route takes; nothing of it was kept."""

    def __init__(self, limit: int) -> None:
        super().__init__(413)
        self.limit = limit


class BodyLimit:
    """Lets no route read more of a body than it takes: reading on raises TooLarge, whatever length was declared.

    FastAPI's own `max_body_size` answers plain text where our clients read a Fault.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        taken = 0

        async def bounded() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise TooLarge(limit)
            return message

        await self._app(scope, bounded, send)


def limit_of(path: str) -> int:
    """How many bytes the route of a path takes."""
    return next((limit for pattern, limit in LARGER if pattern.fullmatch(path)), MAX_BYTES)


def json_body(schema: Mapping[str, Any], examples: Mapping[str, Any]) -> dict[str, Any]:
    """What OpenAPI shows of a body that a route reads as bytes."""
    content = {"application/json": {"schema": schema, "examples": examples}}
    return {"requestBody": {"required": True, "content": content}}
