"""All steps of a case in their order; the result is what `timecontrol policy check --json` writes for it."""

from dataclasses import dataclass, replace
from datetime import date

from tests.reference.breaks import UNPAID
from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.claims import Context, Run
from tests.reference.closing import close_sessions
from tests.reference.compliance import all_findings
from tests.reference.deductions import Adjusted, adjust
from tests.reference.exceptions import notes_of_breaks, notes_of_missing_time, notes_of_totals
from tests.reference.findings import Duty, Finding, Record
from tests.reference.matching import Planned, days_of_plan, match, plan, scheduled_by_day, to_be_worked
from tests.reference.outcomes import Attendance, notes_of
from tests.reference.pairing import Note, WorkedShift, pair
from tests.reference.pay import base_codes, premiums
from tests.reference.rounding import rounded_total
from tests.reference.timeline import Piece, last_seen, raw_pieces, rounded_pieces, with_totals
from tests.reference.times import Span, seconds


@dataclass(frozen=True)
class Counted:
    """A worked shift with its workday and its time: raw, punches rounded, totals rounded, and what is paid of it."""

    shift: WorkedShift
    matched: Planned | None
    date: date
    raw: list[Piece]
    rounded: list[Piece]
    pieces: list[Piece]
    adjusted: Adjusted


@dataclass(frozen=True)
class Result:
    calendar: Calendar
    planned: list[Planned]
    counted: list[Counted]
    runs: list[Run]
    context: Context
    extra_pay: dict[tuple[date, str], int]
    attendances: list[Attendance]
    findings: list[Finding]
    notes: list[Note]


def by_workday(counted: Counted, span: Span, calendar: Calendar) -> list[tuple[date, Span]]:
    """A span of a worked shift with its workday, cut where the policy splits."""
    if calendar.rule("workday.attribution", counted.date) == "split_at_boundary":
        return calendar.days_of(span)
    return [(counted.date, span)]


def evaluate(case: Case) -> Result:
    calendar = Calendar(case.zone, case.policy)
    planned = plan(case, calendar)
    pairing = pair(case.punches, calendar)
    notes = list(pairing.notes)
    counted: list[Counted] = []
    not_before = 0
    for shift in pairing.shifts:
        matched = match(shift, planned, case, calendar)
        notes += close_sessions(shift, matched, planned, case, calendar)
        day = calendar.workday(shift.start)
        raw = raw_pieces(shift, calendar, day)
        day = calendar.attributed(Span(shift.start, last_seen(shift)), [piece.span for piece in raw])
        rounded = rounded_pieces(shift, matched, calendar, day, not_before)
        not_before = max([not_before, *[piece.span.end for piece in rounded]])
        pieces = with_totals(rounded, shift, calendar, day)
        scheduled_breaks = [pause for planned_shift in planned for pause in planned_shift.scheduled.unpaid_breaks]
        adjusted = adjust(pieces, scheduled_breaks, calendar, day)
        counted.append(Counted(shift, matched, day, raw, rounded, pieces, adjusted))

    context = Context(
        calendar,
        case.holidays,
        shifts_by_day(planned, calendar),
        dict.fromkeys(case.leave_days, 0) | scheduled_by_day(planned, case, calendar),
    )
    runs = base_codes(worked_runs(counted, calendar), context)
    findings = all_findings(record_of(counted, case, calendar))
    extra_pay = premiums(runs, context) | finding_premiums(findings, calendar)
    for (day, code), amount in [*additions(counted, calendar), *guarantees(counted, runs, calendar)]:
        extra_pay[day, code] = extra_pay.get((day, code), 0) + amount
    attendances = [attendance(p, counted, runs, case) for p in planned]
    notes += [note for one in attendances for note in notes_of(one, case, calendar)]
    notes += other_notes(planned, counted, runs, attendances, case, calendar)
    return Result(calendar, planned, counted, runs, context, extra_pay, attendances, findings, notes)


def worked_runs(counted: list[Counted], calendar: Calendar) -> list[Run]:
    """Worked seconds by workday, each day's total rounded; the seconds that rounding adds or cuts are its last."""
    runs = [
        Run(span, day, one.shift, piece.session)
        for one in counted
        for piece in one.adjusted.work + one.adjusted.added_work
        for day, span in by_workday(one, piece.span, calendar)
        if span.length
    ]
    result: list[Run] = []
    for day in sorted({run.date for run in runs}):
        own = sorted((run for run in runs if run.date == day), key=lambda run: run.span)
        total = sum(run.span.length for run in own)
        rounded = rounded_total(total, calendar.rule("rounding.day_total", day))
        left = rounded
        for run in own:
            result.append(replace(run, span=Span(run.span.start, min(run.span.end, run.span.start + left))))
            left -= min(left, run.span.length)
        result.append(replace(own[-1], span=Span(own[-1].span.end, own[-1].span.end + left)))
    return [run for run in result if run.span.length]


def shifts_by_day(planned: list[Planned], calendar: Calendar) -> dict[date, list[Span]]:
    """Scheduled shifts, or their parts where the policy splits, by workday."""
    found: dict[date, list[Span]] = {}
    for one in planned:
        for day, span in days_of_plan(one, calendar).items():
            found.setdefault(day, []).append(span)
    return found


def worked_in(shift: WorkedShift, runs: list[Run]) -> int:
    return sum(run.span.length for run in runs if run.shift is shift)


def record_of(counted: list[Counted], case: Case, calendar: Calendar) -> Record:
    """Findings read raw segments, unless the policy says rounded."""
    duties: list[Duty] = []
    work: dict[date, list[Span]] = {}
    for one in counted:
        pieces = one.pieces if calendar.rule("compliance.use_rounded", one.date) else one.raw
        duties.append(Duty(one.date, one.shift.start, one.shift.end, pieces))
        for piece in pieces:
            for day, span in by_workday(one, piece.span, calendar) if piece.kind != UNPAID else []:
                work.setdefault(day, []).append(span)
    return Record(calendar, case.now, case.facts, duties, work, case.leave_days)


def finding_premiums(findings: list[Finding], calendar: Calendar) -> dict[tuple[date, str], int]:
    """Once a workday if any meal, or any rest finding, is violated."""
    paid = {}
    for finding in findings:
        kind = "meal" if finding.rule.startswith("meal_period") else "rest" if finding.rule == "rest_periods" else None
        minutes = calendar.rule(f"pay.{kind}_premium_minutes", finding.date)
        if kind and minutes and finding.status == "violated":
            paid[finding.date, f"{kind}_premium"] = seconds(minutes)
    return paid


def additions(counted: list[Counted], calendar: Calendar) -> list[tuple[tuple[date, str], int]]:
    return [
        ((day, "regular"), span.length)
        for one in counted
        for piece in one.adjusted.added_paid
        for day, span in by_workday(one, piece.span, calendar)
    ]


def guarantees(counted: list[Counted], runs: list[Run], calendar: Calendar) -> list[tuple[tuple[date, str], int]]:
    """The difference to what a call-out pays at least."""
    found = []
    for one in counted:
        rule = calendar.rule("pay.minimum_call_out_minutes", one.date)
        rule = rule if isinstance(rule, dict) else {"minutes": rule}
        paid = worked_in(one.shift, runs) + sum(piece.span.length for piece in one.adjusted.added_paid)
        if rule["minutes"] and paid and (one.matched is None or rule.get("all_shifts")):
            found.append(((one.date, "call_out"), max(0, seconds(rule["minutes"]) - paid)))
    return found


def attendance(planned: Planned, counted: list[Counted], runs: list[Run], case: Case) -> Attendance:
    own = [one for one in counted if one.matched is planned]
    left = to_be_worked(planned, case)
    due = Span(left[0].start, left[-1].end) if left else planned.scheduled.span
    return Attendance(planned, due, [one.shift for one in own], sum(worked_in(one.shift, runs) for one in own))


def other_notes(
    planned: list[Planned],
    counted: list[Counted],
    runs: list[Run],
    attendances: list[Attendance],
    case: Case,
    calendar: Calendar,
) -> list[Note]:
    """Overlapping shifts, work without a shift, breaks, totals."""
    notes = [
        Note("overlapping_shifts", later.start, None)
        for index, later in enumerate(planned)
        if any(earlier.end > later.start for earlier in planned[:index])
    ]
    for one in counted:
        if planned and one.matched is None:
            notes.append(Note("unscheduled_work", one.shift.start, one.shift))
        notes += notes_of_breaks(one.shift, one.raw, one.date, case, calendar)
    scheduled = scheduled_by_day(planned, case, calendar)
    by_day = {day: [a for a in attendances if day in days_of_plan(a.plan, calendar)] for day in scheduled}
    present = [(one.date, one.shift) for one in counted]
    notes += notes_of_totals(runs, scheduled, calendar)
    return notes + notes_of_missing_time(runs, scheduled, by_day, present, case, calendar)
