"""Which pay code a worked second gets, what comes on top, and what is paid without work."""

from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import (
    BasePayCode,
    ClockWindow,
    Day,
    DayMinutes,
    Minutes,
    PremiumPayCode,
    Strict,
    Tiers,
    Value,
    Weekdays,
)


@parameter("overtime.daily_tiers", unit="minutes")
class OvertimeDailyTiers(Value[Tiers]):
    """What lies beyond marks of a workday's worked time, in the order of time; all worked seconds of the day count."""


@parameter("overtime.weekly_tiers", unit="minutes")
class OvertimeWeeklyTiers(Value[Tiers]):
    """What lies beyond marks of a workweek's worked time; which seconds count says `overtime.weekly_counts`."""


@parameter("overtime.period_tiers", unit="minutes")
class OvertimePeriodTiers(Strict):
    """What lies beyond marks of a period of several weeks; only seconds that are still open count."""

    weeks: Annotated[int, Field(ge=1, le=52)]
    """Length of the period."""
    anchor_date: Day
    """A date on which a period begins."""
    tiers: Tiers
    """The marks."""


@parameter("overtime.weekly_counts", unit="word", default="straight_time_only")
class OvertimeWeeklyCounts(Value[Literal["straight_time_only", "all"]]):
    """`straight_time_only`: seconds already overtime by the day do not count again toward the weekly tiers."""


@parameter("overtime.seventh_day", unit="minutes")
class OvertimeSeventhDay(Strict):
    """Work on the last of many days in a row; all worked seconds of the day count, claimed or not."""

    scope: Literal["workweek", "rolling", "nth_worked_day"]
    """`workweek`: all days of the workweek worked; `rolling`: a worked day that is the n-th or a later one of an unbroken
    run; `nth_worked_day`: the n-th worked day of the workweek."""
    day: Annotated[int, Field(ge=1, le=31)] = 7
    """The n."""
    first_minutes: DayMinutes
    """So much of the day is paid by `pay_code`."""
    pay_code: BasePayCode
    """Code of the first minutes."""
    then_pay_code: BasePayCode
    """Code of what lies beyond them."""

    @model_validator(mode="after")
    def _day_of_the_week(self) -> Self:
        if self.scope != "rolling" and self.day > 7:
            raise ValueError(f"a workweek has no day {self.day}; scope {self.scope} allows 1 to 7")
        return self


class SpecialDay(Strict):
    """Pay of all work on certain workdays."""

    days: Weekdays | None = None
    """The weekdays; where absent, a rest day is a day with no scheduled shift and a holiday any that is listed."""
    tiers: Tiers
    """The marks; `over_minutes: 0` begins with the first second."""


@parameter("overtime.rest_day", unit="minutes")
class OvertimeRestDay(SpecialDay):
    """Pay of work on a rest day: on the weekdays given, else on days with no scheduled shift."""


@parameter("overtime.holiday", unit="minutes")
class OvertimeHoliday(SpecialDay):
    """Pay of work on a workday that is a holiday of the site."""


@parameter("overtime.alternative_workweek", unit="minutes")
class OvertimeAlternativeWorkweek(Strict):
    """An agreed week of longer days: no daily tier starts before the scheduled minutes on these days."""

    days: Weekdays
    """Days of the agreed week."""
    scheduled_minutes: DayMinutes
    """No daily tier starts before this on those days; a tier with a higher mark stays."""
    other_days_tiers: Tiers | None = None
    """Daily tiers of the other days; where absent, `overtime.daily_tiers`."""


@parameter("overtime.against_schedule", unit="minutes")
class OvertimeAgainstSchedule(Strict):
    """Worked − scheduled minutes of the day; what is over claims the day's last seconds.

    A difference within the tolerance is zero, a larger one counts whole; it is the day's `balance_minutes`.
    """

    tolerance_minutes: Minutes
    """Over by at most this is zero."""
    undertime_tolerance_minutes: Minutes
    """Under by at most this is zero."""
    allow_negative: bool
    """True: the balance of a day may be negative."""
    pay_code: BasePayCode
    """Code of the seconds over."""
    target_minutes: DayMinutes | None = None
    """Stands for the scheduled minutes of a day on which no shift is scheduled; 0 where absent."""


class OvertimeWindow(ClockWindow):
    """Work inside this window of the local clock is overtime."""

    days: Weekdays | None = None
    """Local dates on which the window begins; all where absent."""
    outside_schedule: bool = False
    """True: only work outside scheduled shifts."""
    pay_code: BasePayCode
    """Code of the work inside."""


@parameter("overtime.windows", unit="clock time")
class OvertimeWindows(Value[list[OvertimeWindow]]):
    """Work inside a window is overtime; the first window that matches claims."""


class PremiumWindow(ClockWindow):
    """Paid work inside this window of the local clock, true across clock changes, earns a premium on top."""

    pay_code: PremiumPayCode
    """Code that comes on top."""
    days: Weekdays | None = None
    """Weekdays of the local dates on which the window begins; where absent all, or with `holidays: true` holidays alone."""
    holidays: bool | None = None
    """True: a holiday of the site is one of the days, beside those that `days` names ("Sundays and public holidays"), alone
    where it names none; false: a holiday is none of them; absent: holidays do not matter."""
    minimum_minutes: Minutes | None = None
    """Nothing is earned where less than this lies inside."""
    after_worked_minutes: Minutes | None = None
    """Only seconds beyond so much work of the day."""


@parameter("premium.windows", unit="clock time")
class PremiumWindows(Value[list[PremiumWindow]]):
    """Seconds of paid work inside windows of the local clock earn a premium on top of base pay."""


class CallOut(Strict):
    """A guarantee for worked shifts."""

    minutes: Minutes
    """A worked shift pays at least this."""
    all_shifts: bool = False
    """True: every worked shift, not only those that match no scheduled shift."""


def _form(value: object) -> str:
    return "object" if isinstance(value, (dict, CallOut)) else "minutes"


@parameter("pay.minimum_call_out_minutes", unit="minutes")
class PayMinimumCallOutMinutes(
    Value[Annotated[Annotated[Minutes, Tag("minutes")] | Annotated[CallOut, Tag("object")], Discriminator(_form)]]
):
    """A worked shift that matches no scheduled shift pays at least this; the difference is `call_out`, guaranteed, not worked."""


@parameter("pay.meal_premium_minutes", unit="minutes")
class PayMealPremiumMinutes(Value[Minutes]):
    """Paid once a workday as `meal_premium`, on top, if any meal finding is violated."""


@parameter("pay.rest_premium_minutes", unit="minutes")
class PayRestPremiumMinutes(Value[Minutes]):
    """Paid once a workday as `rest_premium`, on top, if any rest finding is violated."""
