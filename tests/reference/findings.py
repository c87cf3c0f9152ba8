"""What the compliance rules share: the rows, and the facts of worked shifts and days that they read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tests.reference.breaks import UNPAID
from tests.reference.calendar import Calendar
from tests.reference.timeline import Piece
from tests.reference.times import Span

# Of several worked shifts of a day the worst is the finding.
RANK = ["violated", "pending", "waived", "satisfied", "not_applicable"]


@dataclass(frozen=True)
class Finding:
    """`required` and `actual` are the two numbers compared, in seconds (or days)."""

    rule: str
    date: date
    status: str
    reason: str | None = None
    required: float | None = None
    actual: float | None = None


@dataclass(frozen=True)
class Duty:
    """A worked shift as the findings read it."""

    date: date
    start: int
    end: int | None
    pieces: list[Piece]

    @property
    def work(self) -> int:
        return sum(piece.span.length for piece in self.pieces if piece.kind != UNPAID)

    @property
    def gross(self) -> int:
        return sum(piece.span.length for piece in self.pieces)


@dataclass(frozen=True)
class Record:
    """All that the rules read of one employee."""

    calendar: Calendar
    now: int
    facts: dict[str, bool]
    duties: list[Duty]
    work: dict[date, list[Span]]
    leave: set[date]

    def worked(self, days: Iterable[date]) -> int:
        return sum(span.length for day in days for span in self.work.get(day, []))

    @property
    def days(self) -> list[date]:
        return sorted(day for day in self.work if self.worked([day]))

    @property
    def weeks(self) -> list[date]:
        return sorted({self.calendar.week(day) for day in self.days})


def worst(findings: list[Finding]) -> Finding:
    """The earlier one of two equally bad."""
    return min(findings, key=lambda finding: RANK.index(finding.status))


def at_most(rule: str, day: date, limit: float, actual: float) -> Finding:
    status, reason = ("satisfied", None) if actual <= limit else ("violated", "exceeded")
    return Finding(rule, day, status, reason, limit, actual)
