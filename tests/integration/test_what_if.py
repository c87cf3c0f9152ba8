"""Comparisons that are asked for on the board and computed by the service `what_if`, as the command line computes them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.integration.two_people import RESTS, TIERS, compute, policy_file, policy_text, two_people
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.cli import app
from timecontrol.contracts.errors import Transient
from timecontrol.policy.difference_json import to_json
from timecontrol.policy.what_if.board import UNDER_WAY, Board, Comparison
from timecontrol.policy.what_if.request import Request
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

DRAFT: dict[str, object] = {"overtime.daily_tiers": TIERS, "compliance.rest_periods": RESTS}
# Everybody is computed twice, on a machine that others use too.
PATIENCE_SECONDS = 180


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    settings = stack.require("postgres", "read_redis", "what_if")
    two_people(settings)
    compute(settings)
    return settings


@pytest.fixture
def board(settings: Settings) -> Board:
    return Board(read_redis(settings))


def request(first: int, parameters: dict[str, object] = DRAFT) -> Request:
    """Each test has a period of its own, hence a comparison of its own."""
    draft = policy_text("draft", parameters)
    return Request(old="none", new="draft", draft=draft, first_day=date(2026, 10, first), last_day=date(2026, 10, 31))


def ended(board: Board, asked: Request) -> Comparison:
    """Where the comparison stands when it is no longer under way."""

    def look() -> Comparison | None:
        found = board.look(asked.id)
        return found if found is not None and found.state not in UNDER_WAY else None

    found = eventually(look, PATIENCE_SECONDS)
    assert found is not None
    return found


def scratch_schemas(settings: Settings) -> list[tuple[str]]:
    with connect(settings, "transform") as connection:
        return connection.execute("select nspname from pg_namespace where nspname ~ '^case_'").fetchall()


def test_the_service_answers_what_the_command_line_says(settings: Settings, board: Board, tmp_path: Path) -> None:
    asked = request(1)
    assert board.look(asked.id) is None
    board.ask(asked, datetime.now(UTC))
    board.ask(asked, datetime.now(UTC))  # pressed twice
    found = ended(board, asked)
    assert (found.state, found.error, found.begun) == ("done", "", 2)
    assert found.found is not None
    out = tmp_path / "difference.json"
    draft = policy_file(tmp_path, "draft", DRAFT)
    days = ["--from", "2026-10-01", "--to", "2026-10-31"]
    done = CliRunner().invoke(app, ["policy", "diff", "none", str(draft), *days, "--json", str(out), "--quiet"])
    assert done.exit_code == 0, done.output
    assert json.loads(to_json(found.found)) == json.loads(out.read_text())
    assert found.found.pay["new"].sum() == 20
    assert board.left() == []
    assert scratch_schemas(settings) == []


def test_a_draft_that_is_wrong_is_answered_with_its_line(board: Board) -> None:
    asked = request(2, {"overtime.daily_tier": TIERS})
    board.ask(asked, datetime.now(UTC))
    found = ended(board, asked)
    assert found.state == "failed"
    assert found.error.startswith("draft/draft.yaml:1: parameters.overtime.daily_tier: unknown parameter")


def test_a_service_that_ends_says_so_and_leaves_nothing_behind(
    stack: RunningStack, settings: Settings, board: Board
) -> None:
    asked = request(3)
    for end in (stack.kill, stack.down):
        board.ask(asked, datetime.now(UTC))
        eventually(lambda: board.look(asked.id).begun == 1, PATIENCE_SECONDS)  # type: ignore[union-attr]  # it was asked for
        end(["what_if"])
        found = ended(board, asked)
        assert (found.state, found.error.startswith("The service what_if was stopped")) == ("failed", True)
        eventually(lambda: scratch_schemas(settings) == [])
    board.ask(asked, datetime.now(UTC))
    waiting = board.look(asked.id)
    assert waiting is not None
    assert (waiting.state, waiting.before) == ("waiting", 0)
    stack.up(["what_if"])
    assert ended(board, asked).state == "done"


def test_without_redis_nothing_can_be_asked(stack: RunningStack, board: Board) -> None:
    stack.pause(["read_redis"])
    try:
        with pytest.raises(Transient, match="the Read Redis, where comparisons are asked for"):
            board.ask(request(5), datetime.now(UTC))
    finally:
        stack.resume(["read_redis"])
