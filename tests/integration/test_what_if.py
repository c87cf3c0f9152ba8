"""Comparisons that are asked for on the board and computed by the service `what_if`."""

from datetime import UTC, date, datetime

import pytest

from tests.integration.two_people import RESTS, TIERS, compute, forget_comparisons, policy_text, two_people
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.errors import Transient
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
    forget_comparisons(settings)
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


def test_the_service_answers(settings: Settings, board: Board) -> None:
    asked = request(1)
    assert board.look(asked.id) is None
    board.ask(asked, datetime.now(UTC))
    board.ask(asked, datetime.now(UTC))  # pressed twice
    done = ended(board, asked)
    assert (done.state, done.error, done.begun) == ("done", "", 2)
    assert done.found is not None
    pay = done.found.pay[["employee_id", "pay_code", "old", "new"]]
    assert list(pay.itertuples(index=False, name=None)) == [
        ("ada", "overtime_150", 0, 2),
        ("ada", "regular", 10, 8),
        ("ben", "overtime_150", 0, 2),
        ("ben", "regular", 10, 8),
    ]
    findings = done.found.findings[["employee_id", "rule", "status", "old", "new"]]
    assert list(findings.itertuples(index=False, name=None)) == [
        ("ada", "rest_periods", "violated", 0, 1),
        ("ben", "rest_periods", "violated", 0, 1),
    ]
    assert board.left() == []
    assert scratch_schemas(settings) == []


def test_a_draft_that_is_wrong_is_answered_with_its_line(board: Board) -> None:
    asked = request(2, {"overtime.daily_tier": TIERS})
    board.ask(asked, datetime.now(UTC))
    found = ended(board, asked)
    assert found.state == "failed"
    assert found.error.startswith("draft/draft.yaml:1: parameters.overtime.daily_tier: unknown parameter")


def is_in_the_models(settings: Settings) -> bool:
    """Whether dbt is at work: it makes the schemas of the models."""
    return any(name.endswith("_staging") for (name,) in scratch_schemas(settings))


def test_a_service_that_ends_says_so_and_leaves_nothing_behind(
    stack: RunningStack, settings: Settings, board: Board
) -> None:
    asked = request(3)
    for end in (stack.down, stack.kill):
        stack.up(["what_if"])
        board.ask(asked, datetime.now(UTC))
        eventually(lambda: is_in_the_models(settings), PATIENCE_SECONDS)
        end(["what_if"])
        found = ended(board, asked)
        assert (found.state, found.error.startswith("The service what_if was stopped")) == ("failed", True)
        if end == stack.down:
            assert scratch_schemas(settings) == []
    # What a killed one left is dropped by the next.
    assert scratch_schemas(settings) != []
    board.ask(asked, datetime.now(UTC))
    assert ended(board, asked).state == "done"
    assert scratch_schemas(settings) == []


def test_a_comparison_waits_for_its_service_and_its_turn(stack: RunningStack, board: Board) -> None:
    stack.down(["what_if"])
    first, second = request(4, {"overtime.daily_tier": TIERS}), request(5, {"overtime.daily_tier": TIERS})
    for asked in (first, second):
        board.ask(asked, datetime.now(UTC))
    waiting = [board.look(asked.id) for asked in (first, second)]
    assert [(each.state, each.before) for each in waiting if each] == [("waiting", 0), ("waiting", 1)]
    stack.up(["what_if"])
    assert [ended(board, asked).state for asked in (first, second)] == ["failed", "failed"]


def test_without_redis_nothing_can_be_asked(stack: RunningStack, board: Board) -> None:
    stack.pause(["read_redis"])
    try:
        with pytest.raises(Transient, match="the Read Redis, where comparisons are asked for"):
            board.ask(request(6), datetime.now(UTC))
    finally:
        stack.resume(["read_redis"])
