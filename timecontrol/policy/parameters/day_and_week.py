"""Where a workday and a workweek begin, and to which day a worked shift belongs."""

from typing import Literal

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import ClockTime, Value, Weekday


@parameter("workday.starts_at", unit="clock time", default="00:00")
class WorkdayStartsAt(Value[ClockTime]):
    """Local clock time at which a workday begins; it lasts to the next local start (23 or 25 h at a clock change).

    A start that the clock skips is the first instant after it, a repeated one its first pass.
    """


@parameter("workday.attribution", unit="word", default="shift_start")
class WorkdayAttribution(Value[Literal["split_at_boundary", "shift_start", "shift_end", "most_time"]]):
    """To which workday a worked shift belongs; all but `split_at_boundary` keep it whole.

    `most_time` measures presence, a tie goes to the start; with `shift_end`, exactly on the boundary belongs to the
    earlier day.
    """


@parameter("workweek.starts_on", unit="weekday", default="monday")
class WorkweekStartsOn(Value[Weekday]):
    """Weekday on which the workweek begins; with `workday.starts_at` it fixes the week."""
