"""What a person does with the dashboards: sign in, open an address, read a tile, follow a link, take a file."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.integration.api_client import PASSWORD, Api, new_id
from timecontrol.settings import Settings

DESKTOP = {"width": 1280, "height": 900}


@contextmanager
def stranger(browser: Browser, settings: Settings) -> Iterator[BrowserContext]:
    """A browser in which nobody has signed in."""
    address = f"http://{settings.dashboards.host}:{settings.dashboards.port}"
    context = browser.new_context(viewport=DESKTOP, base_url=address, locale="en-GB")
    yield context
    context.close()


@contextmanager
def signed_in(
    browser: Browser, settings: Settings, *roles: str, employee_id: str | None = None
) -> Iterator[BrowserContext]:
    """A browser in which somebody new with these roles has signed in."""
    with stranger(browser, settings) as context:
        page = context.new_page()
        page.goto("/exports")
        fill_in(page, account(settings, *roles, employee_id=employee_id))
        expect(page.get_by_role("heading", name="Exports")).to_be_visible()
        page.close()
        yield context


def account(settings: Settings, *roles: str, employee_id: str | None = None) -> str:
    """The login of a new account."""
    login = new_id("login")
    body = {"login": login, "password": PASSWORD, "roles": list(roles), "employee_id": employee_id}
    Api(settings).admin.post("/v1/accounts", json=body).raise_for_status()
    return login


def fill_in(page: Page, login: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in form and send it."""
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def address(path: str, period: tuple[date, date] | None, **filters: str) -> str:
    """A page with its filters in the address."""
    days = [] if period is None else [("period", day.isoformat()) for day in period]
    return f"/{path}?{urlencode([*filters.items(), *days])}"


def tile(page: Page, title: str) -> Locator:
    """The number under this title."""
    tiles = page.get_by_test_id("stMetric").filter(has=page.get_by_text(title, exact=True))
    return tiles.get_by_test_id("stMetricValue")


def shows(page: Page, **tiles: str) -> None:
    """The tiles, titles with `_` for blanks, show these numbers."""
    for title, number in tiles.items():
        expect(tile(page, title.replace("_", " "))).to_have_text(number)


def downloaded(page: Page, table: str) -> list[dict[str, str]]:
    """The rows of a table's file, by its headings."""
    return list(csv.DictReader(io.StringIO(file_of(page, f"{table}_download").decode("utf-8-sig"))))


def file_of(page: Page, button: str) -> bytes:
    """What a download button delivers."""
    settled(page)
    with page.expect_download() as download:
        page.locator(f".st-key-{button}").get_by_role("button").click()
    return Path(download.value.path()).read_bytes()


def settled(page: Page) -> None:
    """Wait until the page is drawn to its end."""
    expect(page.locator('[data-test-script-state="notRunning"]')).to_be_visible()
    expect(page.locator('[data-stale="true"]')).to_have_count(0)


def follow(page: Page, title: str) -> None:
    """Open another page by its name at the top."""
    page.get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()


def opened_by_first_row(page: Page) -> Page:
    """The tab that the link in the first row of the first table opens. The grid is a canvas: it is clicked by place."""
    settled(page)
    grid = page.get_by_test_id("stDataFrame").locator(".dvn-scroller").first
    grid.hover(position={"x": 20, "y": 52})
    with page.context.expect_page() as opened:
        grid.click(position={"x": 22, "y": 53})
    return opened.value


def press(page: Page, name: str) -> bool:
    """Press the button of this name if it is there, and wait for what comes of it."""
    button = page.get_by_role("button", name=name)
    if button.count():
        button.click(timeout=1000)
        settled(page)
    return True
