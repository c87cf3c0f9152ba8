"""Which breaks are paid, and what is deducted or added without a punch."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import (
    BreakTypes,
    Minutes,
    MinutesByBreakType,
    PositiveMinutes,
    Strict,
    Value,
    only_one_of,
    rising,
)

#: A day of the shortest breaks that anybody plans has fewer, so a larger number is minutes in the wrong place.
MOST_BREAKS = 100


@parameter("breaks.paid_types", unit="words", default=["rest"])
class BreaksPaidTypes(Value[BreakTypes]):
    """Types of break that are paid; other types are unpaid. European policies set `[]`: there a rest is not work.

    A break without a type is a meal, and so is a gap inside a worked shift.
    """


@parameter("breaks.rest_paid_up_to_minutes", unit="minutes")
class BreaksRestPaidUpToMinutes(Value[Minutes]):
    """A rest break of at most this is paid, a longer one is wholly unpaid; decided on the raw length."""


@parameter("breaks.meal_unpaid_from_minutes", unit="minutes")
class BreaksMealUnpaidFromMinutes(Value[Minutes]):
    """A meal break of at least this is unpaid, a shorter one is paid; decided on the raw length."""


@parameter("breaks.minimum_counted_minutes", unit="minutes")
class BreaksMinimumCountedMinutes(Value[Minutes]):
    """A break shorter than this is work."""


@parameter("breaks.long_after_minutes", unit="minutes")
class BreaksLongAfterMinutes(Value[MinutesByBreakType]):
    """A break that lasted strictly more than this is the exception `long_break`; read on the raw length.

    One number for every type, or a number for each type named; other types then have none. What counts as work is no
    break: one under `breaks.minimum_counted_minutes`, and the part of a sleep over its limit.
    """


@parameter("breaks.short_below_minutes", unit="minutes")
class BreaksShortBelowMinutes(Value[MinutesByBreakType]):
    """A break that lasted strictly less than this is the exception `short_break`; read as `breaks.long_after_minutes` is."""


class BreakCount(Strict):
    """How many breaks a worked shift of some length has; one that the bounds do not hold is an exception."""

    types: Annotated[BreakTypes, Field(min_length=1), AfterValidator(sorted)] | None = None
    """Types of break that count; all where absent."""
    after_worked_minutes: Minutes
    """The bounds hold where raw work, paid breaks included, is strictly more than this."""
    at_least: Annotated[int, Field(ge=1, le=MOST_BREAKS)] | None = None
    """Fewer breaks are `too_few_breaks`."""
    at_most: Annotated[int, Field(ge=0, le=MOST_BREAKS)] | None = None
    """More breaks are `too_many_breaks`."""

    @model_validator(mode="after")
    def _has_a_bound(self) -> Self:
        if self.at_least is None and self.at_most is None:
            raise ValueError("at_least or at_most must be given")
        return self


def _consistent_counts(entries: list[BreakCount]) -> list[BreakCount]:
    for types in {tuple(entry.types or ()) for entry in entries}:
        same = [entry for entry in entries if tuple(entry.types or ()) == types]
        rising([entry.after_worked_minutes for entry in same], "after_worked_minutes of entries for the same types")
        least, most = 0, MOST_BREAKS
        for entry in same:
            least = least if entry.at_least is None else entry.at_least
            most = most if entry.at_most is None else entry.at_most
            if least > most:
                raise ValueError(
                    f"after {entry.after_worked_minutes} minutes no number of breaks is right: "
                    f"at_least {least}, at_most {most}"
                )
    return entries


@parameter("breaks.count", unit="minutes and breaks")
class BreaksCount(Value[Annotated[list[BreakCount], Field(min_length=1), AfterValidator(_consistent_counts)]]):
    """Bounds of the number of breaks of a worked shift: exceptions `too_few_breaks` and `too_many_breaks`, one of each at most.

    Entries for the same types are steps: a bound counts until a later entry that is reached gives another. Judged once the
    employee has clocked out, or the session is given up; gaps inside the worked shift are breaks of type `meal`.
    """


@parameter("breaks.meal_start_by_worked_minutes", unit="minutes")
class BreaksMealStartByWorkedMinutes(Value[Minutes]):
    """The first meal break begins after at most this much work; after strictly more it is the exception `late_meal`.

    Work is raw and of the worked shift, paid breaks included. Without a meal the exception stands as soon as the work of
    its ended sessions is strictly more. What a law asks for is `compliance.meal_periods`.
    """


class AutoDeduct(Strict):
    """A deduction from a worked shift that passes a trigger."""

    after_minutes: Minutes | None = None
    """Applies where the basis is strictly more than this."""
    from_minutes: Minutes | None = None
    """Applies where the basis reaches this."""
    minutes: PositiveMinutes
    """What is deducted."""
    counts_punched: bool = True
    """Less the unpaid breaks punched."""
    capped: bool = False
    """No more than what is over the trigger; applied after `counts_punched`."""
    additive: bool = False
    """Added to the largest of the others instead of competing with them."""
    place: Literal["at_trigger", "end"] = "at_trigger"
    """Which seconds go: those after the trigger or the last of the worked shift."""
    basis: Literal["worked", "gross"] = "worked"
    """What is held against the trigger: worked time before deductions, or presence."""

    @model_validator(mode="after")
    def _one_trigger(self) -> Self:
        only_one_of(self, "after_minutes", "from_minutes")
        return self


@parameter("breaks.auto_deduct", unit="minutes")
class BreaksAutoDeduct(Value[list[AutoDeduct]]):
    """Deductions per worked shift; the largest that applies counts, `additive` entries are added to it.

    Worked time never goes below zero.
    """


class AutoAdd(Strict):
    """Paid minutes added for breaks that were punched out."""

    after_minutes: Minutes
    """Applies where worked time before deductions is strictly more than this."""
    minutes: PositiveMinutes
    """What is added."""
    counts_punched: bool
    """No more than was punched, of `types`."""
    types: BreakTypes | None = None
    """Types of break that count as punched; all unpaid ones where absent."""
    additive: bool = False
    """Several additive entries pool their minutes."""
    counts_as_work: bool = False
    """True: the minutes are worked and count toward tiers; else they are paid as `regular` and count toward none."""


@parameter("breaks.auto_add", unit="minutes")
class BreaksAutoAdd(Value[list[AutoAdd]]):
    """Paid minutes added for breaks punched out; looks at worked time before deductions and at rounded breaks.

    It adds nothing to a paid break.
    """


@parameter("breaks.from_schedule", unit="true or false")
class BreaksFromSchedule(Value[bool]):
    """True: scheduled unpaid breaks are deducted as far as work lies inside them; they report as automatic deductions.

    The breaks of all the employee's scheduled shifts count, overlapping ones once.
    """


@parameter("breaks.sleep", unit="minutes")
class BreaksSleep(Strict):
    """A break of type `sleep` in a long duty is unpaid up to a limit if it was long enough, else it is work."""

    min_duty_minutes: PositiveMinutes
    """The worked shift lasts at least this."""
    max_excluded_minutes: PositiveMinutes
    """At most this much of the break is unpaid."""
    min_sleep_minutes: Minutes
    """The break is at least this long."""

    @model_validator(mode="after")
    def _sleep_fits_the_duty(self) -> Self:
        if self.min_sleep_minutes > self.min_duty_minutes:
            raise ValueError("min_sleep_minutes is longer than min_duty_minutes: no duty could hold it")
        return self
