"""The marts that pages and the API read, typed for SQLAlchemy 2; `docs/marts.md` says what each column means.

dbt builds these tables and enforces their contracts: nothing here creates or changes one. The primary keys are what makes
a row unique to a reader; PostgreSQL itself has none on a mart.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Mart(DeclarativeBase):
    """A table of the schema `marts`: instants are `timestamptz`, durations whole seconds."""

    __table_args__: ClassVar[dict[str, str]] = {"schema": "marts"}  # type: ignore[misc]  # a table argument, shared on purpose
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        int: BigInteger,
        datetime: DateTime(timezone=True),
        list[Any]: JSONB,
    }


class Employee(Mart):
    """An employee that anything is known of."""

    __tablename__ = "dim_employees"
    employee_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    site_id: Mapped[str | None]
    team: Mapped[str | None]
    manager_id: Mapped[str | None]
    time_zone: Mapped[str | None]
    cost_center: Mapped[str | None]
    email: Mapped[str | None]
    policy: Mapped[str | None]
    active: Mapped[bool]
    has_shifts: Mapped[bool]
    origin: Mapped[str]


class Site(Mart):
    """A site."""

    __tablename__ = "dim_sites"
    site_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    time_zone: Mapped[str]


class PolicyParameter(Mart):
    """One dated version of one parameter of a policy."""

    __tablename__ = "dim_policies"
    policy: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    parameter: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    reference: Mapped[str | None]


class Punch(Mart):
    """A captured punch event, also one that is not used (`unused_because`): a repeat, superseded, voided."""

    __tablename__ = "fct_punches"
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    kind: Mapped[str]
    taken_as: Mapped[str | None]
    occurred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    source: Mapped[str]
    device_id: Mapped[str]
    site_id: Mapped[str | None]
    time_zone: Mapped[str]
    origin: Mapped[str | None]
    topic_partition: Mapped[int]
    topic_offset: Mapped[int]
    unused_because: Mapped[str | None]
    worked_shift_id: Mapped[str | None]


# In `segment_id`: before the day at which a segment was cut, and after the part of a sleep that is work.
CUT_AT_DAY, REST_OF_SLEEP = "@", "/work"


class Segment(Mart):
    """The time between two consecutive used punches."""

    __tablename__ = "fct_segments"
    segment_id: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    worked_shift_id: Mapped[str | None]
    session_id: Mapped[str | None]
    kind: Mapped[str]
    break_type: Mapped[str | None]
    is_paid: Mapped[bool | None]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    seconds: Mapped[int | None]
    start_event_id: Mapped[UUID | None]
    end_event_id: Mapped[UUID | None]
    site_id: Mapped[str | None]
    time_zone: Mapped[str]


class Session(Mart):
    """A clock_in to its clock_out."""

    __tablename__ = "fct_sessions"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    worked_shift_id: Mapped[str]
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    in_at: Mapped[datetime | None]
    out_at: Mapped[datetime | None]
    rounded_in_at: Mapped[datetime | None]
    rounded_out_at: Mapped[datetime | None]
    worked_seconds: Mapped[int]
    unpaid_break_seconds: Mapped[int]
    paid_break_seconds: Mapped[int]
    in_event_id: Mapped[UUID | None]
    out_event_id: Mapped[UUID | None]
    is_open: Mapped[bool]
    counts: Mapped[bool]
    breaks: Mapped[list[Any]]
    deductions: Mapped[list[Any]]


class WorkedShift(Mart):
    """Sessions that belong together."""

    __tablename__ = "fct_worked_shifts"
    worked_shift_id: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    session_count: Mapped[int]
    gross_seconds: Mapped[int]
    worked_seconds: Mapped[int]
    unpaid_break_seconds: Mapped[int]
    paid_break_seconds: Mapped[int]
    auto_deducted_seconds: Mapped[int]
    auto_added_seconds: Mapped[int]
    rest_before_seconds: Mapped[int | None]
    earliest_next_start: Mapped[datetime | None]
    matched_shift_id: Mapped[str | None]
    matched_shift_start: Mapped[datetime | None]
    site_id: Mapped[str | None]
    time_zone: Mapped[str]
    policy: Mapped[str | None]


class Workday(Mart):
    """An employee and a workday with work, a shift or leave."""

    __tablename__ = "fct_workdays"
    employee_id: Mapped[str] = mapped_column(primary_key=True)
    workweek: Mapped[date]
    workday: Mapped[date] = mapped_column(primary_key=True)
    policy: Mapped[str | None]
    site_id: Mapped[str | None]
    time_zone: Mapped[str]
    first_in: Mapped[datetime | None]
    last_out: Mapped[datetime | None]
    gross_seconds: Mapped[int]
    worked_seconds: Mapped[int]
    paid_seconds: Mapped[int]
    unpaid_break_seconds: Mapped[int]
    paid_break_seconds: Mapped[int]
    auto_deducted_seconds: Mapped[int]
    auto_added_seconds: Mapped[int]
    scheduled_seconds: Mapped[int]
    balance_seconds: Mapped[int]
    late_seconds: Mapped[int]
    early_leave_seconds: Mapped[int]
    is_open: Mapped[bool]


class ShiftOutcome(Mart):
    """What became of a scheduled shift; unscheduled work has no shift."""

    __tablename__ = "fct_shift_outcomes"
    employee_id: Mapped[str] = mapped_column(primary_key=True)
    shift_id: Mapped[str | None] = mapped_column(primary_key=True)
    worked_shift_id: Mapped[str | None] = mapped_column(primary_key=True)
    workweek: Mapped[date]
    workday: Mapped[date]
    shift_start: Mapped[datetime | None]
    shift_end: Mapped[datetime | None]
    window_start: Mapped[datetime | None]
    window_end: Mapped[datetime | None]
    outcome: Mapped[str]
    worked_seconds: Mapped[int]
    late_seconds: Mapped[int]
    early_leave_seconds: Mapped[int]
    site_id: Mapped[str | None]


class Finding(Mart):
    """The answer of one compliance rule for one cell that the policy expects."""

    __tablename__ = "fct_findings"
    employee_id: Mapped[str] = mapped_column(primary_key=True)
    workweek: Mapped[date]
    rule: Mapped[str] = mapped_column(primary_key=True)
    on_date: Mapped[date] = mapped_column("date", primary_key=True)
    status: Mapped[str]
    reason: Mapped[str | None]
    required_minutes: Mapped[Decimal | None]
    actual_minutes: Mapped[Decimal | None]
    policy: Mapped[str]
    parameter: Mapped[str]
    reference: Mapped[str | None]
    worked_shift_id: Mapped[str | None] = mapped_column(primary_key=True)


class WorkException(Mart):
    """What a person must look at."""

    __tablename__ = "fct_exceptions"
    exception_id: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    kind: Mapped[str]
    at: Mapped[datetime]
    event_id: Mapped[UUID | None]
    shift_id: Mapped[str | None]
    severity: Mapped[str]
    detail: Mapped[str | None]


class PayLine(Mart):
    """Seconds of one pay code and source for an employee and workday."""

    __tablename__ = "fct_pay_lines"
    pay_line_id: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    pay_code: Mapped[str]
    source: Mapped[str]
    seconds: Mapped[int]
    multiplier: Mapped[Decimal]
    on_top: Mapped[bool]
    policy: Mapped[str | None]
    cost_center: Mapped[str | None]
    site_id: Mapped[str | None]


class PayLineage(Mart):
    """Part of a pay line, and why."""

    __tablename__ = "fct_pay_lineage"
    pay_line_id: Mapped[str] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    workweek: Mapped[date]
    workday: Mapped[date]
    source: Mapped[str] = mapped_column(primary_key=True)
    segment_id: Mapped[str | None]
    seconds: Mapped[int]
    from_at: Mapped[datetime | None] = mapped_column(primary_key=True)
    to_at: Mapped[datetime | None]
    start_event_id: Mapped[UUID | None]
    end_event_id: Mapped[UUID | None]
    parameter: Mapped[str | None]
    parameter_valid_from: Mapped[date | None]
    reference: Mapped[str | None]
