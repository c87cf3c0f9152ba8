"""What all pages are filtered by: site, team, person and period."""

import re
from dataclasses import dataclass
from datetime import date

_ID_IN_LABEL = re.compile(r"\(([^()]+)\)\s*$")


@dataclass(frozen=True)
class Filters:
    """The choice of the viewer.

    Attributes:
        sites: ids of sites; empty for all. The site is the employee's own.
        teams: names of teams; empty for all.
        person: `Name (id)` of one employee, or a part of a name or number; empty for all.
        first_day: with last_day: the workdays looked at, both included.
        manager_id: only employees of this manager (a manager sees the own team); None for all.
        employee_id: the one employee whom `person` names; None where it is a part of a name or number.
    """

    sites: tuple[str, ...]
    teams: tuple[str, ...]
    person: str
    first_day: date
    last_day: date
    manager_id: str | None = None
    employee_id: str | None = None


def label(name: str | None, employee_id: str) -> str:
    """How an employee is written in the person filter and its address."""
    return f"{name or 'Unknown'} ({employee_id})"


def id_in(person: str) -> str | None:
    """The number in what may be a label: a name can end in brackets, too."""
    found = _ID_IN_LABEL.search(person)
    return found.group(1) if found else None
