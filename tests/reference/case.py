"""A case as it is written in a case file, with its policy and its instants."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from tests.reference.policy import Policy
from tests.reference.times import DAY, Span, exists, instant, on_clock

WEEK = 7 * 24 * 3600
Json = Any


class Loader(yaml.CSafeLoader):
    """YAML 1.2 of plain words: `22:00` and dates are text, `on` is a word."""


Loader.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?\d+$", "-0123456789"),
    ("float", r"^-?\d+\.\d+(?:[eE][-+]?\d+)?$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
]:
    Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(pattern), list(first))


@dataclass(frozen=True)
class Punch:
    kind: str
    at: int
    break_type: str


@dataclass(frozen=True)
class Scheduled:
    span: Span
    unpaid_breaks: list[Span]


@dataclass(frozen=True)
class Leave:
    """Whole days, or a part of one."""

    first: date | None
    last: date | None
    span: Span


@dataclass(frozen=True)
class Case:
    zone: ZoneInfo
    policy: Policy
    facts: dict[str, bool]
    holidays: frozenset[date]
    leave: list[Leave]
    shifts: list[Scheduled]
    punches: list[Punch]
    now: int

    @property
    def leave_days(self) -> set[date]:
        """Local dates of whole days of leave."""
        return {
            leave.first + n * DAY
            for leave in self.leave
            if leave.first and leave.last
            for n in range((leave.last - leave.first).days + 1)
        }


def load(path: Path) -> Json:
    with path.open() as file:
        return yaml.load(file, Loader)  # noqa: S506 -- a SafeLoader with fewer resolvers


def read_case(written: dict[str, Any], policies: Path) -> Case:
    """The case; a ValueError says what cannot be."""
    zone = ZoneInfo(written["timezone"])

    def at(text: str, fold: int = 0) -> int:
        local = datetime.fromisoformat(text)
        if not exists(local, zone):
            raise ValueError(f"{text} does not exist in {zone}")
        if fold and instant(local, zone, 1) == instant(local, zone):
            raise ValueError(f"{text} comes only once in {zone}")
        return instant(local, zone, fold)

    def leave(row: dict[str, str]) -> Leave:
        if len(row["from"]) == len("2025-07-07"):
            first, last = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
            return Leave(first, last, Span(on_clock(first, "00:00", zone), on_clock(last + DAY, "00:00", zone)))
        return Leave(None, None, Span(at(row["from"]), at(row["to"])))

    shifts = [
        Scheduled(
            Span(at(row["start"]), at(row["end"])),
            [Span(at(b["start"]), at(b["end"])) for b in row.get("breaks", []) if not b.get("paid", False)],
        )
        for row in written.get("shifts", [])
    ]
    punches = [
        Punch(row["kind"], at(row["at"], row.get("fold", 0)), row.get("break_type", "meal"))
        for row in written.get("punches", [])
    ]
    last = max([p.at for p in punches] + [s.span.end for s in shifts], default=0)
    now = at(written["as_of"]) if "as_of" in written else last + WEEK
    if any(punch.at > now for punch in punches):
        raise ValueError("a punch after as_of")
    return Case(
        zone=zone,
        policy=Policy.of(written.get("policy"), written.get("parameters", {}), policies, load),
        facts=written.get("employee", {}),
        holidays=frozenset(date.fromisoformat(day) for day in written.get("holidays", [])),
        leave=[leave(row) for row in written.get("leave", [])],
        shifts=sorted(shifts, key=lambda shift: shift.span),
        punches=sorted(punches, key=lambda punch: punch.at),  # stable: at one instant as written
        now=now,
    )
