"""The pairing parameters that count for an employee at an instant: policies by dates, dated parameters. Pure.

Dates are text in ISO form, so that they compare as dates do; `-infinity` holds from ever.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.sinks.live_state.history import RecentPunch
from ingestion.sinks.live_state.pairing import Pairing, Rules
from timecontrol.contracts.core_change import CoreChange

#: Values of the pairing parameters of one policy, by parameter and date; null: abolished from that date on.
PolicyParameters = dict[str, dict[str, Any]]
#: The policies of one employee by the date from which they hold; null: none from then.
Assignments = dict[str, str | None]

PREFIX = "pairing."

Value = TypeVar("Value")


def with_parameter(known: PolicyParameters, change: CoreChange) -> PolicyParameters:
    """The parameters of a policy after a change of one dated value."""
    name, valid_from = change.data["parameter"], change.data["valid_from"]
    values = {day: value for day, value in known.get(name, {}).items() if day != valid_from}
    if change.change != "deleted":
        values[valid_from] = change.data["value"]
    others = {other: dated for other, dated in known.items() if other != name}
    return others | {name: values} if values else others


def with_assignment(known: Assignments, change: CoreChange) -> Assignments:
    """The policies of an employee after a change of one assignment."""
    valid_from = change.data["valid_from"]
    others = {day: policy for day, policy in known.items() if day != valid_from}
    return others if change.change == "deleted" else others | {valid_from: change.data["policy"]}


def rules_of(
    assignments: Assignments,
    hr_policy: str | None,
    policies: Mapping[str, PolicyParameters],
    zone_on: Callable[[date], ZoneInfo],
) -> Rules:
    """The rules of an employee: before their first assignment the legacy system's policy holds, without one the defaults."""
    if not any(policies.values()):
        return lambda _punch: Pairing()

    @cache
    def on(day: str) -> Pairing:
        assigned = newest(assignments, day)
        policy = hr_policy if assigned is None else assigned[0]
        return pairing_on(policies.get(policy or "", {}), day)

    def rules(punch: RecentPunch) -> Pairing:
        return on(local_day(punch.occurred_at, zone_on).isoformat())

    return rules


def pairing_on(parameters: PolicyParameters, day: str) -> Pairing:
    """The parameters of a policy on a day."""

    def value(name: str) -> Any:  # noqa: ANN401  the policy loader has checked it against the parameter's model
        found = newest(parameters.get(PREFIX + name, {}), day)
        return found[0] if found else None

    given = {
        "is_alternate": in_words(value("direction"), "alternate"),
        "first_in_counts": in_words(value("in_after_in"), "repeat"),
        "last_out_counts": in_words(value("out_after_out"), "repeat"),
        "repeat_seconds": value("repeat_within_seconds"),
        "gap_seconds": in_seconds(value("new_shift_after_gap_minutes")),
        "max_shift_seconds": in_seconds(value("max_shift_minutes")),
    }
    return Pairing(**{name: setting for name, setting in given.items() if setting is not None})


def in_words(value: str | None, word: str) -> bool | None:
    """Whether the value is this word, None for none."""
    return None if value is None else value == word


def in_seconds(minutes: float | None) -> int | None:
    """Minutes, of which a fraction is allowed, as seconds."""
    return None if minutes is None else round(minutes * 60)


def newest(dated: Mapping[str, Value], day: str) -> tuple[Value] | None:
    """The value of the latest date that is not after the day; None when there is none (a value may itself be None)."""
    holding = [valid_from for valid_from in dated if valid_from == "-infinity" or valid_from <= day]
    if not holding:
        return None
    return (dated[max(holding, key=lambda valid_from: "" if valid_from == "-infinity" else valid_from)],)


def local_day(instant: datetime, zone_on: Callable[[date], ZoneInfo]) -> date:
    """The local date of an instant, in the zone that holds on its date."""
    return instant.astimezone(zone_on(instant.date())).date()


@cache
def known_zone(name: str) -> ZoneInfo | None:
    """The zone of this name, None where there is no such."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
