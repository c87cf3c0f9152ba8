"""Questions hold the viewer's limits and leave paging to PostgreSQL; what they answer is tested against real servers."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy.dialects import postgresql

from dashboards import filter_bar
from dashboards.filters import Filters, label
from dashboards.queries import breaks, compliance, exceptions, hours, people
from dashboards.queries.sums import Question, one_page
from timecontrol.serving.result import Result

FILTERS = Filters(
    ("SFO",), ("Office",), "Ana Lopez (E7)", date(2026, 11, 1), date(2026, 11, 28), manager_id="E1", employee_id="E7"
)

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


def test_who_is_listed_depends_on_no_period() -> None:
    sql, values = compiled(people.listed(FILTERS))
    assert "manager_id" in sql
    assert values == {"E1", "SFO", "Office", "E7", "No team", "No site"}


def test_paging_is_left_to_the_database() -> None:
    sql, values = compiled(one_page(hours.by_employee(FILTERS), 3))
    assert "LIMIT" in sql
    assert {100, 200} <= values


def test_a_label_ends_in_the_number() -> None:
    assert label("Ana (A.) Lopez", "E7") == "Ana (A.) Lopez (E7)"
    assert label(None, "E7") == "Unknown (E7)"


@pytest.mark.parametrize(
    ("person", "employee_id"),
    [
        ("", None),
        ("lopez", None),
        ("Smith (Jr)", None),  # typed: nobody has the number Jr
        ("Smith (Jr) (E8)", "E8"),  # offered
        ("Ana Lopez (E7)", "E7"),  # in a link, and not among the first names that are offered
    ],
)
def test_brackets_are_a_number_where_somebody_has_it(
    person: str, employee_id: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Known:
        def read(self, question: Question) -> Result:
            _, values = compiled(question)
            return Result((), (("E7",),) if values == {"E7", "E1"} else (), "primary", 0.0, None)

    monkeypatch.setattr(filter_bar, "data", Known)
    assert filter_bar.employee_of(person, {"Smith (Jr) (E8)": "E8"}, "E1") == employee_id
