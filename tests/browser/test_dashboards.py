"""The dashboards in a real browser, on punches that came through the real doors: what pages show is what SQL says."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from dashboards.words import pay_code
from tests.browser.company import Team, make_company
from tests.browser.dashboard import (
    account,
    address,
    downloaded,
    file_of,
    fill_in,
    follow,
    opened_by_first_row,
    press,
    settled,
    shows,
    signed_in,
    stranger,
    tile,
)
from tests.integration.api_client import PASSWORD
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.cache_keys import RUN_KEY
from timecontrol.serving.live_keys import LIVE_STATE_WHOLE_KEY
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

NARROW = {"width": 800, "height": 900}
# The days of the simulation, and the address of a period.
PERIOD = (datetime.now(UTC).date() - timedelta(days=12), datetime.now(UTC).date() - timedelta(days=1))
TEAM = "Logistics"
SCOPE = (TEAM, *PERIOD)


@pytest.fixture(scope="module")
def company(stack: RunningStack) -> tuple[Settings, Team]:
    return make_company(stack)


@pytest.fixture(scope="module")
def settings(company: tuple[Settings, Team]) -> Settings:
    return company[0]


@pytest.fixture(scope="module")
def team(company: tuple[Settings, Team]) -> Team:
    return company[1]


@pytest.fixture(scope="module")
def analyst(browser: Browser, settings: Settings) -> Iterator[BrowserContext]:
    """The browser of somebody from HR who has signed in."""
    with signed_in(browser, settings, "hr") as context:
        yield context


@pytest.fixture
def page(analyst: BrowserContext) -> Iterator[Page]:
    opened = analyst.new_page()
    yield opened
    opened.close()


def query(settings: Settings, statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connect(settings, "operator") as connection:
        return connection.execute(statement.encode(), values).fetchall()


def hours(seconds: int) -> str:
    return f"{seconds / 3600:,.0f} h"


def test_the_sign_in_keeps_page_and_filters_and_outlasts_a_reload(browser: Browser, settings: Settings) -> None:
    login, wanted = account(settings, "hr"), address("timesheets", PERIOD, team=TEAM)
    with stranger(browser, settings) as context:
        page = context.new_page()
        page.goto(wanted)
        fill_in(page, login, "not the password")
        expect(page.get_by_role("alert")).to_contain_text("Login or password is wrong. Check both")
        expect(page.get_by_label("Login")).to_have_value(login)
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(tile(page, "People with hours")).to_be_visible()
        assert page.url.endswith(wanted)
        page.reload()
        expect(tile(page, "People with hours")).to_be_visible()
        other_tab = context.new_page()
        other_tab.goto(address("breaks", PERIOD))
        expect(other_tab.get_by_role("heading", name="Every break")).to_be_visible()
        page.get_by_role("button", name=login).click()
        page.get_by_role("link", name="Sign out").click()
        expect(page.get_by_role("status")).to_have_text("You are signed out.")
        other_tab.reload()
        expect(other_tab.get_by_label("Password")).to_be_visible()


def test_a_board_that_draws_itself_anew_ends_with_the_session(browser: Browser, settings: Settings, team: Team) -> None:
    with signed_in(browser, settings, "hr") as context:
        board = context.new_page()
        board.goto(address("live-floor", None, team=team.name))
        shows(board, In="1")
        other_tab = context.new_page()
        other_tab.goto("/sign-out")
        expect(other_tab.get_by_role("status")).to_have_text("You are signed out.")
        expect(board.get_by_role("link", name="Sign in")).to_be_visible()
        expect(tile(board, "In")).to_have_count(0)


def test_the_cookie_is_out_of_reach_of_scripts(page: Page, analyst: BrowserContext) -> None:
    page.goto("/health")
    expect(page.get_by_role("heading", name="Pipeline")).to_be_visible()
    token = next(cookie for cookie in analyst.cookies() if cookie["name"] == "timecontrol_session")
    assert (token["httpOnly"], token["sameSite"]) == (True, "Lax")
    assert "timecontrol_session" not in page.evaluate("document.cookie")


def test_an_employee_is_told_for_whom_the_pages_are(browser: Browser, settings: Settings, team: Team) -> None:
    with stranger(browser, settings) as context:
        page = context.new_page()
        page.goto("/timesheets")
        fill_in(page, account(settings, "employee", employee_id=team.ana))
        expect(page.get_by_role("alert")).to_contain_text("These pages are for HR, payroll, managers and admins.")
        page.goto("/timesheets")
        expect(page.get_by_label("Password")).to_be_visible()


def test_a_manager_sees_the_own_team_alone(browser: Browser, settings: Settings, team: Team) -> None:
    with signed_in(browser, settings, "manager", employee_id=team.manager) as context:
        page = context.new_page()
        page.goto("/exports")
        expect(page.get_by_text("This page is for admin, hr, payroll. Your roles are manager;")).to_be_visible()
        page.goto(address("timesheets", PERIOD))
        expect(tile(page, "People with hours")).to_be_visible()
        assert {row["Team"] for row in downloaded(page, "hours_by_employee")} == {team.name}
        page.goto(address("timesheets", PERIOD, person="Ada (E00001)"))
        expect(page.get_by_text("Nobody matches these filters.")).to_be_visible()
        page.goto(address("timesheets", PERIOD, person=f"Ana ({team.ana})", site="Nowhere"))
        expect(page.get_by_text(f"Ana ({team.ana}) is of another site or team.")).to_be_visible()


def test_the_live_floor_says_who_is_in_on_break_late_and_missing(page: Page, team: Team) -> None:
    page.goto(address("live-floor", None, team=team.name))
    shows(page, In="1", On_break="1", Late="1", Missing="1", Expected="1", Left="0")
    rows = downloaded(page, "floor")
    assert [(row["Status"], row["Name"]) for row in rows] == [
        ("✖ Missing", "Cem"),
        ("▲ Late", "Dora"),
        ("◒ On break", "Ben"),
        ("● In", "Ana"),
        ("◌ Expected", "Eva"),
    ]
    assert rows[2]["Note"] == "Meal break"


def test_hours_are_those_of_the_marts(page: Page, settings: Settings) -> None:
    page.goto(address("timesheets", PERIOD, team=TEAM))
    [(people, listed, worked, paid, scheduled, weeks)] = query(
        settings,
        "select count(distinct employee_id) filter (where worked_seconds > 0 or paid_seconds > 0), "
        "count(distinct employee_id), sum(worked_seconds), sum(paid_seconds), sum(scheduled_seconds), "
        "count(distinct workweek) filter (where paid_seconds > 0) "
        "from marts.fct_workdays where employee_id in (select employee_id from marts.dim_employees where team = %s) "
        "and workday between %s and %s",
        *SCOPE,
    )
    assert people > 5
    shows(page, People_with_hours=str(people), Worked=hours(worked), Paid=hours(paid), Scheduled=hours(scheduled))
    # The filters of the address are set in the bar.
    expect(page.get_by_test_id("stMultiSelect").filter(has_text="Team")).to_contain_text(TEAM)
    expect(page.get_by_test_id("stDateInput").locator("input").last).to_have_value(PERIOD[1].isoformat())
    rows = downloaded(page, "hours_by_employee")
    assert len(rows) == listed
    assert sum(int(row["Worked (s)"]) for row in rows) == worked
    assert [float(row["Worked (h)"]) for row in rows] == [round(int(row["Worked (s)"]) / 3600, 4) for row in rows]
    [(base,)] = query(
        settings,
        "select sum(seconds) filter (where not on_top) from marts.fct_pay_lines "
        "inner join marts.dim_employees using (employee_id) where team = %s and workday between %s and %s",
        *SCOPE,
    )
    codes = query(settings, "select distinct pay_code from marts.fct_pay_lines where not on_top")
    headings = {f"{pay_code(code)} (s)" for (code,) in codes}
    assert sum(int(row[name]) for row in rows for name in row if name in headings) == base
    expect(page.locator('path[aria-label*="What: Regular"]')).to_have_count(weeks)
    # They go along to the next page.
    follow(page, "Breaks")
    expect(tile(page, "Breaks")).to_be_visible()
    assert parse_qs(page.url.partition("?")[2]) == parse_qs(address("breaks", PERIOD, team=TEAM).partition("?")[2])


def test_a_day_is_drawn_and_explained(page: Page, settings: Settings, team: Team) -> None:
    period = (team.day, team.day)
    page.goto(address("timesheets", period, person=f"Ana ({team.ana})", explain="true"))
    expect(page.get_by_text("Worked 7 h 15 min, paid 7 h 15 min, unpaid breaks 45 min.")).to_contain_text(
        "Shift 08:30–17:00: worked, began 30 min after its start."
    )
    drawing = page.get_by_test_id("stVegaLiteChart").first
    expect(drawing.locator('[aria-label*="Segment: Work"]')).to_have_count(2)
    expect(drawing.locator('[aria-label*="Segment: Meal"]')).to_have_count(1)
    expect(drawing.locator('[aria-label*="Punch: "]')).to_have_count(4)
    assert [row["Punch"] for row in downloaded(page, "day_punches")] == [
        *("Clock in", "Break start", "Break end", "Clock out")
    ]
    paid = query(
        settings,
        "select sum(seconds) from marts.fct_pay_lines where employee_id = %s and workday = %s",
        team.ana,
        team.day,
    )
    assert sum(int(row["Paid (s)"]) for row in downloaded(page, "day_pay")) == paid[0][0]
    expect(page.get_by_text("First meal break kept: meal break of 45 min, at least 30 min")).to_be_visible()
    expect(page.get_by_test_id("stCode")).to_contain_text("Present, but not paid")


def test_breaks_are_counted_with_what_the_rules_say_of_them(page: Page, settings: Settings) -> None:
    page.goto(address("breaks", PERIOD, team=TEAM))
    [(breaks, unpaid)] = query(
        settings,
        "select count(*), coalesce(sum(seconds) filter (where not is_paid), 0) from ("
        "select is_paid, sum(seconds) as seconds, min(workday) as workday "
        "from marts.fct_segments where employee_id in (select employee_id from marts.dim_employees where team = %s) "
        "and kind = 'break' and segment_id not like '%%/work%%' group by split_part(segment_id, '@', 1), is_paid"
        ") as whole where workday between %s and %s",
        *SCOPE,
    )
    violated = query(
        settings,
        "select coalesce(reason, ''), count(*) "
        "from marts.fct_findings where employee_id in (select employee_id from marts.dim_employees where team = %s) "
        "and status = 'violated' and date between %s and %s "
        "and (starts_with(rule, 'meal_period_') or rule in ('rest_periods', 'break_total', 'longest_work')) group by 1",
        *SCOPE,
    )
    assert breaks > 20
    shows(page, Breaks=f"{breaks:,}", Unpaid=hours(unpaid), Missing_breaks=str(dict(violated).get("missing", 0)))
    assert len(downloaded(page, "breaks")) == breaks
    assert len(downloaded(page, "violations")) == sum(number for _, number in violated)


def test_compliance_leads_from_a_number_to_what_is_behind_it(page: Page, settings: Settings) -> None:
    outcomes = dict(
        query(
            settings,
            "select outcome, count(*) from marts.fct_shift_outcomes "
            "where employee_id in (select employee_id from marts.dim_employees where team = %s) "
            "and workday between %s and %s group by 1",
            *SCOPE,
        )
    )
    [(violated,)] = query(
        settings,
        "select count(*) from marts.fct_findings where employee_id in (select employee_id from marts.dim_employees where team = %s) "
        "and status = 'violated' and date between %s and %s",
        *SCOPE,
    )
    page.goto(address("compliance", PERIOD, team=TEAM))
    over = sum(number for outcome, number in outcomes.items() if outcome not in {"pending", "unscheduled"})
    missed = outcomes.get("absent", 0) + outcomes.get("no_show", 0)
    shows(page, Shifts_over=str(over), No_show_or_absent=str(missed), Violated_findings=str(violated))
    settled(page)
    # Not "Worked without a shift".
    page.locator('path[aria-label*="What: Worked;"], path[aria-label$="What: Worked"]').first.click()
    expect(page.get_by_role("radio", name="Worked", exact=True)).to_be_checked()
    assert len(downloaded(page, "shifts")) == outcomes["worked"]
    shown = page.get_by_text(" findings: ")
    expect(shown).to_contain_text("violated")
    assert len(downloaded(page, "findings")) == int(shown.inner_text().split()[0])


def test_a_row_opens_its_day(page: Page, team: Team) -> None:
    page.goto(address("compliance", (team.day, team.day), team=team.name, outcome="Worked"))
    day = opened_by_first_row(page)
    expect(day.get_by_role("heading", name=f"{team.day:%A} {team.day.day}")).to_be_visible()
    expect(day.get_by_text("Shift 08:30–17:00: worked")).to_be_visible()
    day.close()
    page.goto(address("live-floor", None, team=team.name, show="In"))
    today = opened_by_first_row(page)
    expect(today.get_by_text("Still at work: the day is not over.")).to_be_visible()
    today.close()


def test_exceptions_are_listed_with_what_to_do(page: Page, settings: Settings) -> None:
    found = dict(
        query(
            settings,
            "select severity, count(*) from marts.fct_exceptions "
            "where employee_id in (select employee_id from marts.dim_employees where team = %s) "
            "and workday between %s and %s group by 1",
            *SCOPE,
        )
    )
    page.goto(address("exceptions", PERIOD, team=TEAM, severity="Error"))
    counts = {name: f"{found.get(code, 0):,}" for name, code in (("Errors", "error"), ("Warnings", "warning"))}
    shows(page, **counts)
    rows = downloaded(page, "exceptions")
    assert len(rows) == found["error"]
    assert all(row["Severity"] == "✖ Error" and row["What to do"] for row in rows)


def test_an_export_is_the_file_whose_hash_is_shown(page: Page, settings: Settings) -> None:
    period, lines, seconds, sha256 = query(
        settings, "select period, row_count, seconds, sha256 from payroll.manifests order by period desc limit 1"
    )[0]
    page.goto(f"/exports?pay_period={period}")
    shows(page, Pay_lines=f"{lines:,}", Hours_on_all_lines=f"{seconds / 3600:,.2f} h")
    expect(page.get_by_text(f"SHA-256 of the CSV: {sha256}")).to_be_visible()
    content = file_of(page, "export_csv")
    assert hashlib.sha256(content).hexdigest() == sha256
    assert len(content.splitlines()) == lines + 1


def test_a_period_that_changed_since_it_was_shown_is_not_downloaded(page: Page, settings: Settings) -> None:
    [(period, sha256)] = query(settings, "select period, sha256 from payroll.manifests order by period limit 1")
    page.goto(f"/exports?pay_period={period}")
    expect(page.get_by_text(f"SHA-256 of the CSV: {sha256}")).to_be_visible()
    settled(page)
    change = b"update payroll.manifests set sha256 = %s where period = %s"
    with connect(settings, "transform") as connection:
        connection.execute(change, ("0" * 64, period))
    try:
        page.locator(".st-key-export_csv").get_by_role("button").click()
        expect(page.get_by_text("Failed to generate file for download")).to_be_visible()
        expect(page.get_by_text("the period has changed since this page was opened: load it again")).to_be_visible()
    finally:
        with connect(settings, "transform") as connection:
            connection.execute(change, (sha256, period))


def test_the_pipeline_page_names_what_waits_and_the_command_for_it(page: Page, settings: Settings) -> None:
    page.goto("/health")
    for part in (
        "Servers and services",
        "Write buffer",
        "Kafka to PostgreSQL",
        "Quarantine",
        "Replica",
        "From punch to hours",
        "Last run",
    ):
        expect(page.get_by_text(part, exact=True)).to_be_visible()
    expect(page.get_by_text("every punch is computed")).to_be_visible()
    runs = query(settings, "select run_id from ops.runs order by run_id desc limit 20")
    assert [int(row["Run"]) for row in downloaded(page, "runs")] == [run_id for (run_id,) in runs]
    expect(page.get_by_text("timecontrol quarantine replay")).to_be_visible()
    waiting = query(
        settings,
        "select count(*) from raw.quarantine where quarantine_id not in "
        "(select quarantine_id from raw.quarantine_resolutions) group by code",
    )
    assert sorted(int(row["Records"]) for row in downloaded(page, "quarantine")) == sorted(n for (n,) in waiting)


def test_filters_that_match_nothing_go_along_and_each_page_says_what_to_do(page: Page, team: Team) -> None:
    page.goto(address("live-floor", (date(2020, 1, 1), date(2020, 1, 31)), person=team.manager))
    advice = {
        "Live floor": "Nobody is here or awaited now. The people of this filter have no shift within two hours.",
        "Hours": "No hours and no shifts in this period. Choose another period, or remove a filter above.",
        "Breaks": "No breaks in this period. Choose another period, or remove a filter above.",
        "Compliance": "No shift and no finding in this period. Choose another period, or remove a filter above.",
        "Exceptions": "Nothing to look at. No exception in this period and filter.",
    }
    for title, words in advice.items():
        follow(page, title)
        expect(page.get_by_test_id("stAlert").first).to_contain_text(words)


def test_a_name_that_nobody_has_is_no_good_news(page: Page) -> None:
    page.goto(address("exceptions", PERIOD, person="nobody at all"))
    expect(page.get_by_test_id("stAlert")).to_contain_text(
        "Nobody matches these filters. Check how the person is spelled, or remove a filter above."
    )
    follow(page, "Compliance")
    expect(page.get_by_test_id("stAlert")).to_contain_text("Nobody matches these filters.")


def test_the_keyboard_shows_where_it_is(page: Page) -> None:
    page.goto(address("exceptions", PERIOD))
    settled(page)
    outlined = {}
    for _ in range(20):
        page.keyboard.press("Tab")
        name, width = page.evaluate(
            "() => [document.activeElement.innerText, getComputedStyle(document.activeElement).outlineWidth]"
        )
        outlined[name.split("\n")[-1]] = width
    pages = ("Live floor", "Hours", "Breaks", "Compliance", "Exceptions", "What-if", "Exports", "Pipeline")
    assert {title: outlined.get(title) for title in pages} == dict.fromkeys(pages, "2px")


@contextmanager
def paused(stack: RunningStack, *names: str) -> Iterator[None]:
    stack.pause(list(names))
    try:
        yield
    finally:
        stack.resume(list(names))


def test_a_page_read_twice_asks_postgres_once(page: Page, stack: RunningStack, settings: Settings) -> None:
    cache = read_redis(settings)
    cache.delete(RUN_KEY, *cache.scan_iter("page:*"))
    period = (PERIOD[0], PERIOD[1] - timedelta(days=1))
    page.goto(address("timesheets", period, team=TEAM))
    expect(page.get_by_text("read from the replica,")).to_be_visible()
    worked = tile(page, "Worked").inner_text()
    rows = downloaded(page, "hours_by_employee")
    with paused(stack, "postgres", "replica"):
        page.reload()
        expect(page.get_by_text("read from the cache of this run")).to_be_visible()
        expect(tile(page, "Worked")).to_have_text(worked)
        assert downloaded(page, "hours_by_employee") == rows


def test_without_the_replica_pages_read_the_primary_and_say_so(
    page: Page, stack: RunningStack, settings: Settings
) -> None:
    period = (PERIOD[0], PERIOD[1] - timedelta(days=2))
    stack.down(["replica"])
    try:
        page.goto(address("timesheets", period, team=TEAM))
        expect(page.get_by_text("read from the primary, because the replica is down or late")).to_be_visible()
        [(worked,)] = query(
            settings,
            "select sum(worked_seconds) from marts.fct_workdays inner join marts.dim_employees using (employee_id) "
            "where team = %s and workday between %s and %s",
            TEAM,
            *period,
        )
        expect(tile(page, "Worked")).to_have_text(hours(worked))
    finally:
        stack.up(["replica"])


def test_without_any_database_a_page_says_what_to_do(page: Page, stack: RunningStack) -> None:
    period = (PERIOD[0], PERIOD[1] - timedelta(days=3))
    page.goto(address("exceptions", PERIOD))
    expect(tile(page, "Errors")).to_be_visible()
    with paused(stack, "postgres", "replica"):
        page.goto(address("breaks", period, team=TEAM))
        error = page.get_by_test_id("stAlert")
        expect(error).to_contain_text("The data cannot be read at the moment.")
        expect(error).to_contain_text("timecontrol stack up")
    # A server that did not answer is left alone for some seconds.
    eventually(lambda: press(page, "Try again") and tile(page, "Breaks").count() == 1)


def test_without_the_live_state_the_floor_says_what_it_knows(page: Page, stack: RunningStack, team: Team) -> None:
    with paused(stack, "read_redis"):
        page.goto(address("live-floor", None, team=team.name))
        expect(page.get_by_test_id("stAlert")).to_contain_text("The live state is not there at the moment.")
        shows(page, In="1", On_break="1")


def test_a_part_of_the_live_state_makes_nobody_missing(page: Page, settings: Settings, team: Team) -> None:
    """As while it is read from the topics again after a loss."""
    with read_redis(settings) as redis:
        eventually(lambda: redis.exists(LIVE_STATE_WHOLE_KEY))
        redis.delete(LIVE_STATE_WHOLE_KEY)
        try:
            page.goto(address("live-floor", None, team=team.name))
            expect(page.get_by_test_id("stAlert")).to_contain_text("The live state is not there at the moment.")
            shows(page, In="1", On_break="1")
        finally:
            redis.set(LIVE_STATE_WHOLE_KEY, 1)


def test_no_page_is_wider_than_a_narrow_window(page: Page) -> None:
    page.set_viewport_size(NARROW)
    page.goto("/")
    for title in ("Live floor", "Hours", "Breaks", "Compliance", "Exceptions", "What-if", "Exports", "Pipeline"):
        follow(page, title)
        settled(page)
        main = page.get_by_test_id("stMain")
        assert main.evaluate("element => element.scrollWidth <= element.clientWidth"), title
