"""The web clock in a real browser: in, break, offline, out, online; every punch reaches raw.punches once."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.integration.api_client import NEEDED, PASSWORD, Api, base_url, client, new_id
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.compute import run
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY, live_key
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
# The zone of the tests' site.
BERLIN = ZoneInfo("Europe/Berlin")
# Of 25 hours between them, one has another date than Berlin at any time.
FAR_ZONES = ("Pacific/Niue", "Pacific/Kiritimati")


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


@pytest.fixture
def page(browser: Browser, settings: Settings) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, base_url=base_url(settings), locale="en-GB")
    yield context.new_page()
    context.close()


def account(api: Api) -> tuple[str, str]:
    """Login and employee id of somebody new."""
    employee_id, login = api.employee(), new_id("login")
    body = {"login": login, "password": PASSWORD, "roles": ["employee"], "employee_id": employee_id}
    api.admin.post("/v1/accounts", json=body).raise_for_status()
    return login, employee_id


def sign_in(page: Page, login: str) -> None:
    page.goto("/clock/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_have_text("Signed in.")


def punch(page: Page, button: str, message: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status")).to_contain_text(message)


def next_second(page: Page) -> None:
    """Punches of one second are taken in the order of the policies, not of the buttons."""
    page.wait_for_function("from => Math.floor(Date.now() / 1000) > from", arg=datetime.now(UTC).timestamp() // 1)


def captured(settings: Settings, employee_id: str) -> list[tuple[Any, ...]]:
    with connect(settings, "operator") as connection:
        return connection.execute(
            "select kind, attributes ->> 'offline' from raw.punches where employee_id = %s order by occurred_at",
            (employee_id,),
        ).fetchall()


def screenshot(page: Page, name: str) -> None:
    """For looking at it: kept where CLOCK_SCREENSHOTS names a folder."""
    if folder := os.environ.get("CLOCK_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_in_break_offline_out_online(page: Page, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    punch(page, "Clock in", "Clocked in at")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    punch(page, "Start break", "Break started at")
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
    eventually(lambda: len(captured(settings, employee_id)) == 2)
    screenshot(page, "phone-break")

    page.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    punch(page, "End break", "It is kept on this device and sent later.")
    punch(page, "Clock out", "It is kept on this device and sent later.")
    expect(page.get_by_text("2 punches wait to be sent.")).to_be_visible()
    expect(page.get_by_role("heading", name="You are out")).to_be_visible()
    screenshot(page, "phone-offline")
    page.reload()
    expect(page.get_by_text("2 punches wait to be sent.")).to_be_visible()

    page.context.set_offline(False)
    expect(page.locator("#pending")).to_be_hidden()
    expected = [("clock_in", None), ("break_start", None), ("break_end", "true"), ("clock_out", "true")]
    eventually(lambda: captured(settings, employee_id) == expected)
    page.set_viewport_size(DESKTOP)
    screenshot(page, "desktop-out")


def test_a_state_that_the_server_does_not_know_is_not_claimed(page: Page, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    api.device().post(
        "/v1/punches",
        json={"employee_id": employee_id, "kind": "clock_in", "occurred_at": datetime.now(UTC).isoformat()},
    ).raise_for_status()
    with read_redis(settings) as redis:
        eventually(lambda: redis.hget(live_key(employee_id), "state") == b"in" and redis.exists(LIVE_STATE_WHOLE_KEY))
        sign_in(page, login)
        expect(page.get_by_role("heading", name="You are in")).to_be_visible()
        # As while the live state is read from the topics again after a loss.
        redis.delete(LIVE_STATE_WHOLE_KEY)
        try:
            punch(page, "Start break", "Break started at")
            expect(page.get_by_role("heading", name="Your state is not known yet")).to_be_visible()
            expect(page.locator("#buttons .expected")).to_have_count(0)
            page.reload()
            expect(page.get_by_role("heading", name="Your state is not known yet")).to_be_visible()
        finally:
            redis.set(LIVE_STATE_WHOLE_KEY, 1)
    page.reload()
    expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
    expect(page.locator("#buttons .expected")).to_have_text("End break")


def test_the_state_follows_a_punch_before_the_server_knows_it(page: Page, api: Api, stack: RunningStack) -> None:
    login, _employee_id = account(api)
    sign_in(page, login)
    punch(page, "Clock in", "Clocked in at")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    stack.pause(["sink_live_state"])
    try:
        next_second(page)
        with page.expect_response("**/v1/me/hours"):
            punch(page, "Start break", "Break started at")
        expect(page.get_by_role("heading", name="You are on a break")).to_be_visible()
        expect(page.locator("#buttons .expected")).to_have_text("End break")
        page.context.set_offline(True)
        next_second(page)
        punch(page, "End break", "It is kept on this device and sent later.")
        next_second(page)
        punch(page, "Clock out", "It is kept on this device and sent later.")
        with page.expect_response("**/v1/me/hours"):
            page.context.set_offline(False)
        expect(page.get_by_text("2 punches were sent.")).to_be_visible()
        expect(page.get_by_role("heading", name="You are out")).to_be_visible()
    finally:
        stack.resume(["sink_live_state"])
    page.reload()
    expect(page.get_by_role("heading", name="You are out")).to_be_visible()


def test_a_refusal_says_nothing_about_the_state(page: Page, api: Api) -> None:
    login, _employee_id = account(api)
    sign_in(page, login)
    punch(page, "Clock in", "Clocked in at")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    refusal = {"code": "too_many_attempts", "reason": "Too many requests."}
    page.route("**/v1/me/state", lambda route: route.fulfill(status=HTTPStatus.TOO_MANY_REQUESTS, json=refusal))
    # Asked for when the state has been shown.
    with page.expect_response("**/v1/me/hours"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()


def test_the_hours_of_today_show(browser: Browser, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    now = datetime.now(BERLIN).replace(microsecond=0)
    came = max(now - timedelta(hours=2), now.replace(hour=0, minute=0, second=0))
    device = api.device()
    for kind, at in (("clock_in", came), ("clock_out", now)):
        body = {"employee_id": employee_id, "kind": kind, "occurred_at": at.isoformat()}
        device.post("/v1/punches", json=body).raise_for_status()
    eventually(lambda: len(captured(settings, employee_id)) == 2)
    run(settings, reason="test of the web clock")
    # A phone that is still on the other side of the date line: today is the employee's, not the phone's.
    abroad = next(zone for zone in FAR_ZONES if datetime.now(ZoneInfo(zone)).date() != now.date())
    context = browser.new_context(viewport=PHONE, base_url=base_url(settings), locale="en-GB", timezone_id=abroad)
    page = context.new_page()
    sign_in(page, login)
    minutes = int((now - came).total_seconds()) // 60
    expected = f"{minutes // 60} h {minutes % 60:02} min"
    expect(page.locator("#today")).to_have_text(expected)
    expect(page.locator("#week")).to_have_text(expected)
    expect(page.locator("#computed")).to_contain_text("Computed at")
    screenshot(page, "phone-hours")
    context.close()


def test_an_answer_that_was_lost_makes_no_second_punch(page: Page, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    lost: list[int] = []

    def lose_the_first_answer(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch().status)
            route.abort()

    page.route("**/v1/punches", lose_the_first_answer)
    punch(page, "Clock in", "It is kept on this device and sent later.")
    expect(page.get_by_text("1 punch waits to be sent.")).to_be_visible()
    expect(page.locator("#pending")).to_be_hidden()
    assert lost == [202]
    # The repeat was sent as made offline; the first attempt's instant counts for both, so they are one punch.
    eventually(lambda: captured(settings, employee_id) == [("clock_in", None)])
    with connect(settings, "operator") as connection:
        conflicts = connection.execute(
            "select count(*) from raw.quarantine where record_key = %s", (employee_id.encode(),)
        ).fetchone()
    assert conflicts == (0,)


def test_the_time_that_counts_is_shown(page: Page, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    page.clock.set_system_time(datetime.now(UTC) + timedelta(hours=2))
    page.get_by_role("button", name="Clock in").click()
    expect(page.get_by_role("status")).to_contain_text("Clocked in at")
    eventually(lambda: captured(settings, employee_id) == [("clock_in", None)])
    with connect(settings, "operator") as connection:
        row = connection.execute(
            "select occurred_at from raw.punches where employee_id = %s", (employee_id,)
        ).fetchone()
    assert row is not None
    shown = page.evaluate(
        "instant => new Date(instant).toLocaleTimeString([], {timeStyle: 'short'})", row[0].isoformat()
    )
    expect(page.get_by_role("status")).to_contain_text(f"Clocked in at {shown}.")


def test_a_session_that_has_ended_keeps_punches_until_the_next_sign_in(
    page: Page, api: Api, settings: Settings
) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    page.evaluate(
        """() => {
            const session = JSON.parse(localStorage.getItem("timecontrol.session"));
            session.expires_at = new Date(Date.now() - 1000).toISOString();
            localStorage.setItem("timecontrol.session", JSON.stringify(session));
        }"""
    )
    page.context.set_offline(True)
    punch(page, "Clock in", "It is kept on this device. Sign in to send it.")
    expect(page.get_by_text("1 punch waits to be sent.")).to_be_visible()
    screenshot(page, "phone-session-ended")
    page.context.set_offline(False)
    expect(page.get_by_label("Login")).to_have_value(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#pending")).to_be_hidden()
    eventually(lambda: captured(settings, employee_id) == [("clock_in", "true")])


def test_signing_out_offline_says_what_waits_and_ends_the_session_later(
    page: Page, api: Api, settings: Settings
) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    token = page.evaluate("JSON.parse(localStorage.getItem('timecontrol.session')).token")
    page.context.set_offline(True)
    punch(page, "Clock in", "It is kept on this device and sent later.")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text(
        "Signed out. 1 punch waits on this device: sign in here again to send it."
        " The server is told that the session is over as soon as it answers."
    )
    expect(page.get_by_text("1 punch waits for the one who made it to sign in.")).to_be_visible()
    screenshot(page, "phone-signed-out-offline")
    assert client(settings, token).get("/v1/me").status_code == HTTPStatus.OK
    page.context.set_offline(False)
    eventually(lambda: client(settings, token).get("/v1/me").status_code == HTTPStatus.UNAUTHORIZED)
    assert captured(settings, employee_id) == []
    sign_in(page, login)
    eventually(lambda: captured(settings, employee_id) == [("clock_in", "true")])


def test_with_both_doors_down_the_clock_keeps_the_punch(
    page: Page, stack: RunningStack, api: Api, settings: Settings
) -> None:
    login, employee_id = account(api)
    sign_in(page, login)
    stack.down(["write_redis", "kafka"])
    try:
        punch(page, "Clock in", "It is kept on this device and sent later.")
    finally:
        stack.up(["write_redis", "kafka"])
    eventually(lambda: captured(settings, employee_id) == [("clock_in", "true")], timeout=60)


def test_the_keyboard_is_enough(page: Page, api: Api, settings: Settings) -> None:
    login, employee_id = account(api)
    page.goto("/clock/")
    screenshot(page, "phone-sign-in")
    page.get_by_label("Login").focus()
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are out")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Clock in")).to_be_focused()
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert outline == "4px"
    screenshot(page, "phone-focus")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    eventually(lambda: captured(settings, employee_id) == [("clock_in", None)])


def test_touch_targets_are_large_and_nothing_is_wider_than_a_small_phone(page: Page, api: Api) -> None:
    login, _ = account(api)
    page.set_viewport_size({"width": 320, "height": 640})
    sign_in(page, login)
    expect(page.locator("#today")).to_have_text("0 h 00 min")
    boxes = [button.bounding_box() for button in page.locator("#clock button").all()]
    assert all(box is not None and box["height"] >= 44 and box["width"] >= 44 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_a_wrong_password_says_so(page: Page) -> None:
    page.goto("/clock/")
    page.get_by_label("Login").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("status")).to_have_text("Login or password is wrong.")
