"""How punches become sessions, and sessions become worked shifts."""

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from timecontrol.policy.registry import parameter
from timecontrol.policy.values import Minutes, PositiveMinutes, Strict, Value


@parameter("pairing.direction", unit="word", default="explicit")
class PairingDirection(Value[Literal["explicit", "alternate"]]):
    """Whether the kinds of punches are believed.

    `explicit`: they are; an `unknown` punch takes the opposite of the state before it. `alternate`: kinds are ignored,
    in, out, in, out; after an out, a gap of `pairing.new_shift_after_gap_minutes` begins anew with in.
    """


@parameter("pairing.hours_from", unit="word", default="segments")
class PairingHoursFrom(Value[Literal["segments", "first_in_last_out"]]):
    """`first_in_last_out`: all between the first in and the last out of the worked shift counts as presence."""


@parameter("pairing.repeat_within_seconds", unit="seconds", default=60)
class PairingRepeatWithinSeconds(Value[Annotated[int, Field(ge=0, le=86_400)]]):
    """The same kind again (or an `unknown`; under `alternate` any) at most this long after the last used punch is a repeat.

    It is kept in raw, unused, with the exception `repeated_punch`.
    """


@parameter("pairing.in_after_in", unit="word", default="missing")
class PairingInAfterIn(Value[Literal["missing", "repeat"]]):
    """A clock_in after a clock_in.

    `missing`: the clock_out between is missing, the time does not count, exception `missing_clock_out`. `repeat`: the
    first in counts, exception `repeated_punch`.
    """


@parameter("pairing.out_after_out", unit="word", default="missing")
class PairingOutAfterOut(Value[Literal["missing", "repeat"]]):
    """A clock_out after a clock_out.

    `missing`: the clock_in between is missing, the time does not count, exception `missing_clock_in`. `repeat`: the
    last out counts, exception `repeated_punch`.
    """


@parameter("pairing.new_shift_after_gap_minutes", unit="minutes", default=240)
class PairingNewShiftAfterGapMinutes(Value[Minutes]):
    """A gap of at least this after a clock_out begins a new worked shift; a shorter one is a break of type meal."""


@parameter("pairing.max_shift_minutes", unit="minutes", default=960)
class PairingMaxShiftMinutes(Value[PositiveMinutes]):
    """A punch later than this after the worked shift's first begins a new one, cut greedily from each first punch.

    What stays open is `missing_clock_out`; the state begins anew with each worked shift.
    """


class CloseAfterWorkedOverExpected(Strict):
    """Closes an open session where its worked shift has done what was scheduled, and this much more."""

    close_after_worked_over_expected_minutes: Minutes
    """Work beyond the scheduled minutes of the day at which the session is closed.

    The worked shift's work so far counts, earlier sessions included, without scheduled unpaid breaks; exception
    `auto_clock_out`. Breaks, sleep too, count as they do where the shift ends at that instant, and the first such instant
    counts: what was closed stays closed, however much longer a break then would have been.
    """


def _form(value: object) -> str:
    return "word" if isinstance(value, str) else "object"


@parameter("pairing.open_session", unit="word or minutes", default="exclude")
class PairingOpenSession(
    Value[
        Annotated[
            Annotated[Literal["exclude", "close_at_scheduled_end"], Tag("word")]
            | Annotated[CloseAfterWorkedOverExpected, Tag("object")],
            Discriminator(_form),
        ]
    ]
):
    """What becomes of a session without a clock_out.

    `exclude`: no time until it is corrected, exception `open_session` once `pairing.max_shift_minutes` have passed;
    `close_at_scheduled_end`, or after so much work over the scheduled minutes: closed there, exception `auto_clock_out`.
    """
