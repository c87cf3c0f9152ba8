"""The tables of schema `core`, typed for SQLAlchemy 2. Inputs are versions: a change is a new row, a delete one with `deleted`.

Migrations make these tables; nothing here creates or changes one.
"""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, LargeBinary, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from timecontrol.contracts.core_change import Entity


class Core(DeclarativeBase):
    """A table of the schema `core`; instants are `timestamptz`."""

    __table_args__ = {"schema": "core"}  # noqa: RUF012  SQLAlchemy reads it once
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        list[Any]: JSONB,
        dict[str, Any]: JSONB,
        bytes: LargeBinary,
    }


class Version(Core):
    """One version of an entity; `version_id` grows, the newest of a key counts."""

    __abstract__ = True
    ENTITY: ClassVar[Entity]
    #: Columns that name the entity; versions of one key replace each other.
    KEY: ClassVar[tuple[str, ...]]

    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    deleted: Mapped[bool] = mapped_column(default=False)
    actor: Mapped[str]

    @property
    def identity(self) -> str:
        """The entity's name: the values of its key but for dates, which stand in the data."""
        return "/".join(str(getattr(self, name)) for name in self.KEY if name != "valid_from")

    def data(self) -> dict[str, Any]:
        """The entity's columns by name, without what belongs to the version."""
        internal = {"version_id", "deleted", "actor"}
        return {
            column.key: getattr(self, column.key) for column in self.__table__.columns if column.key not in internal
        }


class Site(Version):
    """A place of work."""

    __tablename__ = "sites"
    ENTITY, KEY = "site", ("site_id",)
    site_id: Mapped[str]
    name: Mapped[str]
    time_zone: Mapped[str]


class Employee(Version):
    """A person from `valid_from` until the next `valid_from`."""

    __tablename__ = "employees"
    ENTITY, KEY = "employee", ("employee_id", "valid_from")
    employee_id: Mapped[str]
    valid_from: Mapped[date]
    name: Mapped[str]
    email: Mapped[str | None]
    site_id: Mapped[str | None]
    team: Mapped[str | None]
    manager_id: Mapped[str | None]
    time_zone: Mapped[str | None]
    cost_center: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PolicyAssignment(Version):
    """The policy of an employee from `valid_from` until the next."""

    __tablename__ = "policy_assignments"
    ENTITY, KEY = "policy_assignment", ("employee_id", "valid_from")
    employee_id: Mapped[str]
    valid_from: Mapped[date]
    policy: Mapped[str | None]


class Badge(Version):
    """Which employee a user number of a device is, from `valid_from` to before `valid_to`."""

    __tablename__ = "badges"
    ENTITY, KEY = "badge", ("device_id", "device_user", "valid_from")
    device_id: Mapped[str]
    device_user: Mapped[str]
    employee_id: Mapped[str]
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]


class Shift(Version):
    """A scheduled shift; `breaks` are `{"start", "end", "paid"}` with RFC 3339 instants in UTC."""

    __tablename__ = "shifts"
    ENTITY, KEY = "shift", ("shift_id",)
    shift_id: Mapped[str]
    employee_id: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    breaks: Mapped[list[Any]]
    site_id: Mapped[str | None]
    pattern_id: Mapped[str | None]


class ShiftPattern(Version):
    """A weekly pattern as it was planned; its shifts stand in `shifts`."""

    __tablename__ = "shift_patterns"
    ENTITY, KEY = "shift_pattern", ("pattern_id",)
    pattern_id: Mapped[str]
    employee_id: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    week: Mapped[list[Any]]


class Leave(Version):
    """An absence; `first_day` and `last_day` are set where whole local days are meant."""

    __tablename__ = "leave"
    ENTITY, KEY = "leave", ("leave_id",)
    leave_id: Mapped[str]
    employee_id: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    leave_type: Mapped[str]
    status: Mapped[str]


class Holiday(Version):
    """A public holiday at a site."""

    __tablename__ = "holidays"
    ENTITY, KEY = "holiday", ("site_id", "holiday")
    site_id: Mapped[str]
    holiday: Mapped[date]
    name: Mapped[str]


class Correction(Core):
    """One step in the life of a correction: proposed, then approved or refused."""

    __tablename__ = "corrections"
    version_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    correction_id: Mapped[UUID]
    employee_id: Mapped[str]
    status: Mapped[str]
    change: Mapped[dict[str, Any]]
    reason: Mapped[str]
    actor: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Account(Core):
    """Somebody who may sign in."""

    __tablename__ = "accounts"
    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str]
    employee_id: Mapped[str | None]
    password_hash: Mapped[str]
    roles: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)


class Token(Core):
    """A token that was issued: only its hash is kept."""

    __tablename__ = "tokens"
    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes]
    kind: Mapped[str]
    account_id: Mapped[UUID | None]
    device_id: Mapped[str | None]
    site_id: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str]


class HrRow(Core):
    """The present image of a row of the legacy HR system; read only."""

    __tablename__ = "hr_image"
    __table_args__ = {"schema": "raw"}  # noqa: RUF012  as above
    table_name: Mapped[str] = mapped_column(primary_key=True)
    row_key: Mapped[str] = mapped_column(primary_key=True)
    row_data: Mapped[dict[str, Any]]


class CapturedPunch(Core):
    """A captured punch event, as far as corrections need it; read only."""

    __tablename__ = "punches"
    __table_args__ = {"schema": "raw"}  # noqa: RUF012  as above
    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    employee_id: Mapped[str]
    kind: Mapped[str]
    occurred_at: Mapped[datetime]
    source: Mapped[str]
    device_id: Mapped[str]
    site_id: Mapped[str | None]
    break_type: Mapped[str | None]
    supersedes: Mapped[UUID | None]
    voids: Mapped[UUID | None]
