"""Questions hold the viewer's limits and leave paging to PostgreSQL; what they answer is tested against real servers."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.dialects import postgresql

from dashboards.filters import Filters, label
from dashboards.queries import breaks, compliance, exceptions, hours
from dashboards.queries.sums import Question, one_page

FILTERS = Filters(("SFO",), ("Office",), "Ana Lopez (E7)", date(2026, 11, 1), date(2026, 11, 28), manager_id="E1")

QUESTIONS: list[Callable[[Filters], Question]] = [
    hours.summary,
    hours.overtime,
    hours.by_week,
    hours.by_employee,
    breaks.summary,
    breaks.lengths,
    breaks.findings_by_rule,
    breaks.violations,
    breaks.listed,
    breaks.deducted,
    compliance.outcomes_by_day,
    compliance.outcomes_by_site,
    compliance.findings_by_rule,
    compliance.without_shift,
    exceptions.counts,
]


def compiled(question: Question) -> tuple[str, set[object]]:
    statement = question.compile(dialect=postgresql.dialect(), compile_kwargs={"render_postcompile": True})
    return str(statement), set(statement.params.values())


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda each: f"{each.__module__}.{each.__name__}")
def test_every_question_is_limited_to_the_filter_and_the_managers_team(question: Callable[[Filters], Question]) -> None:
    sql, values = compiled(question(FILTERS))
    assert "manager_id" in sql
    assert {"E1", "SFO", "Office", "E7", date(2026, 11, 1), date(2026, 11, 28)} <= values


def test_paging_is_left_to_the_database() -> None:
    sql, values = compiled(one_page(hours.by_employee(FILTERS), 3))
    assert "LIMIT" in sql
    assert {100, 200} <= values


def test_a_part_of_a_name_is_no_employee() -> None:
    assert FILTERS.employee_id == "E7"
    assert Filters((), (), "lopez", date(2026, 1, 1), date(2026, 1, 2)).employee_id is None
    assert label("Ana (A.) Lopez", "E7") == "Ana (A.) Lopez (E7)"
    assert label(None, "E7") == "Unknown (E7)"
