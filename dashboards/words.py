"""The words in which pages speak of codes: one place, so that a code is called the same on every page."""

from typing import NamedTuple

OUTCOMES = {
    "worked": "Worked",
    "late": "Late",
    "left_early": "Left early",
    "late_and_left_early": "Late and left early",
    "half_day": "Half day",
    "absent": "Absent",
    "no_show": "No show",
    "on_leave": "On leave",
    "holiday": "Holiday",
    "pending": "Not over yet",
    "unscheduled": "Worked without a shift",
}

STATUSES = {
    "violated": "Violated",
    "pending": "Not decided yet",
    "waived": "Waived",
    "satisfied": "Kept",
    "not_applicable": "Did not apply",
}

SEVERITIES = {"error": "Error", "warning": "Warning", "info": "Note"}

SEGMENTS = {"work": "Work", "break": "Break", "off": "Off", "uncertain": "Uncertain"}

BREAK_TYPES = {"meal": "Meal", "rest": "Rest", "other": "Other break", "sleep": "Sleep"}

PUNCHES = {
    "clock_in": "Clock in",
    "clock_out": "Clock out",
    "break_start": "Break start",
    "break_end": "Break end",
    "unknown": "Punch without direction",
}

PAY_CODES = {
    "regular": "Regular",
    "night_premium": "Night premium",
    "weekend_premium": "Weekend premium",
    "meal_premium": "Meal premium",
    "rest_premium": "Rest premium",
    "call_out": "Call-out",
}

RULES = {
    "rest_periods": "Rest breaks",
    "break_total": "Total of breaks",
    "longest_work": "Longest work without a break",
    "daily_rest": "Daily rest",
    "weekly_rest": "Weekly rest",
    "day_of_rest": "Day of rest",
    "daily_max": "Daily maximum",
    "weekly_max": "Weekly maximum",
    "average_week": "Average week",
    "average_day": "Average day",
    "consecutive_days": "Days in a row",
    "night_work": "Night work",
}

ORDINALS = ("First", "Second", "Third", "Fourth")


class ExceptionKind(NamedTuple):
    """What a kind of exception is called, and what the person who sees it should do."""

    title: str
    action: str


EXCEPTIONS = {
    "missing_clock_in": ExceptionKind(
        "Missing clock in", "Ask when the person came and propose a correction with that time."
    ),
    "missing_clock_out": ExceptionKind(
        "Missing clock out", "Ask when the person left and propose a correction with that time."
    ),
    "missing_break_start": ExceptionKind("Missing break start", "Ask when the break began and propose a correction."),
    "missing_break_end": ExceptionKind("Missing break end", "Ask when the break ended and propose a correction."),
    "open_session": ExceptionKind("Session still open", "No time counts until it is closed: propose a clock out."),
    "auto_clock_out": ExceptionKind("Closed by the policy", "Confirm the time that the policy chose, or correct it."),
    "repeated_punch": ExceptionKind(
        "Repeated punch", "Nothing to do: the repeat is kept and not used. If one device repeats often, look at it."
    ),
    "overlapping_shifts": ExceptionKind("Overlapping shifts", "Move or cancel one of the two scheduled shifts."),
    "invalid_shift": ExceptionKind(
        "Impossible shift", "The legacy system has times or breaks of this shift that cannot be: correct it there."
    ),
    "late": ExceptionKind(
        "Late", "Talk to the person or the manager; if the shift was agreed otherwise, move the shift."
    ),
    "early_in": ExceptionKind(
        "Came early", "Check that the extra time was ordered; if the clock in is wrong, correct it."
    ),
    "early_leave": ExceptionKind(
        "Left early", "Record leave for the missing part, or move the shift if that was agreed."
    ),
    "out_late": ExceptionKind(
        "Stayed late", "Check that the extra time was ordered; if the clock out is wrong, correct it."
    ),
    "no_show": ExceptionKind("No show", "Find out where the person is; record leave or cancel the shift."),
    "unscheduled_work": ExceptionKind(
        "Work outside a shift", "Assign a shift for this day, or confirm that the work was ordered."
    ),
    "unknown_employee": ExceptionKind(
        "Unknown employee", "Add the person in HR: the punches are kept and join as soon as the person is known."
    ),
    "unknown_badge": ExceptionKind(
        "Unknown badge", "Assign the badge to an employee with its dates: the punches join then."
    ),
    "no_policy": ExceptionKind(
        "No policy", "Assign a policy to the employee: no rule and no overtime is computed before."
    ),
    "no_shift_assigned": ExceptionKind(
        "No shift assigned", "Give the employee a schedule, or leave it so if the work is free of schedules."
    ),
    "ambiguous_time": ExceptionKind(
        "Ambiguous time", "The clock showed this hour twice: check which pass is meant and correct if needed."
    ),
    "clock_drift": ExceptionKind(
        "Clock of the device is off", "Set the clock of the device; check the punch against what the person says."
    ),
    "long_break": ExceptionKind(
        "Long break", "Ask whether the break was that long, or whether its end was punched late."
    ),
    "short_break": ExceptionKind(
        "Short break", "Ask whether the break was that short, or whether its end was punched early."
    ),
    "too_few_breaks": ExceptionKind(
        "Too few breaks", "Ask whether a break was taken and not punched: propose it; else see that breaks are taken."
    ),
    "too_many_breaks": ExceptionKind(
        "Too many breaks", "Look at the punches from this break on; talk to the person if they are right."
    ),
    "late_meal": ExceptionKind(
        "Late meal break", "See that the meal is taken in time; if it was and is not punched, propose it."
    ),
    "over_scheduled": ExceptionKind(
        "More than scheduled", "Check that the extra time was ordered; if the shift was longer, change the shift."
    ),
    "under_scheduled": ExceptionKind(
        "Less than scheduled", "Record leave for the missing part, or propose the punch that is missing."
    ),
    "over_weekly_scheduled": ExceptionKind(
        "More than the week's schedule", "Check that the extra time was ordered; shorten what is left of the week."
    ),
    "over_daily_time": ExceptionKind(
        "Over the day's limit", "Check the punches of the day and that the time was ordered."
    ),
    "over_weekly_time": ExceptionKind(
        "Over the week's limit", "Check that the time was ordered; shorten what is left of the week."
    ),
}


def in_words(code: str) -> str:
    """A code without a name of its own, readable: `some_code` becomes `Some code`."""
    return code.replace("_", " ").capitalize()


def outcome(code: str) -> str:
    """What became of a shift."""
    return OUTCOMES.get(code, in_words(code))


def status(code: str) -> str:
    """The answer of a rule."""
    return STATUSES.get(code, in_words(code))


def rule(code: str) -> str:
    """A compliance rule: `meal_period_2` is the second meal break."""
    if code.startswith("meal_period_"):
        number = code.removeprefix("meal_period_")
        return f"{ORDINALS[int(number) - 1]} meal break" if number in "1234" else f"Meal break {number}"
    return RULES.get(code, in_words(code))


def unit(rule_code: str) -> str:
    """In what a rule counts."""
    return "days" if rule_code == "consecutive_days" else "min"


def exception(code: str) -> ExceptionKind:
    """A kind of exception with what to do about it."""
    return EXCEPTIONS.get(code, ExceptionKind(in_words(code), "Open the day and see what the punches say."))


def pay_code(code: str) -> str:
    """A pay code: `overtime_150` is overtime at 150 %."""
    name, _, percent = code.rpartition("_")
    if percent.isdigit():
        return f"{in_words(name)} {percent} %"
    return PAY_CODES.get(code, in_words(code))


def duration(seconds: float) -> str:
    """Seconds as `7 h 05 min`, cut to the minute; `42 min` below an hour."""
    minutes = int(abs(seconds)) // 60
    sign = "−" if seconds <= -60 else ""
    return f"{sign}{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{sign}{minutes} min"


def age(seconds: float) -> str:
    """How long ago, as people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    if seconds < 172_800:
        return f"{seconds / 3600:.0f} h"
    return f"{seconds / 86_400:.0f} days"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 shift`, `2 shifts`, `1,234 shifts`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
