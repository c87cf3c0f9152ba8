"""Whether a break is work, paid or unpaid: decided on its raw length."""

from datetime import date

from tests.reference.calendar import Calendar
from tests.reference.times import seconds

WORK, PAID, UNPAID = "work", "paid", "unpaid"


def kind_of_break(break_type: str, length: int, duty: int, calendar: Calendar, day: date) -> str:
    """`duty` is the length of the worked shift; a sleep break that is not excluded is work."""
    minimum = calendar.rule("breaks.minimum_counted_minutes", day)
    if minimum is not None and length < seconds(minimum):
        return WORK
    sleep = calendar.rule("breaks.sleep", day)
    if break_type == "sleep" and sleep:
        long_enough = length >= seconds(sleep["min_sleep_minutes"])
        return UNPAID if long_enough and duty >= seconds(sleep["min_duty_minutes"]) else WORK
    paid_up_to = calendar.rule("breaks.rest_paid_up_to_minutes", day)
    if break_type == "rest" and paid_up_to is not None:
        return PAID if length <= seconds(paid_up_to) else UNPAID
    unpaid_from = calendar.rule("breaks.meal_unpaid_from_minutes", day)
    if break_type == "meal" and unpaid_from is not None:
        return UNPAID if length >= seconds(unpaid_from) else PAID
    return PAID if break_type in calendar.rule("breaks.paid_types", day) else UNPAID
