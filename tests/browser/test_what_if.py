"""The what-if page in a real browser: what it shows is what `timecontrol policy diff --json` says."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from typer.testing import CliRunner

from tests.browser.dashboard import address, downloaded, settled, shows, signed_in, tile
from tests.integration.two_people import RESTS, TIERS, compute, forget_comparisons, policy_file, two_people
from tests.running_stack import RunningStack
from timecontrol.cli import app
from timecontrol.clock import SystemClock
from timecontrol.policy.difference import Difference
from timecontrol.policy.difference_json import FINDING_COLUMNS, PAY_COLUMNS
from timecontrol.policy.what_if.board import Board
from timecontrol.policy.what_if.service import TOO_LONG
from timecontrol.serving.reads import Reads
from timecontrol.serving.redis_client import read_redis
from timecontrol.serving.refresh import refresh
from timecontrol.serving.replay import KnownRun
from timecontrol.settings import Settings

PERIOD = (date(2026, 10, 1), date(2026, 10, 31))
# Everybody is computed twice, on a machine that others use too.
PATIENCE_MS = 180_000
DRAFT: dict[str, object] = {"overtime.daily_tiers": TIERS, "compliance.rest_periods": RESTS}


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    settings = stack.require("user_api", "replica", "heartbeat", "read_redis", "dashboards", "what_if")
    two_people(settings)
    compute(settings)
    forget_comparisons(settings)
    reads = Reads(settings)
    refresh(settings, reads, read_redis(settings), SystemClock().now())
    reads.close()
    return settings


@pytest.fixture(scope="module")
def analyst(browser: Browser, settings: Settings) -> Iterator[BrowserContext]:
    with signed_in(browser, settings, "hr") as context:
        yield context


@pytest.fixture
def page(analyst: BrowserContext) -> Iterator[Page]:
    opened = analyst.new_page()
    yield opened
    opened.close()


def what_if(**choice: str) -> str:
    return address("what-if", PERIOD, **choice)


def upload(page: Page, path: Path) -> None:
    page.get_by_text("Upload a draft of the new policy").click()
    page.locator('input[type="file"]').set_input_files(path)
    settled(page)


def compare(page: Page) -> None:
    """Ask with the keyboard and wait for the answer."""
    button = page.get_by_role("button", name="Compare", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Compare again")).to_be_enabled(timeout=PATIENCE_MS)


def command_line(tmp_path: Path, new: Path) -> dict[str, Any]:
    """What the command writes about the same comparison."""
    out = tmp_path / "difference.json"
    days = ["--from", PERIOD[0].isoformat(), "--to", PERIOD[1].isoformat()]
    done = CliRunner().invoke(
        app, ["policy", "diff", "none", str(new), *days, "--rate", "20", "--json", str(out), "--quiet"]
    )
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def sums(rows: list[dict[str, Any]], key: str) -> dict[str, list[float]]:
    """Old and new money of rows by a key."""
    found: dict[str, list[float]] = {}
    for row in rows:
        old, new = found.get(row[key], [0, 0])
        found[row[key]] = [old + row["old_money"], new + row["new_money"]]
    return found


def test_the_page_says_what_the_command_line_says(page: Page, tmp_path: Path) -> None:
    draft = policy_file(tmp_path, "draft", DRAFT)
    page.goto(what_if(old="none", rate="20"))
    upload(page, draft)
    expect(page.get_by_text("Not compared yet.")).to_be_visible()
    compare(page)
    said = command_line(tmp_path, draft)
    money = [sum(row[f"{side}_money"] for row in said["pay"]) for side in ("old", "new")]
    violated = sum(row["new"] - row["old"] for row in said["findings"] if row["status"] == "violated")
    assert (money, violated) == ([400, 440], 2)
    shows(page, Paid_hours="+0.00 h", Money="+40.00", Violated_findings="+2", People_with_other_pay="2")
    expect(page.get_by_text("Money is hours × the multiplier of their pay code × this one rate of pay")).to_be_visible()
    codes = {row["Pay code"]: row for row in downloaded(page, "what_if_codes")}
    assert {name: (float(row["Old (h)"]), float(row["New (h)"])) for name, row in codes.items()} == {
        "Regular": (20, 16),
        "Overtime 150 %": (0, 4),
    }
    for table, heading, key in (("sites", "Site", "site_id"), ("employees", "Number", "employee_id")):
        rows = {
            row[heading]: [float(row["Old money"]), float(row["New money"])]
            for row in downloaded(page, f"what_if_{table}")
        }
        assert rows == sums(said["pay"], key), table
    rules = [(row["Rule"], row["Answer"], float(row["Difference"])) for row in downloaded(page, "what_if_rules")]
    assert rules == [("Rest breaks", "Violated", 2)]
    # Whoever gets the address sees the same without the file; a filter shows its part of the same answer.
    kept = page.url
    assert "draft" in parse_qs(urlsplit(kept).query)
    page.goto(f"{kept}&site=north")
    shows(page, Money="+20.00", People_with_other_pay="1")
    expect(page.get_by_text("The new policy is the draft")).to_be_visible()
    page.get_by_role("button", name="Leave the draft").click()
    expect(page.get_by_text("Choose an old and a new policy")).to_be_visible()


def test_what_cannot_be_compared_says_what_to_do(page: Page, tmp_path: Path) -> None:
    page.goto(what_if(old="us-ca", new="us-ca"))
    expect(page.get_by_test_id("stAlert")).to_contain_text("us-ca is on both sides, so nothing can differ.")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("policy: wrong\ntitle: Wrong\nparameters:\n  overtime.daily_tier: []\n")
    upload(page, wrong)
    alert = page.get_by_test_id("stAlert")
    expect(alert).to_contain_text("This policy cannot be used.")
    expect(alert).to_contain_text("draft/wrong.yaml:4: parameters.overtime.daily_tier: unknown parameter; did you mean")
    expect(page.get_by_role("button", name="Compare")).to_have_count(0)


@pytest.fixture
def asked(page: Page, stack: RunningStack, settings: Settings) -> Iterator[Page]:
    """The page of a comparison that was asked for while the service is away."""
    stack.down(["what_if"])
    page.goto(what_if(old="us-flsa", new="us-ca"))
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    yield page
    forget_comparisons(settings)
    stack.up(["what_if"])


def test_a_service_that_is_away_is_named(asked: Page) -> None:
    expect(asked.get_by_text("Nobody takes it up.")).to_be_visible()
    expect(asked.get_by_text("timecontrol stack up what_if")).to_be_visible()


@pytest.mark.parametrize(
    ("people", "said"),
    [(("ada", "ben"), "No difference. 2 people have 20.00 paid hours"), ((), "Nobody has hours or findings here.")],
    ids=["the same", "nothing"],
)
def test_what_does_not_differ_is_said(asked: Page, settings: Settings, people: tuple[str, ...], said: str) -> None:
    board, now = Board(read_redis(settings)), SystemClock().now()
    request = board.take(now)
    assert request is not None
    hours = [("north", who, "regular", 10, 10, 1, False) for who in people]
    frames = pd.DataFrame(hours, columns=PAY_COLUMNS), pd.DataFrame([], columns=FINDING_COLUMNS)
    board.finish(request.id, Difference(KnownRun(1, 1, now, now), *frames), now)
    expect(asked.get_by_test_id("stAlert")).to_contain_text(said)
    expect(tile(asked, "Paid hours")).to_have_count(0)


def test_what_failed_says_why(asked: Page, settings: Settings) -> None:
    board, now = Board(read_redis(settings)), SystemClock().now()
    request = board.take(now)
    assert request is not None
    board.fail(request.id, TOO_LONG, now)
    expect(asked.get_by_test_id("stAlert")).to_contain_text("The comparison was not computed.")
    expect(asked.get_by_test_id("stAlert")).to_contain_text("timecontrol policy diff on the command line takes as long")
    expect(asked.get_by_role("button", name="Compare again")).to_be_enabled()


def test_without_redis_the_page_says_what_to_do(page: Page, stack: RunningStack) -> None:
    stack.pause(["read_redis"])
    try:
        page.goto(what_if(old="us-flsa", new="us-ca"))
        alert = page.get_by_test_id("stAlert")
        expect(alert).to_contain_text("the Read Redis, where comparisons are asked for and answered, does not answer")
    finally:
        stack.resume(["read_redis"])
