"""What a person does on a shift: the punches, with the mess that people and devices make. Pure; follows from the seed."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Literal
from uuid import UUID, uuid5

from timecontrol.contracts.punch import BreakType, PunchKind
from timecontrol.simulator.company import Person, Shift

MessLevel = Literal["none", "normal", "wild"]

# Namespace of the simulator's event ids, so that the same seed names the same events on every run.
EVENT_NAMESPACE = UUID("5e0f6c1c-5d3c-5f43-9d7c-0b8e64a1f2d3")


@dataclass(frozen=True)
class Mess:
    """How often things go wrong: probabilities for each shift, spreads in minutes."""

    absent: float
    late: float
    forgotten: float
    repeated: float
    skipped_break: float
    overtime: float
    direction_lost: float
    spread_minutes: float


# `normal` follows what the real attendance log shows: 6 % repeats within a minute, 9 % of days with a direction missing.
LEVELS: dict[MessLevel, Mess] = {
    "none": Mess(0, 0, 0, 0, 0, 0, 0, 3),
    "normal": Mess(0.03, 0.06, 0.04, 0.06, 0.05, 0.12, 0.01, 4),
    "wild": Mess(0.08, 0.2, 0.15, 0.2, 0.15, 0.3, 0.1, 12),
}


@dataclass(frozen=True)
class PlannedPunch:
    """A punch that a person will make: the instant in UTC, whole seconds."""

    event_id: UUID
    person: Person
    kind: PunchKind
    at: datetime
    break_type: BreakType | None = None


def punches_of(shift: Shift, seed: int, level: MessLevel) -> list[PlannedPunch]:
    """All punches of one shift in the order of time; none when the person does not come."""
    random = Random(f"{seed}:{shift.shift_id}:{level}")
    mess = LEVELS[level]
    if random.random() < mess.absent:
        return []
    spread = mess.spread_minutes

    def around(instant: datetime, low: float = -1.0, high: float = 1.0) -> datetime:
        return instant + timedelta(seconds=round(60 * spread * random.uniform(low, high)))

    came = around(shift.starts_at, -1.5, 0.4)
    if random.random() < mess.late:
        came += timedelta(minutes=random.randint(6, 50))
    left = around(shift.ends_at, -0.3, 1.5)
    if random.random() < mess.overtime:
        left += timedelta(minutes=random.randint(20, 200))
    plan: list[tuple[PunchKind, datetime, BreakType | None]] = [("clock_in", came, None)]
    if random.random() >= mess.skipped_break:
        # People stay for the length they have, from when they went, and come back late rather than early.
        went = around(shift.break_starts_at)
        plan.append(("break_start", went, "meal"))
        plan.append(("break_end", around(went + (shift.break_ends_at - shift.break_starts_at), -0.2, 1.5), "meal"))
    plan.append(("clock_out", left, None))
    if random.random() < mess.forgotten:
        plan.pop(random.randrange(len(plan)))
    punches = [_planned(shift, seed, number, *item) for number, item in enumerate(plan)]
    return sorted(_with_device_faults(punches, shift, seed, mess, random), key=lambda punch: punch.at)


def _planned(
    shift: Shift, seed: int, number: int, kind: PunchKind, at: datetime, break_type: BreakType | None
) -> PlannedPunch:
    event_id = uuid5(EVENT_NAMESPACE, f"{seed}:{shift.shift_id}:{number}:{kind}:{at.isoformat()}")
    return PlannedPunch(event_id, shift.person, kind, at, break_type)


def _with_device_faults(
    punches: list[PlannedPunch], shift: Shift, seed: int, mess: Mess, random: Random
) -> list[PlannedPunch]:
    """Some punches twice within a minute (an impatient finger), some without a direction."""
    result = list(punches)
    for punch in punches:
        if random.random() < mess.repeated / len(punches):
            again = punch.at + timedelta(seconds=random.randint(2, 45))
            result.append(_planned(shift, seed, 100 + len(result), punch.kind, again, punch.break_type))
        if random.random() < mess.direction_lost:
            result[result.index(punch)] = replace(punch, kind="unknown", break_type=None)
    return result
