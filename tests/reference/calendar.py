"""Workdays and workweeks of one employee."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from tests.reference.policy import Parameter, Policy
from tests.reference.times import DAY, WEEKDAYS, Span, local_time, on_clock


@dataclass(frozen=True)
class Calendar:
    zone: ZoneInfo
    policy: Policy

    def rule(self, key: str, day: date) -> Parameter:
        return self.policy.value(key, day)

    def start_of(self, day: date) -> int:
        return on_clock(day, self.rule("workday.starts_at", day), self.zone)

    def workday(self, at: int) -> date:
        """From one local start to the next."""
        day = local_time(at, self.zone).date() + DAY
        while self.start_of(day) > at:
            day -= DAY
        return day

    def attributed(self, span: Span, present: list[Span]) -> date:
        """The workday of a worked or scheduled shift kept whole; under `split_at_boundary` that of its start."""
        start = self.workday(span.start)
        attribution = self.rule("workday.attribution", start)
        if attribution == "shift_end":
            return self.workday(max(span.start, span.end - 1))
        if attribution == "most_time":
            pieces = [piece for whole in present for piece in self.days_of(whole)]
            days = sorted({day for day, _ in pieces} | {start})
            return max(days, key=lambda day: sum(piece.length for of_day, piece in pieces if of_day == day))
        return start

    def week(self, day: date) -> date:
        """The first day of the workweek."""
        first = WEEKDAYS.index(self.rule("workweek.starts_on", day))
        return day - timedelta(days=(day.weekday() - first) % 7)

    def days_of(self, span: Span) -> list[tuple[date, Span]]:
        """A span cut at the starts of workdays."""
        pieces, day = [], self.workday(span.start)
        while self.start_of(day) < span.end:
            pieces.append((day, span.common(Span(self.start_of(day), self.start_of(day + DAY)))))
            day += DAY
        return [(day, piece) for day, piece in pieces if piece.length]
