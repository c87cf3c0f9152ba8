"""The values that parameters are made of: minutes, clock times, weekdays, pay codes, and the strict base of every object."""

import difflib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    RootModel,
    Tag,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

#: A length in minutes; a leap year's is the largest that any rule could mean, so a larger one is a slip of the keyboard.
MAX_MINUTES = 366 * 24 * 60

Minutes = Annotated[int | float, Field(ge=0, le=MAX_MINUTES, allow_inf_nan=False)]
PositiveMinutes = Annotated[int | float, Field(gt=0, le=MAX_MINUTES, allow_inf_nan=False)]
DayMinutes = Annotated[int | float, Field(ge=0, le=24 * 60, allow_inf_nan=False)]
ClockTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="HH:MM")]
EndClockTime = Annotated[str, Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$", description="HH:MM, 24:00 allowed")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
#: Types are the policy's own words; those with a meaning of their own are meal, rest, sleep and other.
BreakType = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="meal, rest, sleep, other …")]


def _to_day(value: object) -> object:
    """Dates stand in YAML as text; anything but year-month-day is left for pydantic to refuse."""
    return date.fromisoformat(value) if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value) else value


Day = Annotated[date, BeforeValidator(_to_day)]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of an error message that names the nearest known word, empty where none is near."""
    near = difflib.get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""


class Strict(BaseModel):
    """Base of every object that people write in YAML: no conversions, no unknown keys, the nearest known key named."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, populate_by_name=False, use_attribute_docstrings=True
    )

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: object) -> object:
        if isinstance(value, Mapping):
            known = [field.alias or name for name, field in cls.model_fields.items()]
            for key in value:
                if key not in known:
                    raise PydanticCustomError(
                        "unknown_key",
                        "unknown key {key}{hint}",
                        {"key": str(key), "hint": did_you_mean(str(key), known) or f"; known are {', '.join(known)}"},
                    )
        return value


Root = TypeVar("Root")


class Value(RootModel[Root], Generic[Root]):
    """Base of every parameter that is no object: a word, a number, a list."""

    model_config = ConfigDict(strict=True, frozen=True)


def only_one_of(value: Strict, *names: str) -> None:
    """Raise ValueError unless exactly one of these fields was given."""
    given = [name for name in names if name in value.model_fields_set and getattr(value, name) is not None]
    if len(given) != 1:
        raise ValueError(f"exactly one of {', '.join(names)} must be given, not {', '.join(given) or 'none'}")


def _pay_code(code: str, info: ValidationInfo, *, on_top: bool | None) -> str:
    """Hold a code against the declared ones; without `pay_codes` in the context there is nothing to hold it against."""
    declared: Mapping[str, bool] | None = (info.context or {}).get("pay_codes")
    if declared is None:
        return code
    if code not in declared:
        raise ValueError(f"unknown pay code {code}{did_you_mean(code, declared)}")
    if on_top is not None and declared[code] != on_top:
        raise ValueError(
            f"pay code {code} comes on top of base pay, here one that replaces it is needed"
            if declared[code]
            else f"pay code {code} replaces base pay, here one that comes on top is needed"
        )
    return code


def _base(code: str, info: ValidationInfo) -> str:
    return _pay_code(code, info, on_top=False)


def _premium(code: str, info: ValidationInfo) -> str:
    return _pay_code(code, info, on_top=True)


def _any_code(code: str, info: ValidationInfo) -> str:
    return _pay_code(code, info, on_top=None)


BasePayCode = Annotated[str, AfterValidator(_base), Field(description="pay code that replaces base pay")]
PremiumPayCode = Annotated[str, AfterValidator(_premium), Field(description="pay code that comes on top")]
AnyPayCode = Annotated[str, AfterValidator(_any_code), Field(description="pay code")]


def distinct(words: list[str]) -> list[str]:
    """Refuse a list that names something twice."""
    twice = sorted({word for word in words if words.count(word) > 1})
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return words


Weekdays = Annotated[list[Weekday], Field(min_length=1), AfterValidator(distinct)]
BreakTypes = Annotated[list[BreakType], AfterValidator(distinct)]


def _limit_form(value: object) -> str:
    return "by type" if isinstance(value, Mapping) else "minutes"


#: One length for breaks of every type, or one for each type named.
MinutesByBreakType = Annotated[
    Annotated[Minutes, Tag("minutes")] | Annotated[dict[BreakType, Minutes], Field(min_length=1), Tag("by type")],
    Discriminator(_limit_form),
]


class Tier(Strict):
    """What lies beyond a mark is paid by this code, up to the next tier's mark."""

    over_minutes: Minutes
    """Strictly more than this."""
    pay_code: BasePayCode


def rising(marks: list[Any], what: str) -> None:
    """Raise ValueError where a list of marks does not rise from each to the next."""
    for earlier, later in pairwise(marks):
        if later <= earlier:
            raise ValueError(f"{what} must rise: {later} comes after {earlier}")


def _rising_tiers(tiers: list[Tier]) -> list[Tier]:
    rising([tier.over_minutes for tier in tiers], "over_minutes")
    return tiers


Tiers = Annotated[list[Tier], AfterValidator(_rising_tiers)]


class ClockWindow(Strict):
    """A window of the local clock; an end not after its start is on the next day."""

    from_: Annotated[ClockTime, Field(alias="from")]
    """Local clock time at which it begins, included."""
    to: EndClockTime
    """Local clock time at which it ends, excluded; "24:00" is midnight at the end of the day."""

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.from_ == self.to:
            raise ValueError(
                f'the window from {self.from_} to {self.to} has no length; a whole day is "00:00" to "24:00"'
            )
        return self
