"""Which breaks are paid, and what is deducted or added without a punch."""

from typing import Literal, Self

from pydantic import model_validator

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import BreakTypes, Minutes, PositiveMinutes, Strict, Value, only_one_of


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
class BreaksLongAfterMinutes(Value[Minutes]):
    """A break over this is the exception `long_break`."""


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
