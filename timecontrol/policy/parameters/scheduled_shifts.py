"""How a worked shift finds its scheduled shift, and what becomes of the scheduled shift."""

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import Minutes, Value


@parameter("shift.early_window_minutes", unit="minutes")
class ShiftEarlyWindowMinutes(Value[Minutes]):
    """How long before the scheduled start a punch may match, the end of the window included.

    A worked shift matches the scheduled shift whose window it overlaps most; a tie goes to the earlier.
    """


@parameter("shift.late_window_minutes", unit="minutes")
class ShiftLateWindowMinutes(Value[Minutes]):
    """How long after the scheduled end a punch may match, the end of the window included."""


@parameter("shift.trim_windows", unit="true or false")
class ShiftTrimWindows(Value[bool]):
    """True: where windows of neighbours meet, no instant is in both and none between them in neither.

    The later shift's early window begins no earlier than the earlier shift's scheduled end; the earlier one's late window
    ends where that one then begins.
    """


@parameter("shift.late_grace_minutes", unit="minutes")
class ShiftLateGraceMinutes(Value[Minutes]):
    """`late` only when strictly over; read on raw instants. With no punch yet, an exception as soon as the grace is over."""


@parameter("shift.early_in_grace_minutes", unit="minutes")
class ShiftEarlyInGraceMinutes(Value[Minutes]):
    """Exception `early_in` where the first clock-in is before the scheduled start by strictly more; read on raw instants."""


@parameter("shift.early_leave_grace_minutes", unit="minutes")
class ShiftEarlyLeaveGraceMinutes(Value[Minutes]):
    """Left early only when strictly over; someone who is still in has not left early."""


@parameter("shift.late_out_grace_minutes", unit="minutes")
class ShiftLateOutGraceMinutes(Value[Minutes]):
    """`out_late` only when strictly over; with a session still open, as soon as the grace is over; never without a punch."""


@parameter("shift.half_day_below_minutes", unit="minutes")
class ShiftHalfDayBelowMinutes(Value[Minutes]):
    """Outcome `half_day` where less than this was worked."""


@parameter("shift.absent_below_minutes", unit="minutes")
class ShiftAbsentBelowMinutes(Value[Minutes]):
    """Outcome `absent` where less than this was worked."""


@parameter("shift.no_show_after_minutes", unit="minutes")
class ShiftNoShowAfterMinutes(Value[Minutes]):
    """With no punch the outcome is `pending` until this has passed since the scheduled start, then `no_show`.

    Not set: `pending` until the late window has passed, then `absent`.
    """


@parameter("shift.over_scheduled_minutes", unit="minutes")
class ShiftOverScheduledMinutes(Value[Minutes]):
    """Exception `over_scheduled` where a workday with a scheduled shift has strictly more than this over its scheduled time.

    Compared are worked time, rounded and after deductions, and scheduled time less unpaid breaks and leave.
    """


@parameter("shift.under_scheduled_minutes", unit="minutes")
class ShiftUnderScheduledMinutes(Value[Minutes]):
    """Exception `under_scheduled` where a workday has strictly more than this less worked than scheduled time.

    Only when no shift of the day is `pending` and nobody is still in; never on a holiday. Leave shortens scheduled time.
    """


@parameter("shift.over_weekly_scheduled_minutes", unit="minutes")
class ShiftOverWeeklyScheduledMinutes(Value[Minutes]):
    """Exception `over_weekly_scheduled` where a workweek has strictly more than this over the scheduled time of all its days.

    Only in weeks with a scheduled shift; dated on the workday that passed the mark.
    """
