"""Limits of worked time that a person is told about; what a law allows at most is a rule of compliance."""

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import Minutes, Value


@parameter("exceptions.daily_worked_over_minutes", unit="minutes")
class ExceptionsDailyWorkedOverMinutes(Value[Minutes]):
    """Exception `over_daily_time` where strictly more than this was worked on a workday, rounded and after deductions."""


@parameter("exceptions.weekly_worked_over_minutes", unit="minutes")
class ExceptionsWeeklyWorkedOverMinutes(Value[Minutes]):
    """Exception `over_weekly_time` where strictly more than this was worked in a workweek, rounded and after deductions.

    Dated on the workday that passed the mark.
    """
