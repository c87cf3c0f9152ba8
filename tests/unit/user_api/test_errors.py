"""Every error has a code and a reason, also those that no route of ours has raised."""

import asyncio
from unittest.mock import Mock

import httpx
import pytest

from user_api.app import make_app
from user_api.services import Services

JSON = "application/json"


def ask(method: str, path: str, content: bytes = b"", media: str = JSON) -> httpx.Response:
    services = Mock(spec=Services, sign_ins=Mock(count=Mock(side_effect=RuntimeError("nobody foresaw it"))))

    async def asked() -> httpx.Response:
        transport = httpx.ASGITransport(make_app(services), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.request(method, path, content=content, headers={"Content-Type": media})

    return asyncio.run(asked())


@pytest.mark.parametrize(
    ("content", "media", "code"),
    [
        (b'{"login": ', JSON, "malformed_json"),
        (b'{"login": "\xff", "password": "x"}', JSON, "malformed_json"),
        (b"[" * 100_000, JSON, "malformed_json"),
        (b"--cut\r\nno header at all", "multipart/form-data; boundary=other", "malformed_form"),
    ],
)
def test_a_body_that_cannot_be_read_is_named_so(content: bytes, media: str, code: str) -> None:
    path = "/v1/sessions" if media == JSON else "/v1/employees/E1/documents"
    answer = ask("POST", path, content, media)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (422, code, None)
    assert answer.json()["reason"]


def test_a_path_that_is_none_and_a_wrong_method_are_named_too() -> None:
    unknown, wrong = ask("GET", "/v1/nothing"), ask("DELETE", "/v1/sessions")
    assert (unknown.status_code, unknown.json()) == (404, {"code": "not_found", "reason": "GET /v1/nothing: Not Found"})
    assert (wrong.status_code, wrong.json()["code"]) == (405, "method_not_allowed")
    assert wrong.headers["Allow"] == "POST"


def test_a_fault_of_ours_says_that_it_is_one_and_no_more() -> None:
    answer = ask("POST", "/v1/sessions", b'{"login": "ada", "password": "x"}')
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "foresaw" not in answer.text
