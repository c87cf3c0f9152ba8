"""The words of a case file: what was punched and planned, which policy counts, and what is expected."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, JsonValue, field_validator

from timecontrol.contracts.punch import PunchKind
from timecontrol.policy.cases.local_time import to_local, zone
from timecontrol.policy.values import AnyPayCode, BreakType, Day, Strict

LocalTime = Annotated[datetime, BeforeValidator(to_local)]
Number = int | float


def _iso_day(value: object) -> object:
    """Days of an expectation stay text: JSON has no dates."""
    if isinstance(value, str):
        date.fromisoformat(value)
    return value


def _iso_instant(value: str) -> str:
    """Instants of an expectation stay text too: local, or with an offset."""
    try:
        datetime.fromisoformat(value)
    except ValueError as error:
        raise ValueError("a local time such as 2025-06-02T08:00:00 is expected, with or without offset") from error
    return value


IsoDay = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$"), AfterValidator(_iso_day)]
IsoInstant = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d[T ]"), AfterValidator(_iso_instant)]


class CasePunch(Strict):
    """One punch, local."""

    kind: PunchKind
    at: LocalTime
    break_type: BreakType | None = None
    fold: Literal[0, 1] = 0


class CaseBreak(Strict):
    """A scheduled break, local."""

    start: LocalTime
    end: LocalTime
    paid: bool = False


class CaseShift(Strict):
    """A scheduled shift, local."""

    start: LocalTime
    end: LocalTime
    breaks: list[CaseBreak] = Field(default_factory=list)


def _day_or_local_time(value: object) -> object:
    if isinstance(value, str) and len(value) == len("2025-06-02"):
        return date.fromisoformat(value)
    return to_local(value)


class CaseLeave(Strict):
    """Approved leave: from a day to a day, both included, or from a local time to a local time."""

    from_: Annotated[date | datetime, BeforeValidator(_day_or_local_time), Field(alias="from")]
    to: Annotated[date | datetime, BeforeValidator(_day_or_local_time)]


class Sums(Strict):
    """What is expected of a total, a day or a week; a key that is left out is not compared."""

    gross_minutes: Number = 0
    worked_minutes: Number = 0
    paid_minutes: Number = 0
    unpaid_break_minutes: Number = 0
    paid_break_minutes: Number = 0
    auto_deducted_minutes: Number = 0
    auto_added_minutes: Number = 0
    scheduled_minutes: Number = 0
    balance_minutes: Number = 0
    late_minutes: Number = 0
    early_leave_minutes: Number = 0
    pay: dict[AnyPayCode, Number] = Field(default_factory=dict)


class DaySums(Sums):
    """What is expected of a day."""

    first_in: IsoInstant | None = None
    last_out: IsoInstant | None = None


class WorkedShiftRow(Strict):
    """A worked shift that is expected."""

    date: IsoDay | None = None
    start: IsoInstant | None = None
    end: IsoInstant | None = None
    session_count: int | None = None
    matched_shift_start: IsoInstant | None = None
    rest_before_minutes: Number | None = None
    earliest_next_start: IsoInstant | None = None


class BreakRow(Strict):
    """A break of a session that is expected."""

    start: IsoInstant | None = None
    end: IsoInstant | None = None
    rounded_start: IsoInstant | None = None
    rounded_end: IsoInstant | None = None
    type: BreakType | None = None
    paid: bool | None = None


class DeductionRow(Strict):
    """A piece of a session that is expected to be deducted."""

    from_: Annotated[IsoInstant | None, Field(alias="from")] = None
    to: IsoInstant | None = None


class SessionRow(Strict):
    """A session that is expected."""

    in_: Annotated[IsoInstant | None, Field(alias="in")] = None
    out: IsoInstant | None = None
    rounded_in: IsoInstant | None = None
    rounded_out: IsoInstant | None = None
    worked_minutes: Number | None = None
    breaks: list[BreakRow] | None = None
    deductions: list[DeductionRow] | None = None


class ShiftOutcomeRow(Strict):
    """What is expected to become of a scheduled shift."""

    shift_start: IsoInstant | None = None
    shift_end: IsoInstant | None = None
    outcome: (
        Literal[
            "holiday",
            "on_leave",
            "pending",
            "no_show",
            "absent",
            "half_day",
            "late_and_left_early",
            "late",
            "left_early",
            "worked",
            "unscheduled",
        ]
        | None
    ) = None
    window_start: IsoInstant | None = None
    window_end: IsoInstant | None = None


class FindingRow(Strict):
    """A finding that is expected."""

    rule: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    date: IsoDay | None = None
    status: Literal["satisfied", "violated", "waived", "not_applicable", "pending"] | None = None
    reason: str | None = None
    required_minutes: Number | None = None
    actual_minutes: Number | None = None


class ExceptionRow(Strict):
    """An exception that is expected."""

    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")] | None = None
    at: IsoInstant | None = None
    date: IsoDay | None = None


class PayLineRow(Strict):
    """A pay line that is expected."""

    date: IsoDay | None = None
    pay_code: AnyPayCode | None = None
    minutes: Number | None = None
    source: str | None = None


class Lists(Strict):
    """Rows by the fields that are named; of `expect` they must occur ([]: no row at all), of `absent` they must not."""

    worked_shifts: list[WorkedShiftRow] | None = None
    sessions: list[SessionRow] | None = None
    shift_outcomes: list[ShiftOutcomeRow] | None = None
    findings: list[FindingRow] | None = None
    exceptions: list[ExceptionRow] | None = None
    pay_lines: list[PayLineRow] | None = None


class Expect(Lists):
    """What is expected; every key is optional, only what is named is compared."""

    total: Sums | None = None
    days: dict[IsoDay, DaySums] | None = None
    weeks: dict[IsoDay, Sums] | None = None
    absent: Lists | None = None


class Case(Strict):
    """One case: one employee with a zone, a policy, and what happened."""

    case: Annotated[str, Field(min_length=1, max_length=200)]
    source: str | None = None
    policy: str | None = None
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    timezone: str
    employee: dict[str, JsonValue] = Field(default_factory=dict)
    holidays: list[Day] = Field(default_factory=list)
    leave: list[CaseLeave] = Field(default_factory=list)
    shifts: list[CaseShift] = Field(default_factory=list)
    punches: list[CasePunch] = Field(default_factory=list)
    as_of: LocalTime | None = None
    expect: Expect | None = None

    @field_validator("timezone")
    @classmethod
    def _exists(cls, name: str) -> str:
        return zone(name).key


#: Lists of rows in the order of a result.
LIST_NAMES = tuple(Lists.model_fields)
#: Fields of sums that are minutes.
SUM_NAMES = tuple(name for name in Sums.model_fields if name != "pay")
