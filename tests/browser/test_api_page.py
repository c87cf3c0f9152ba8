"""The page that documents the API, in a real browser without the internet."""

from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.integration.api_client import base_url
from tests.running_stack import RunningStack


def test_the_page_of_the_api_needs_nothing_from_elsewhere(browser: Browser, stack: RunningStack) -> None:
    page = browser.new_page(base_url=base_url(stack.require("user_api")))
    elsewhere: list[str] = []
    own = urlsplit(base_url(stack.settings)).netloc
    page.on("request", lambda request: elsewhere.append(request.url) if urlsplit(request.url).netloc != own else None)
    page.goto("/docs")
    expect(page.get_by_role("heading", name="Employee Time Control")).to_be_visible()
    expect(page.get_by_text("/v1/punches/batch").first).to_be_visible()
    assert [url for url in elsewhere if not url.startswith(("data:", "blob:"))] == []
    page.close()
