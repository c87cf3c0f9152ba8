"""What an explanation says; read by the page that draws it and by the text that the command prints."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from timecontrol.serving.result import Computed, Origin


@dataclass(frozen=True)
class Reason:
    """The rule behind a number: a sentence, and the dated parameter where one decided."""

    sentence: str
    parameter: str | None = None
    value: Any = None
    valid_from: date | None = None
    reference: str | None = None


@dataclass(frozen=True)
class PunchStep:
    """A punch: what was recorded, where it came from, and what it was taken as (None: not used).

    `workday` is an earlier one where the worked shift began there and has a part in the day that is explained.
    """

    workday: date
    event_id: str
    at: datetime
    kind: str
    taken_as: str | None
    source: str
    device_id: str
    came_from: str
    unused_because: str | None


@dataclass(frozen=True)
class BreakStep:
    """A break: its punched ends, what is deducted (rounded, seconds; 0 where it is paid) and why."""

    kind: str
    started_at: datetime
    ended_at: datetime
    seconds: int
    is_paid: bool
    reason: Reason


@dataclass(frozen=True)
class SessionStep:
    """A clock_in to its clock_out, with its breaks of the day.

    `out_at` is None while it is open, `counts` is False where its time does not count, `is_cut` where a part of it lies
    in another workday; `workday` is the one on which its worked shift began.
    """

    workday: date
    in_at: datetime
    out_at: datetime | None
    rounded_in_at: datetime
    rounded_out_at: datetime | None
    worked_seconds: int
    is_open: bool
    counts: bool
    is_cut: bool
    breaks: tuple[BreakStep, ...]


@dataclass(frozen=True)
class PayPart:
    """Seconds of a pay line: the time they lie in where they do, and the rule that made them this pay code."""

    seconds: int
    source: str
    from_at: datetime | None
    to_at: datetime | None
    start_event_id: str | None
    end_event_id: str | None
    reason: Reason


@dataclass(frozen=True)
class PayStep:
    """A pay line with all its parts: their seconds add up to its own."""

    pay_code: str
    source: str
    seconds: int
    multiplier: str
    on_top: bool
    parts: tuple[PayPart, ...]


@dataclass(frozen=True)
class Unpaid:
    """Seconds of presence that are not paid."""

    seconds: int
    what: str
    from_at: datetime | None
    to_at: datetime | None
    reason: Reason


@dataclass(frozen=True)
class Answer:
    """A compliance rule's answer for this day, or for the week (or what window of days begins on `on_date`) that it lies in.

    Where it misses a break, `paid_breaks` are those of the kind it looks for that were taken and are paid.
    """

    rule: str
    on_date: date
    status: str
    reason: str | None
    required_minutes: float | None
    actual_minutes: float | None
    parameter: str
    reference: str | None
    valid_from: date | None = None
    value: Any = None
    paid_breaks: tuple[BreakStep, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """What a person must look at."""

    kind: str
    at: datetime
    severity: str
    detail: str


@dataclass(frozen=True)
class Plan:
    """A scheduled shift of the day and what became of it; without a shift: unscheduled work."""

    starts_at: datetime | None
    ends_at: datetime | None
    outcome: str
    late_seconds: int
    early_leave_seconds: int


@dataclass(frozen=True)
class Explanation:
    """The whole day. `presence_seconds` + `added_seconds` = `worked_seconds` + what is in `unpaid`, to the second.

    Attributes:
        added_seconds: worked by rounding of a total or by an addition, without presence or in a break.
        computed: the run whose results these are; None before the first.
        origin: the server they were read from.
    """

    employee_id: str
    name: str | None
    day: date
    time_zone: str
    site_id: str | None
    policy: str | None
    policy_title: str | None
    worked_seconds: int
    paid_seconds: int
    presence_seconds: int
    added_seconds: int
    is_open: bool
    plans: tuple[Plan, ...]
    punches: tuple[PunchStep, ...]
    sessions: tuple[SessionStep, ...]
    gaps: tuple[BreakStep, ...]
    pay: tuple[PayStep, ...]
    unpaid: tuple[Unpaid, ...]
    answers: tuple[Answer, ...]
    troubles: tuple[Trouble, ...]
    computed: Computed | None
    origin: Origin
