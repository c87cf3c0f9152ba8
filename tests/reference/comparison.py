"""Two answers to one case, held against each other."""

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from tests.reference.answer import Row

MINUTES = 1e-6
# What the page leaves open: when these exceptions arise, the numbers beside a rule that asks for nothing, the reason
# of a waived one, and where a session that does not count would begin after rounding.
UNDEFINED = {"no_shift_assigned", "no_policy"}
UNNUMBERED = {"not_applicable", "waived", "pending"}


def disagreements(reference: Row, models: Row) -> list[str]:
    """A line for each thing that differs, first what is wrong and then both values; none where they agree."""
    if "error" in reference or "error" in models:
        both = (reference.get("error"), models.get("error"))
        return [] if all(both) else [f"error: reference {both[0]}, models {both[1]}"]
    one, other = normal(reference), normal(models)
    return [
        f"{place}: reference {one.get(place)}, models {other.get(place)}"
        for place in sorted(one.keys() | other.keys())
        if not equal(one.get(place), other.get(place))
    ]


def equal(one: Any, other: Any) -> bool:  # noqa: ANN401 -- any value of an answer
    if isinstance(one or 0, int | float) and isinstance(other or 0, int | float):
        return abs((one or 0) - (other or 0)) <= MINUTES
    return bool(one == other)


def normal(answer: Row) -> dict[str, Any]:
    """Each number, instant and word by its place; what is absent is zero."""
    places: dict[str, Any] = dict(flat("total", answer["total"]))
    for part in ("days", "weeks"):
        for day, row in answer[part].items():
            places |= flat(f"{part}.{day}", row)
    for part, key in (("worked_shifts", "start"), ("sessions", "in"), ("shift_outcomes", "shift_start")):
        for row in answer[part]:
            if row[key]:  # `unscheduled` has no shift, and is in worked_shifts
                undefined = {"rounded_in"} if part == "sessions" and not row["out"] else set()
                places |= flat(f"{part}.{moment(row[key])}", {k: v for k, v in row.items() if k not in undefined})
    seen: Counter[str] = Counter()
    for row in sorted(answer["findings"], key=lambda row: (row["status"], row["actual_minutes"] or 0)):
        place = f"findings.{row['rule']}.{row['date']}"
        seen[place] += 1  # a day has as many daily rests as worked shifts
        numbers = {} if row["status"] in UNNUMBERED else {k: row[k] for k in ("required_minutes", "actual_minutes")}
        reason = None if row["status"] == "waived" else row["reason"]
        places |= flat(f"{place}.{seen[place]}", {"status": row["status"], "reason": reason} | numbers)
    places |= Counter(
        f"exceptions.{row['kind']} at {moment(row['at'])} of {row['date']}"
        for row in answer["exceptions"]
        if row["kind"] not in UNDEFINED
    )
    lines: Counter[str] = Counter()
    for row in answer["pay_lines"]:
        lines[f"pay_lines.{row['date']}.{row['pay_code']}"] += row["minutes"]
    return places | lines


def flat(place: str, value: Any) -> dict[str, Any]:  # noqa: ANN401 -- any value of an answer
    if isinstance(value, dict):
        return {key: leaf for name, part in value.items() for key, leaf in flat(f"{place}.{name}", part).items()}
    if isinstance(value, list):
        return {key: leaf for n, part in enumerate(value) for key, leaf in flat(f"{place}.{n}", part).items()}
    return {place: moment(value) if isinstance(value, str) and "T" in value else value}


def moment(text: str) -> str:
    """An instant in UTC: the same whatever offset it was written with."""
    return datetime.fromisoformat(text).astimezone(tz=UTC).isoformat()


def expectation(reference: Row, models: Row) -> Row:
    """What the reference says where the models say something else, as `expect` of a case."""
    if "error" in reference or "error" in models:
        return {}
    mine, theirs = rounded(reference), rounded(models)
    expect: Row = {"total": {key: value for key, value in mine["total"].items() if value != theirs["total"].get(key)}}
    expect["days"] = {
        day: {key: value for key, value in row.items() if value != theirs["days"].get(day, {}).get(key)}
        for day, row in mine["days"].items()
        if row != theirs["days"].get(day)
    }
    for part in ("worked_shifts", "sessions", "shift_outcomes", "findings", "exceptions"):
        expect[part] = [row for row in mine[part] if row not in theirs[part]]
    extra = [row for row in theirs["exceptions"] if row not in mine["exceptions"] and row["kind"] not in UNDEFINED]
    expect["absent"] = {"exceptions": extra} if extra else {}
    return {part: value for part, value in expect.items() if value}


def rounded(value: Any) -> Any:  # noqa: ANN401 -- any value of an answer
    """Numbers to the precision of a comparison."""
    if isinstance(value, dict):
        return {key: rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [rounded(part) for part in value]
    return round(value, 6) if isinstance(value, float) else value
