"""What became of each scheduled shift, and what a person must look at there."""

from dataclasses import dataclass

from tests.reference.calendar import Calendar
from tests.reference.case import Case
from tests.reference.closing import still_in
from tests.reference.matching import Planned, on_whole_leave, to_be_worked
from tests.reference.pairing import Note, WorkedShift
from tests.reference.timeline import last_out
from tests.reference.times import Span, seconds


@dataclass(frozen=True)
class Attendance:
    """A scheduled shift with the worked shifts that match it; instants are raw, `worked` counts as paid work does.

    `due` is from when to when it is to be worked: later or earlier than the shift where leave takes a part of it.
    """

    plan: Planned
    due: Span
    shifts: list[WorkedShift]
    worked: int

    @property
    def first_in(self) -> int | None:
        return min((shift.start for shift in self.shifts), default=None)

    @property
    def last_out(self) -> int | None:
        outs = [out.at for shift in self.shifts if (out := last_out(shift))]
        return max(outs, default=None)

    @property
    def still_in(self) -> bool:
        return bool(self.shifts) and self.shifts[-1].end is None


def late_by(attendance: Attendance, calendar: Calendar) -> int:
    """Seconds after the start, where that is strictly over the grace."""
    grace = calendar.rule("shift.late_grace_minutes", attendance.plan.date)
    if grace is None or attendance.first_in is None:
        return 0
    late = attendance.first_in - attendance.due.start
    return late if late > seconds(grace) else 0


def early_by(attendance: Attendance, calendar: Calendar) -> int:
    """Seconds before the end; someone who is still in has not left."""
    grace = calendar.rule("shift.early_leave_grace_minutes", attendance.plan.date)
    if grace is None or attendance.still_in or attendance.last_out is None:
        return 0
    early = attendance.due.end - attendance.last_out
    return early if early > seconds(grace) else 0


def without_work(attendance: Attendance, case: Case) -> str | None:
    """Holiday or leave, each only without work."""
    if attendance.worked:
        return None
    if attendance.plan.date in case.holidays:
        return "holiday"
    on_leave = on_whole_leave(attendance.plan, case) or (case.leave and not to_be_worked(attendance.plan, case))
    return "on_leave" if on_leave else None


def outcome(attendance: Attendance, case: Case, calendar: Calendar) -> str:
    plan = attendance.plan
    excused = without_work(attendance, case)
    if excused:
        return excused
    no_show = calendar.rule("shift.no_show_after_minutes", plan.date)
    if not attendance.shifts and no_show is not None:
        return "no_show" if case.now >= plan.start + seconds(no_show) else "pending"
    if case.now < plan.window.end:
        return "pending"
    if not attendance.shifts:
        return "absent"
    for name in ("absent", "half_day"):
        below = calendar.rule(f"shift.{name}_below_minutes", plan.date)
        if below is not None and attendance.worked < seconds(below):
            return name
    late, early = late_by(attendance, calendar), early_by(attendance, calendar)
    if late and early:
        return "late_and_left_early"
    return "late" if late else "left_early" if early else "worked"


def notes_of(attendance: Attendance, case: Case, calendar: Calendar) -> list[Note]:
    """Lateness and the like; `at` is the punch concerned, else the start of the shift."""
    plan = attendance.plan
    first_shift = attendance.shifts[0] if attendance.shifts else None
    notes = []
    early_grace = calendar.rule("shift.early_in_grace_minutes", plan.date)
    if first_shift and early_grace is not None and first_shift.start < attendance.due.start - seconds(early_grace):
        notes.append(Note("early_in", first_shift.start, first_shift))
    late_grace = calendar.rule("shift.late_grace_minutes", plan.date)
    if late_by(attendance, calendar):
        notes.append(Note("late", attendance.first_in or 0, first_shift))
    waited = late_grace is not None and case.now > attendance.due.start + seconds(late_grace)
    if waited and not attendance.shifts and not without_work(attendance, case):
        notes.append(Note("late", plan.start, None))
    if early_by(attendance, calendar):
        notes.append(Note("early_leave", attendance.last_out or 0, first_shift))
    out_grace = calendar.rule("shift.late_out_grace_minutes", plan.date)
    if out_grace is not None and attendance.shifts:
        latest = attendance.due.end + seconds(out_grace)
        if still_in(attendance.shifts[-1], case, calendar) and case.now > latest:
            notes.append(Note("out_late", plan.start, first_shift))
        elif not attendance.still_in and attendance.last_out is not None and attendance.last_out > latest:
            notes.append(Note("out_late", attendance.last_out, first_shift))
    if outcome(attendance, case, calendar) == "no_show":
        notes.append(Note("no_show", plan.start, None))
    return notes
