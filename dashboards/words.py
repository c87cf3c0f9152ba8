"""The words in which pages speak of codes: one place, so that a code is called the same on every page."""

from timecontrol.serving.explain.words import duration

MINUTE = 60

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

SOURCES = {"api": "API"}

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


#: What a kind of exception is called; what to do about it is in the data.
EXCEPTIONS = {
    "missing_clock_in": "Missing clock in",
    "missing_clock_out": "Missing clock out",
    "missing_break_start": "Missing break start",
    "missing_break_end": "Missing break end",
    "open_session": "Session still open",
    "auto_clock_out": "Closed by the policy",
    "repeated_punch": "Repeated punch",
    "overlapping_shifts": "Overlapping shifts",
    "invalid_shift": "Impossible shift",
    "late": "Late",
    "early_in": "Came early",
    "early_leave": "Left early",
    "out_late": "Stayed late",
    "no_show": "No show",
    "unscheduled_work": "Work outside a shift",
    "unknown_employee": "Unknown employee",
    "unknown_badge": "Unknown badge",
    "no_policy": "No policy",
    "no_shift_assigned": "No shift assigned",
    "ambiguous_time": "Ambiguous time",
    "clock_drift": "Clock of the device is off",
    "long_break": "Long break",
    "short_break": "Short break",
    "too_few_breaks": "Too few breaks",
    "too_many_breaks": "Too many breaks",
    "late_meal": "Late meal break",
    "over_scheduled": "More than scheduled",
    "under_scheduled": "Less than scheduled",
    "over_weekly_scheduled": "More than the week's schedule",
    "over_daily_time": "Over the day's limit",
    "over_weekly_time": "Over the week's limit",
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


def exception(code: str) -> str:
    """A kind of exception."""
    return EXCEPTIONS.get(code, in_words(code))


def pay_code(code: str) -> str:
    """A pay code: `overtime_150` is overtime at 150 %."""
    name, _, percent = code.rpartition("_")
    if percent.isdigit():
        return f"{in_words(name)} {percent} %"
    return PAY_CODES.get(code, in_words(code))


def so_far(seconds: float) -> str:
    """What grows while somebody looks, cut to the minute: `7 h 05 min`, `0 min`."""
    return duration(int(seconds) // MINUTE * MINUTE)


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
