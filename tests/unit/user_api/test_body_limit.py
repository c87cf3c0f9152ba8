"""How much of a body the API takes before it knows who sends it."""

import asyncio
from collections.abc import AsyncIterator
from unittest.mock import Mock

import httpx
import pytest

from user_api.app import make_app
from user_api.services import Services

MEGABYTE = 1_000_000
PIECE = b"x" * 100_000
HEAD = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'


def send(method: str, path: str, total: int, media: str = "application/json") -> tuple[httpx.Response, int]:
    """The answer to a body whose length nothing declares, and how many of its bytes were asked for."""
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        yield HEAD if media.startswith("multipart") else b'"'
        for _ in range(total // len(PIECE)):
            read += len(PIECE)
            yield PIECE

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(Mock(spec=Services)))
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, content=pieces(), headers={"Content-Type": media})

    return asyncio.run(asked()), read


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("POST", "/v1/sessions", MEGABYTE),
        ("PUT", "/v1/employees/E1", MEGABYTE),
        ("POST", "/v1/corrections", MEGABYTE),
        ("POST", "/v1/employees/E1/documents", 17 * MEGABYTE),
        ("PUT", "/v1/documents/D1", 17 * MEGABYTE),
    ],
)
def test_without_a_token_no_more_than_the_limit_is_read(method: str, path: str, limit: int) -> None:
    media = "multipart/form-data; boundary=cut" if "documents" in path else "application/json"
    answer, read = send(method, path, 4 * limit, media)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert str(limit) in answer.json()["reason"]
    assert limit <= read <= limit + len(PIECE)
