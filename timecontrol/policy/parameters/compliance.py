"""Working-time rules: each parameter is one rule, each rule writes a finding for every day, week or window it looks at."""

from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import (
    ClockWindow,
    Day,
    DayMinutes,
    Minutes,
    PositiveMinutes,
    Strict,
    Value,
    only_one_of,
    rising,
)


@parameter("compliance.use_rounded", unit="true or false", default=False)
class ComplianceUseRounded(Value[bool]):
    """False: findings read the raw, unrounded segments; true: the rounded ones."""


class MealPeriod(Strict):
    """One meal period that a worked shift owes."""

    required_if_work_over_minutes: Minutes
    """Owed where work is strictly more than this."""
    start_by_work_minutes: Minutes
    """`late` where it begins after more than this of work."""
    min_minutes: PositiveMinutes
    """`short` where no unused unpaid break is at least this long."""
    waivable_up_to_work_minutes: Minutes | None = None
    """Waived by the employee's fact `meal_waiver_first`, `meal_waiver_second` … where work is at most this."""
    waivable_only_if_previous_taken: bool = False
    """The waiver holds only if the period before was taken, not waived."""

    @model_validator(mode="after")
    def _waiver_has_a_limit(self) -> Self:
        if self.waivable_only_if_previous_taken and self.waivable_up_to_work_minutes is None:
            raise ValueError(
                "waivable_only_if_previous_taken needs waivable_up_to_work_minutes: without it nothing can be waived"
            )
        if (
            self.waivable_up_to_work_minutes is not None
            and self.waivable_up_to_work_minutes <= self.required_if_work_over_minutes
        ):
            raise ValueError(
                "waivable_up_to_work_minutes must be more than required_if_work_over_minutes: below it nothing is owed"
            )
        return self


def _ordered_periods(periods: list[MealPeriod]) -> list[MealPeriod]:
    rising([period.required_if_work_over_minutes for period in periods], "required_if_work_over_minutes")
    if periods and periods[0].waivable_only_if_previous_taken:
        raise ValueError("the first period has none before it: waivable_only_if_previous_taken belongs to later ones")
    return periods


@parameter("compliance.meal_periods", unit="minutes")
class ComplianceMealPeriods(Value[Annotated[list[MealPeriod], AfterValidator(_ordered_periods)]]):
    """Rules `meal_period_1`…`n`, per worked shift; the finding of a day takes the worst.

    Period n is judged on the n-th unpaid break of at least `min_minutes`, else on the longest unused unpaid one
    (`short`), else it is `missing`.
    """


@parameter("compliance.rest_periods", unit="minutes")
class ComplianceRestPeriods(Strict):
    """Rule `rest_periods`: paid rest breaks that a worked shift owes; `required_minutes` = breaks × minutes."""

    minutes: PositiveMinutes
    """Length of one break."""
    per_work_minutes: PositiveMinutes
    """One break for each so much of work."""
    major_fraction: bool
    """True: more than half of `per_work_minutes` counts as the whole."""
    none_under_work_minutes: Minutes
    """Nothing is owed where less than this was worked."""
    recorded: bool = True
    """False: rest breaks are not punched; `not_applicable`, reason `not_recorded`, and no premium."""


class BreakTier(Strict):
    """How much break is owed beyond a mark of work."""

    work_over_minutes: Minutes | None = None
    """Owed where work is strictly more than this."""
    work_from_minutes: Minutes | None = None
    """Owed where work reaches this."""
    continuous_over_minutes: Minutes | None = None
    """Owed where one unbroken piece of work is longer than this."""
    min_total_minutes: PositiveMinutes | None
    """The breaks together last at least this; null: a break of any length."""

    @model_serializer(mode="wrap")
    def _with_null(self, handler: SerializerFunctionWrapHandler) -> dict[str, JsonValue]:
        """Null has a meaning of its own here, so the normal form keeps it."""
        return {**handler(self), "min_total_minutes": self.min_total_minutes}

    @model_validator(mode="after")
    def _one_mark(self) -> Self:
        only_one_of(self, "work_over_minutes", "work_from_minutes", "continuous_over_minutes")
        return self


def _rising_marks(tiers: list[BreakTier]) -> list[BreakTier]:
    for name in ("work_over_minutes", "work_from_minutes", "continuous_over_minutes"):
        rising([mark for tier in tiers if (mark := getattr(tier, name)) is not None], name)
    return tiers


@parameter("compliance.break_total", unit="minutes")
class ComplianceBreakTotal(Strict):
    """Rule `break_total`: what breaks of a worked shift must last together; automatic deductions are not breaks."""

    tiers: Annotated[list[BreakTier], Field(min_length=1), AfterValidator(_rising_marks)]
    """The marks; the highest that is passed counts."""
    min_block_minutes: Minutes = 0
    """A shorter break does not count."""
    basis: Literal["net", "gross"] = "net"
    """What is held against the marks: work, or presence."""
    uninterrupted: bool = False
    """True: one break must last `min_total_minutes` alone."""
    end_of_work_counts: bool = False
    """True: a break at the end of the work counts too."""
    counts_paid: bool = False
    """True: paid breaks count too."""


@parameter("compliance.longest_work_minutes", unit="minutes")
class ComplianceLongestWorkMinutes(Value[PositiveMinutes]):
    """Rule `longest_work`: the longest work without a break that counts for `compliance.break_total`."""


@parameter("compliance.daily_rest", unit="minutes")
class ComplianceDailyRest(Strict):
    """Rule `daily_rest`: elapsed rest before the next worked shift, true across clock changes.

    One row per rest, dated on the worked shift after it; `pending` where nobody clocked out before it.
    """

    minutes: PositiveMinutes
    """The rest that is owed."""
    reduced_to_minutes: Minutes | None = None
    """It may be reduced to this."""
    reduced_times_per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    """At most so often in a workweek; without limit where absent."""
    compensate_within_days: Annotated[int, Field(ge=1, le=366)] | None = None
    """A reduced rest is made good within so many days: the other rest begins at most so many times 24 hours after it ended."""
    compensate_with_minutes: PositiveMinutes | None = None
    """By another rest of at least this length; `pending` until then, `violated` when the days have passed."""

    @model_validator(mode="after")
    def _reduction(self) -> Self:
        extras = ("reduced_times_per_week", "compensate_within_days", "compensate_with_minutes")
        if self.reduced_to_minutes is None:
            for name in extras:
                if getattr(self, name) is not None:
                    raise ValueError(f"{name} needs reduced_to_minutes: without it there is no reduced rest")
        elif self.reduced_to_minutes >= self.minutes:
            raise ValueError("reduced_to_minutes must be less than minutes")
        if (self.compensate_within_days is None) != (self.compensate_with_minutes is None):
            raise ValueError("compensate_within_days and compensate_with_minutes belong together")
        return self


@parameter("compliance.weekly_rest", unit="minutes")
class ComplianceWeeklyRest(Strict):
    """Rule `weekly_rest`: the longest rest in each period, or the sum of its pieces; a rest is cut at both ends of the period.

    A period without work has no finding, one that is not over is `pending`; who has not clocked out may work as long as
    `pairing.max_shift_minutes`.
    """

    minutes: PositiveMinutes
    """The rest that is owed."""
    per_days: Literal[7, 14] = 7
    """Length of the period; 7: the workweek."""
    anchor_date: Day | None = None
    """For 14: a date on which a period begins."""
    rolling: bool = False
    """True: a period begins on every day with work; one that began in the middle of a rest would cut it."""
    pieces_of_at_least_minutes: PositiveMinutes | None = None
    """Given: rests of at least this are added up, instead of the longest alone."""

    @model_validator(mode="after")
    def _periods(self) -> Self:
        if self.minutes > self.per_days * 24 * 60:
            raise ValueError(f"{self.minutes} minutes of rest do not fit into {self.per_days} days")
        if self.per_days == 14 and not self.rolling and self.anchor_date is None:
            raise ValueError("per_days 14 needs anchor_date: a date on which a period begins")
        if self.per_days == 7 and self.anchor_date is not None:
            raise ValueError("anchor_date belongs to per_days 14; a period of 7 days is the workweek")
        if self.pieces_of_at_least_minutes is not None and self.pieces_of_at_least_minutes > self.minutes:
            raise ValueError("pieces_of_at_least_minutes is more than the rest that is owed")
        return self


@parameter("compliance.day_of_rest", unit="minutes")
class ComplianceDayOfRest(Strict):
    """Rule `day_of_rest`: `satisfied` if a day of the workweek has no work.

    Else `not_applicable` if the week's work, or every day's, is within its limit; else `violated`.
    """

    exempt_if_week_up_to_minutes: Minutes | None = None
    """Not applicable where the week's work is at most this."""
    exempt_if_every_day_up_to_minutes: DayMinutes | None = None
    """Not applicable where no day's work exceeds this."""


class Maximum(Strict):
    """A limit of work, and a mark from which passing is worth a note."""

    minutes: PositiveMinutes
    """`violated` where work is strictly more than this."""
    note_over_minutes: Minutes | None = None
    """`satisfied` with reason `noted` where work is strictly more than this."""

    @model_validator(mode="after")
    def _note_below_the_limit(self) -> Self:
        if self.note_over_minutes is not None and self.note_over_minutes >= self.minutes:
            raise ValueError("note_over_minutes must be less than minutes: beyond them the rule is violated")
        return self


@parameter("compliance.daily_max", unit="minutes")
class ComplianceDailyMax(Maximum):
    """Rule `daily_max`: work of a workday."""


@parameter("compliance.weekly_max", unit="minutes")
class ComplianceWeeklyMax(Maximum):
    """Rule `weekly_max`: work of a workweek."""


class Average(Strict):
    """A limit of work on average over a window of weeks; an incomplete window is `pending`."""

    minutes: PositiveMinutes
    """The limit per week, or per working day."""
    weeks: Annotated[int, Field(ge=1, le=104)]
    """Length of the window."""
    rolling: bool = True
    """True: a window begins with every week that has work; false: windows follow each other from the first such week."""
    working_days_per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    """So many days of the workweek, from its start, are working days; absent: all, and `average_day` divides by the days with work."""
    leave_excluded: bool = False
    """True: days of leave leave the window, and for each that was a working day the next one after the window is added."""


@parameter("compliance.average_week", unit="minutes")
class ComplianceAverageWeek(Average):
    """Rule `average_week`: work per week, on average over each window."""


@parameter("compliance.average_day", unit="minutes")
class ComplianceAverageDay(Average):
    """Rule `average_day`: work per working day, on average over each window."""


@parameter("compliance.consecutive_days", unit="days")
class ComplianceConsecutiveDays(Strict):
    """Rule `consecutive_days`: days worked without a day between."""

    max: Annotated[int, Field(ge=1, le=366)]
    """`violated` where more days in a row are worked."""


@parameter("compliance.night_work", unit="minutes")
class ComplianceNightWork(ClockWindow):
    """Rule `night_work`: work inside a window of the night; `actual_minutes` is that work.

    `not_applicable` below the threshold, else `satisfied`, or `violated` where the day's limit is passed.
    """

    night_worker_from_minutes: Minutes | None = None
    """Applies where work inside reaches this."""
    night_worker_over_minutes: Minutes | None = None
    """Applies where work inside is strictly more than this."""
    daily_max_minutes: PositiveMinutes | None = None
    """`violated` where the work of the day is strictly more than this."""

    @model_validator(mode="after")
    def _one_threshold(self) -> Self:
        only_one_of(self, "night_worker_from_minutes", "night_worker_over_minutes")
        return self
