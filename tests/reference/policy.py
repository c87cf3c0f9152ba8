"""A policy is a set of dated parameters; what a row of the vocabulary names as default stands here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Parameter = Any  # a word, a number, a list or an object

DEFAULTS: dict[str, Parameter] = {
    "workday.starts_at": "00:00",
    "workday.attribution": "shift_start",
    "workweek.starts_on": "monday",
    "pairing.direction": "explicit",
    "pairing.hours_from": "segments",
    "pairing.repeat_within_seconds": 60,
    "pairing.in_after_in": "missing",
    "pairing.out_after_out": "missing",
    "pairing.new_shift_after_gap_minutes": 240,
    "pairing.max_shift_minutes": 960,
    "pairing.open_session": "exclude",
    "breaks.paid_types": ["rest"],
    "overtime.weekly_counts": "straight_time_only",
    "shift.early_window_minutes": 0,
    "shift.late_window_minutes": 0,
}
ALWAYS = date.min


@dataclass(frozen=True)
class Policy:
    """For each parameter its entries, by date."""

    entries: dict[str, list[tuple[date, Parameter]]]

    @classmethod
    def of(
        cls, name: str | None, by_value: dict[str, Parameter], folder: Path, load: Callable[[Path], Any]
    ) -> "Policy":
        """A policy of the folder (or none) with parameters by value on top, valid always."""
        entries = inherited(name, folder, load) if name else {}
        return cls(entries | {key: [(ALWAYS, value)] for key, value in by_value.items()})

    def value(self, key: str, day: date) -> Parameter:
        """The newest entry not later than the day; the default, else None, where there is none."""
        found = [value for valid_from, value in self.entries.get(key, []) if valid_from <= day]
        return found[-1] if found and found[-1] is not None else DEFAULTS.get(key)


def inherited(name: str, folder: Path, load: Callable[[Path], Any]) -> dict[str, list[tuple[date, Parameter]]]:
    """A child's entries replace the parent's from the child's first date on."""
    [path] = folder.glob(f"*/{name}.yaml")
    written = load(path)
    entries = inherited(written["extends"], folder, load) if "extends" in written else {}
    for key, rows in (written.get("parameters") or {}).items():
        own = sorted(
            ((date.fromisoformat(row["valid_from"]), row["value"]) for row in rows), key=lambda entry: entry[0]
        )
        entries[key] = [entry for entry in entries.get(key, []) if entry[0] < own[0][0]] + own
    return entries
