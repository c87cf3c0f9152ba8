"""Holds what is expected against what was computed: only what is named, instants as instants, minutes to 1e-6."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from timecontrol.policy.cases.local_time import zone
from timecontrol.policy.cases.model import LIST_NAMES

# Minutes agree within this: far below a second, far above the error of a float.
TOLERANCE_MINUTES = 1e-6

INSTANTS = frozenset(
    {
        *("first_in", "last_out", "start", "end", "matched_shift_start", "earliest_next_start", "in", "out"),
        *("rounded_in", "rounded_out", "rounded_start", "rounded_end", "from", "to"),
        *("shift_start", "shift_end", "window_start", "window_end", "at"),
    }
)


@dataclass(frozen=True)
class Difference:
    """One point in which a case's answer is not what is expected.

    Attributes:
        path: keys that lead there, such as `days.2025-06-02.worked_minutes`.
        expected: what the case says.
        actual: what was computed; for a row that is missing, the rows that are most like it.
    """

    path: str
    expected: object
    actual: object


def differences(expect: Mapping[str, Any], actual: Mapping[str, Any], time_zone: str) -> list[Difference]:
    """Every point in which an answer differs from what is expected; empty where it agrees."""
    return list(_differences(expect, actual, time_zone))


def _differences(expect: Mapping[str, Any], actual: Mapping[str, Any], time_zone: str) -> Iterator[Difference]:
    if expect.get("total") is not None:
        yield from _sums("total", expect["total"], actual["total"], time_zone)
    for group in ("days", "weeks"):
        for label, sums in (expect.get(group) or {}).items():
            yield from _sums(f"{group}.{label}", sums, actual[group].get(label, {}), time_zone)
    for name in LIST_NAMES:
        if expect.get(name) is not None:
            yield from _rows(name, expect[name], actual[name], time_zone)
        for row in (expect.get("absent") or {}).get(name) or ():
            found = [candidate for candidate in actual[name] if row_matches(row, candidate, time_zone)]
            if found:
                yield Difference(f"absent.{name}", row, found)


def _sums(path: str, expect: Mapping[str, Any], actual: Mapping[str, Any], time_zone: str) -> Iterator[Difference]:
    """Differences of a total, a day or a week; what does not occur is 0, or null where it is no number."""
    for name, wanted in expect.items():
        if name == "pay":
            for code, minutes in wanted.items():
                got = actual.get("pay", {}).get(code, 0)
                if not value_matches("minutes", minutes, got, time_zone):
                    yield Difference(f"{path}.pay.{code}", minutes, got)
            continue
        got = actual.get(name, None if name in INSTANTS else 0)
        if not value_matches(name, wanted, got, time_zone):
            yield Difference(f"{path}.{name}", wanted, got)


def _rows(
    path: str, expect: list[dict[str, Any]], actual: list[dict[str, Any]], time_zone: str
) -> Iterator[Difference]:
    if not expect and actual:
        yield Difference(path, [], actual)
    for wanted in expect:
        if not any(row_matches(wanted, row, time_zone) for row in actual):
            yield Difference(path, wanted, _nearest(wanted, actual, time_zone))


def _nearest(wanted: dict[str, Any], actual: list[dict[str, Any]], time_zone: str) -> JsonValue:
    """The rows that agree with the wanted one in the most fields, their named fields alone."""
    agreeing = [sum(value_matches(key, wanted[key], row.get(key), time_zone) for key in wanted) for row in actual]
    best = max(agreeing, default=0)
    return [{key: row.get(key) for key in wanted} for row, count in zip(actual, agreeing, strict=True) if count == best]


def row_matches(wanted: Mapping[str, Any], row: Mapping[str, Any], time_zone: str) -> bool:
    """Whether a row has all fields that are named."""
    return all(value_matches(key, value, row.get(key), time_zone) for key, value in wanted.items())


def value_matches(name: str, wanted: Any, got: Any, time_zone: str) -> bool:  # noqa: ANN401  any JSON value
    """Whether one value is what is expected of the field of this name."""
    if wanted is None or got is None:
        return wanted is got
    if isinstance(wanted, list):
        if not wanted:
            return not got
        return all(any(row_matches(row, candidate, time_zone) for candidate in got) for row in wanted)
    if name in INSTANTS:
        return _instant(wanted, time_zone) == _instant(got, time_zone)
    if isinstance(wanted, (int, float)) and not isinstance(wanted, bool):
        return isinstance(got, (int, float)) and abs(wanted - got) <= TOLERANCE_MINUTES
    return bool(wanted == got)


def _instant(text: str, time_zone: str) -> datetime:
    """An instant from its text; local where it has no offset, the first pass of a repeated hour."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=zone(time_zone))).astimezone(UTC)
