"""Rounding of punches on the local clock, of totals, and snapping of punches to the schedule."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import ClockTime, DayMinutes, Minutes, Strict, only_one_of

# Marks repeat with the day at the latest.
IntervalMinutes = Annotated[int | float, Field(gt=0, le=24 * 60, allow_inf_nan=False)]


class RoundingRule(Strict):
    """One way to round a clock time or a duration to marks that lie `interval_minutes` apart."""

    mode: Literal["none", "nearest", "up", "down"]
    """`none` leaves the value as it is."""
    interval_minutes: IntervalMinutes | None = None
    """Distance of the marks: for punches on the local clock from the full hour, for totals from zero."""
    grace_minutes: Minutes = 0
    """`up`: the first mark at or after (value − grace); `down`: the last mark at or before (value + grace); no effect on `nearest`."""
    half: Literal["up", "down"] = "up"
    """Where a value exactly half-way goes under `nearest`."""
    seconds: Literal["keep", "drop", "up"] = "keep"
    """`drop`: cut to the minute first; `up`: a started minute is whole first."""

    @model_validator(mode="after")
    def _has_marks(self) -> Self:
        if self.mode != "none" and self.interval_minutes is None:
            raise ValueError(f"mode {self.mode} needs interval_minutes")
        return self


class NearClock(Strict):
    """Where a rule for punches applies: at most so far from a clock time or from the scheduled instant."""

    at: ClockTime | None = None
    """Local clock time."""
    scheduled: Literal[True] | None = None
    """The scheduled instant that belongs to the punch."""
    window_minutes: Minutes
    """At most this far, to either side."""

    @model_validator(mode="after")
    def _one_centre(self) -> Self:
        only_one_of(self, "at", "scheduled")
        return self


class NearTotal(Strict):
    """Where a rule for totals applies: at most so far from a total."""

    minutes: Minutes
    """The total."""
    window_minutes: Minutes
    """At most this far, to either side."""


class PunchRounding(RoundingRule):
    """A rule for punches, limited to the neighbourhood of a clock time or of the scheduled instant where `only_near` is given."""

    only_near: NearClock | None = None
    """The rounding applies only there."""
    otherwise: RoundingRule | None = None
    """The rule elsewhere; none where it is absent."""

    @model_validator(mode="after")
    def _otherwise_than_near(self) -> Self:
        if self.otherwise is not None and self.only_near is None:
            raise ValueError("otherwise needs only_near: there is no elsewhere")
        return self


class TotalRounding(RoundingRule):
    """A rule for durations, limited to the neighbourhood of a total where `only_near` is given."""

    only_near: NearTotal | None = None
    """The rounding applies only there."""
    otherwise: RoundingRule | None = None
    """The rule elsewhere; none where it is absent."""

    @model_validator(mode="after")
    def _otherwise_than_near(self) -> Self:
        if self.otherwise is not None and self.only_near is None:
            raise ValueError("otherwise needs only_near: there is no elsewhere")
        return self


@parameter("rounding.clock_in", unit="minutes")
class RoundingClockIn(PunchRounding):
    """Rounds a clock_in; a snapped punch is rounded again."""


@parameter("rounding.clock_out", unit="minutes")
class RoundingClockOut(PunchRounding):
    """Rounds a clock_out; rounded intervals never become negative nor overlap the one before."""


@parameter("rounding.break_start", unit="minutes")
class RoundingBreakStart(PunchRounding):
    """Rounds a break_start; whether a break is paid is decided on its raw length, it is deducted at its rounded length."""


@parameter("rounding.break_end", unit="minutes")
class RoundingBreakEnd(PunchRounding):
    """Rounds a break_end; whether a break is paid is decided on its raw length, it is deducted at its rounded length."""


@parameter("rounding.session_total", unit="minutes")
class RoundingSessionTotal(TotalRounding):
    """Rounds out − in of each session; seconds that it adds or cuts are the session's last."""


@parameter("rounding.break_total", unit="minutes")
class RoundingBreakTotal(TotalRounding):
    """Rounds the unpaid break time of a worked shift, after `rounding.session_total`."""


@parameter("rounding.day_total", unit="minutes")
class RoundingDayTotal(TotalRounding):
    """Rounds the worked time of a workday, paid time follows; seconds that it adds or cuts are the day's last."""


class SnapWindow(Strict):
    """How far from the scheduled instant a punch becomes it, ends included."""

    before_minutes: DayMinutes
    """Earlier than the scheduled instant by at most this."""
    after_minutes: DayMinutes
    """Later than the scheduled instant by at most this."""


@parameter("rounding.snap_to_schedule", unit="minutes")
class RoundingSnapToSchedule(Strict):
    """A punch in a window around the scheduled instant becomes it; comes before the other rounding."""

    clock_in: SnapWindow | None = None
    """Around the scheduled start."""
    clock_out: SnapWindow | None = None
    """Around the scheduled end."""

    @model_validator(mode="after")
    def _snaps_something(self) -> Self:
        if self.clock_in is None and self.clock_out is None:
            raise ValueError("clock_in or clock_out must be given, else nothing snaps")
        return self
