"""Worked shifts are matched to scheduled shifts by their windows."""

from dataclasses import dataclass
from datetime import date

from tests.reference.calendar import Calendar
from tests.reference.case import Case, Scheduled
from tests.reference.pairing import WorkedShift
from tests.reference.times import Span, seconds, without


@dataclass(frozen=True)
class Planned:
    """A scheduled shift with the window in which punches may match it, and its workday, found as a worked shift's is."""

    scheduled: Scheduled
    window: Span
    date: date

    @property
    def start(self) -> int:
        return self.scheduled.span.start

    @property
    def end(self) -> int:
        return self.scheduled.span.end


def plan(case: Case, calendar: Calendar) -> list[Planned]:
    """Scheduled shifts by start, windows trimmed where the policy says so."""
    planned: list[Planned] = []
    for shift in case.shifts:
        day = calendar.workday(shift.span.start)
        window = Span(
            shift.span.start - seconds(calendar.rule("shift.early_window_minutes", day)),
            shift.span.end + seconds(calendar.rule("shift.late_window_minutes", day)),
        )
        if planned and calendar.rule("shift.trim_windows", day) and planned[-1].window.end >= window.start:
            before = planned[-1]
            window = Span(max(window.start, min(before.end, shift.span.start)), window.end)
            trimmed = Span(before.window.start, max(before.end, min(before.window.end, window.start)))
            planned[-1] = Planned(before.scheduled, trimmed, before.date)
        planned.append(Planned(shift, window, calendar.attributed(shift.span, [shift.span])))
    return planned


def match(shift: WorkedShift, planned: list[Planned], case: Case, calendar: Calendar) -> Planned | None:
    """The scheduled shift whose window it overlaps most, else the one whose window holds the first punch."""
    end = shift.end
    if end is None:
        longest = seconds(calendar.rule("pairing.max_shift_minutes", calendar.workday(shift.first)))
        end = min(case.now, shift.first + longest)
    span = Span(shift.start, end)
    if not planned:
        return None
    best = max(planned, key=lambda plan: span.common(plan.window).length)  # the earlier of two equals
    if span.common(best.window).length:
        return best
    return next((plan for plan in planned if plan.window.start <= shift.start <= plan.window.end), None)


def to_be_worked(plan: Planned, case: Case) -> list[Span]:
    """A scheduled shift without unpaid breaks and leave."""
    if on_whole_leave(plan, case):
        return []
    leave = [leave.span for leave in case.leave if not leave.first]
    return without(plan.scheduled.span, plan.scheduled.unpaid_breaks + leave)


def scheduled_by_day(planned: list[Planned], case: Case, calendar: Calendar) -> dict[date, int]:
    """Seconds to be worked on each workday with a scheduled shift; what splits worked shifts splits these too."""
    found: dict[date, int] = {}
    for plan in planned:
        for day, part in days_of_plan(plan, calendar).items():
            found[day] = found.get(day, 0) + sum(piece.common(part).length for piece in to_be_worked(plan, case))
    return found


def days_of_plan(plan: Planned, calendar: Calendar) -> dict[date, Span]:
    """Its workday with the whole of it; its workdays with their parts where the policy splits."""
    split = calendar.rule("workday.attribution", plan.date) == "split_at_boundary"
    whole = plan.scheduled.span
    return dict(calendar.days_of(whole)) if split else {plan.date: whole}


def on_whole_leave(plan: Planned, case: Case) -> bool:
    return any(leave.first and leave.last and leave.first <= plan.date <= leave.last for leave in case.leave)
