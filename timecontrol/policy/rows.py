"""The rows of the schema `policy` that a folder of policies means, and which of them are new against what is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pydantic import JsonValue

from timecontrol.policy.files import PolicyFolder
from timecontrol.policy.problems import Problem
from timecontrol.policy.resolve import resolve


@dataclass(frozen=True)
class PolicyRow:
    """A policy as `policy.policies` keeps it."""

    policy: str
    title: str
    extends: str | None

    @property
    def key(self) -> str:
        """What one row is kept for."""
        return self.policy


@dataclass(frozen=True)
class ParameterRow:
    """A resolved dated parameter as `policy.parameters` keeps it.

    Where it was written (`file`, `line`) is told with it but is no reason for a new version: a comment moves lines.
    """

    policy: str
    parameter: str
    valid_from: date
    value: JsonValue
    reference: str | None
    file: str = field(compare=False)
    line: int = field(compare=False)

    @property
    def key(self) -> tuple[str, str, date]:
        """What one row is kept for."""
        return self.policy, self.parameter, self.valid_from


@dataclass(frozen=True)
class PayCodeRow:
    """A pay code as `policy.pay_codes` keeps it."""

    pay_code: str
    title: str
    multiplier: Decimal
    on_top: bool

    @property
    def key(self) -> str:
        """What one row is kept for."""
        return self.pay_code


Row = PolicyRow | ParameterRow | PayCodeRow


@dataclass(frozen=True)
class Rows:
    """What a folder means, flat, and what is wrong with the policies that are not part of it."""

    policies: tuple[PolicyRow, ...]
    parameters: tuple[ParameterRow, ...]
    pay_codes: tuple[PayCodeRow, ...]
    problems: tuple[Problem, ...]


def rows_of(folder: PolicyFolder) -> Rows:
    """The rows of all sound policies of a folder, inherited values included."""
    resolved, problems = resolve(folder.policies)
    return Rows(
        policies=tuple(
            PolicyRow(name, folder.policies[name].title, folder.policies[name].extends) for name in sorted(resolved)
        ),
        parameters=tuple(
            ParameterRow(name, entry.parameter, entry.valid_from, entry.value, entry.reference, entry.file, entry.line)
            for name in sorted(resolved)
            for parameter in sorted(resolved[name])
            for entry in resolved[name][parameter]
        ),
        pay_codes=tuple(
            PayCodeRow(code, declared.title, Decimal(str(declared.multiplier)), declared.on_top)
            for code, declared in sorted(folder.pay_codes.items())
        ),
        problems=(*folder.problems, *problems),
    )


@dataclass(frozen=True)
class Changes:
    """What must be added to a table so that its newest versions are the wanted rows."""

    written: tuple[Row, ...]
    removed: tuple[Row, ...]


def changes(stored: Iterable[Row], wanted: Iterable[Row]) -> Changes:
    """Rows that are new or differ from the stored ones, and stored rows that are wanted no more."""
    before = {row.key: row for row in stored}
    after = {row.key: row for row in wanted}
    return Changes(
        written=tuple(row for key, row in after.items() if before.get(key) != row),
        removed=tuple(row for key, row in before.items() if key not in after),
    )
