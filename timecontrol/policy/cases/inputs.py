"""A case as rows of the input tables: its own employee at its own site, with the policy and the instant it names."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from timecontrol.policy.cases.local_time import end_after, instant, midnight, zone
from timecontrol.policy.cases.model import Case, CaseLeave, CaseShift
from timecontrol.policy.files import Entry

# Names the events of cases; any fixed UUID would do.
NAMESPACE = UUID("6f0d8e0e-6a35-4a5c-8b0c-2f4f1b7d9a10")
# Who is said to have written what a case puts into tables that name their writer.
ACTOR = "case"
# Without `as_of` a case is looked at so long after its last punch or shift, when nothing is pending any more.
DEFAULT_AS_OF = timedelta(days=7)
ONE_DAY = timedelta(days=1)

#: A dated value: parameter, first day (text, `-infinity` allowed), value, reference, file, line.
DatedValue = tuple[str, str, JsonValue, str | None, str, int]
ParameterSet = tuple[DatedValue, ...]


class CaseFault(Exception):
    """A case that cannot be.

    Attributes:
        path: keys that lead to what is wrong.
        reason: what is wrong with it.
    """

    def __init__(self, path: tuple[str | int, ...], reason: str) -> None:
        super().__init__(reason)
        self.path = path
        self.reason = reason


@dataclass(frozen=True)
class CaseInputs:
    """The rows that one case adds to each input table, without policy and employee; column order as in COLUMNS."""

    time_zone: str
    facts: str
    now_at: datetime
    parameters: ParameterSet
    punches: list[tuple[object, ...]]
    shifts: list[tuple[object, ...]]
    leave: list[tuple[object, ...]]
    holidays: list[tuple[object, ...]]


#: Columns of the tables that a case fills, in the order of its rows.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "raw.punches": (
        *("event_id", "employee_id", "kind", "occurred_at", "received_at", "source", "device_id", "site_id"),
        *("break_type", "topic_partition", "topic_offset", "batch_id"),
    ),
    "core.sites": ("site_id", "name", "time_zone", "actor"),
    "core.employees": ("employee_id", "name", "site_id", "facts", "actor"),
    "core.policy_assignments": ("employee_id", "policy", "actor"),
    "core.shifts": ("shift_id", "employee_id", "starts_at", "ends_at", "breaks", "site_id", "actor"),
    "core.leave": ("leave_id", "employee_id", "starts_at", "ends_at", "first_day", "last_day", "actor"),
    "core.holidays": ("site_id", "holiday", "name", "actor"),
    "policy.policies": ("policy", "title"),
    "policy.parameters": ("policy", "parameter", "valid_from", "value", "reference", "file", "line"),
    "policy.pay_codes": ("pay_code", "title", "multiplier", "on_top"),
    "ops.employee_now": ("employee_id", "now_at"),
}


def parameter_set(policy: Mapping[str, tuple[Entry, ...]], by_value: Mapping[str, DatedValue]) -> ParameterSet:
    """A policy's dated values with the case's own values in their place, valid always."""
    inherited = (
        (entry.parameter, entry.valid_from.isoformat(), entry.value, entry.reference, entry.file, entry.line)
        for name in sorted(policy)
        if name not in by_value
        for entry in policy[name]
    )
    return (*inherited, *(by_value[name] for name in sorted(by_value)))


def inputs_of(case: Case, employee_id: str, parameters: ParameterSet) -> CaseInputs:
    """All rows of one case; raises CaseFault for a time that cannot be."""
    where = zone(case.timezone)
    punched = [
        _at(("punches", number, "at"), instant, punch.at, where, punch.fold)
        for number, punch in enumerate(case.punches)
    ]
    planned = [_planned(shift, number, where) for number, shift in enumerate(case.shifts)]
    away = [_away(leave, number, where) for number, leave in enumerate(case.leave)]
    now_at = _now(case, where, [*punched, *(plan.ends_at for plan in planned)], [end for _, end in away])
    for number, at in enumerate(punched):
        if at > now_at:
            raise CaseFault(("punches", number, "at"), f"the punch is after as_of ({case.as_of})")
    return CaseInputs(
        time_zone=case.timezone,
        facts=json.dumps(case.employee),
        now_at=now_at,
        parameters=parameters,
        punches=[
            (
                *(
                    uuid5(NAMESPACE, f"{employee_id}/{number}"),
                    employee_id,
                    punch.kind,
                    at,
                    at,
                    ACTOR,
                    ACTOR,
                    employee_id,
                ),
                *(punch.break_type, 0, number, 0),
            )
            for number, (punch, at) in enumerate(zip(case.punches, punched, strict=True))
        ],
        shifts=[
            (f"{employee_id}/{number}", employee_id, plan.starts_at, plan.ends_at, plan.breaks, employee_id, ACTOR)
            for number, plan in enumerate(planned)
        ],
        leave=[
            (f"{employee_id}/{number}", employee_id, starts_at, ends_at, *_days(leave), ACTOR)
            for number, (leave, (starts_at, ends_at)) in enumerate(zip(case.leave, away, strict=True))
        ],
        holidays=[(employee_id, day, "holiday", ACTOR) for day in case.holidays],
    )


@dataclass(frozen=True)
class _Planned:
    """A scheduled shift in UTC; breaks as the JSON text of `core.shifts`."""

    starts_at: datetime
    ends_at: datetime
    breaks: str


def _planned(shift: CaseShift, number: int, where: ZoneInfo) -> _Planned:
    place = ("shifts", number)
    starts_at = _at((*place, "start"), instant, shift.start, where)
    breaks = []
    for index, planned in enumerate(shift.breaks):
        start = _at((*place, "breaks", index, "start"), instant, planned.start, where)
        end = _at((*place, "breaks", index, "end"), end_after, start, planned.end, where)
        breaks.append({"start": start.isoformat(), "end": end.isoformat(), "paid": planned.paid})
    return _Planned(starts_at, _at((*place, "end"), end_after, starts_at, shift.end, where), json.dumps(breaks))


def _away(leave: CaseLeave, number: int, where: ZoneInfo) -> tuple[datetime, datetime]:
    """Begin and end of a leave; whole days last to the midnight after the last."""
    place = ("leave", number)
    if isinstance(leave.from_, datetime) and isinstance(leave.to, datetime):
        starts_at = _at((*place, "from"), instant, leave.from_, where)
        return starts_at, _at((*place, "to"), end_after, starts_at, leave.to, where)
    if isinstance(leave.from_, datetime) or isinstance(leave.to, datetime):
        raise CaseFault(place, "from and to are two days or two local times, not one of each")
    if leave.to < leave.from_:
        raise CaseFault((*place, "to"), "the last day is before the first")
    return midnight(leave.from_, where), midnight(leave.to + ONE_DAY, where)


def _days(leave: CaseLeave) -> tuple[date | None, date | None]:
    """First and last day of a leave of whole days, else nothing."""
    return (None, None) if isinstance(leave.from_, datetime) else (leave.from_, leave.to)


def _now(case: Case, where: ZoneInfo, happened: list[datetime], otherwise: list[datetime]) -> datetime:
    """The instant from which a case is looked at."""
    if case.as_of is not None:
        return _at(("as_of",), instant, case.as_of, where)
    known = happened or otherwise or [midnight(day, where) for day in case.holidays]
    # A case in which nothing happens has the same answer at any instant.
    return max(known, default=datetime(2000, 1, 1, tzinfo=UTC)) + DEFAULT_AS_OF


Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def _at(
    path: tuple[str | int, ...],
    convert: Callable[Arguments, Result],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> Result:
    """The converted value; a ValueError gets its place in the case."""
    try:
        return convert(*args, **kwargs)
    except ValueError as error:
        raise CaseFault(path, str(error)) from error
