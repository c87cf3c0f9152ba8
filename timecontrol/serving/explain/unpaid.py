"""Where the seconds between presence and work went. Pure: from rows of the marts."""

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from timecontrol.serving.explain.model import BreakStep, Reason, Unpaid
from timecontrol.serving.explain.reasons import (
    Parameter,
    because,
    break_reason,
    decided,
    sleep_over_limit_reason,
    uncertain_reason,
)
from timecontrol.serving.explain.words import break_name
from timecontrol.warehouse.marts import CUT_AT_DAY, REST_OF_SLEEP

Row = Mapping[str, Any]
Rows = Sequence[Row]

#: What takes presence away after its punches were rounded: the name of the seconds, and why they are not paid.
TAKEN = {
    "breaks.auto_deduct": ("automatic deduction", "the policy deducts a break from a worked shift of this length"),
    "breaks.from_schedule": ("scheduled break", "a break was scheduled here, and work inside it is not paid"),
    "rounding.session_total": ("rounding of the session", "the total of the session is rounded; its last seconds go"),
    "rounding.break_total": (
        "rounding of the breaks",
        "the total of the breaks is rounded; the seconds after a break belong to it",
    ),
    "rounding.day_total": ("rounding of the day", "the total of the day is rounded; its last seconds go"),
}


def added_seconds(pay: Rows, lineage: Rows) -> int:
    """Seconds that count as work and were no presence, or breaks: what totals were rounded up by, and additions."""
    worked = {line["pay_line_id"] for line in pay if line["source"] == "work"}
    return sum(
        row["seconds"] for row in lineage if row["pay_line_id"] in worked and row["source"] in {"rounding", "addition"}
    )


def unpaid_parts(rows: Mapping[str, Rows], rules: Mapping[str, Parameter], missing: int) -> tuple[Unpaid, ...]:
    """What the `missing` seconds of presence are: breaks, missing punches, deductions, and rounding; they add up to it.

    Seconds are negative where a rounded punch makes a session longer.
    """
    parts = [
        *of_segments(rows["segments"], rows["sessions"], rules),
        *of_lineage(rows["lineage"], rows["parameters"]),
        *of_punches(rows, rules),
    ]
    rest = missing - sum(part.seconds for part in parts)
    if rest:
        reason = Reason("a punch of another workday that is rounded over the bound of this one")
        parts.append(Unpaid(rest, "rounding", None, None, reason))
    return tuple(parts)


def of_segments(segments: Rows, sessions: Rows, rules: Mapping[str, Parameter]) -> Iterator[Unpaid]:
    """Unpaid breaks as punched, and time with a missing punch."""
    for segment in segments:
        seconds = segment["seconds"] or 0
        span = segment["started_at"], segment["ended_at"]
        if segment["kind"] == "break" and not segment["is_paid"]:
            yield Unpaid(seconds, break_name(segment["break_type"]), *span, break_step(segment, rules).reason)
        elif segment["kind"] == "uncertain" and seconds:
            what, reason = uncertain_reason(segment, sessions, rules)
            yield Unpaid(seconds, what, *span, reason)


def break_step(segment: Row, rules: Mapping[str, Parameter]) -> BreakStep:
    """A break as punched, and whether it is paid."""
    kind, seconds, is_paid = segment["break_type"], segment["seconds"], bool(segment["is_paid"])
    if is_rest_of_sleep(segment):
        reason = sleep_over_limit_reason(rules)
    else:
        is_gap = segment["session_id"] is None
        reason = break_reason(kind, segment["whole_seconds"], is_paid=is_paid, is_gap=is_gap, rules=rules)
    return BreakStep(kind, segment["started_at"], segment["ended_at"], seconds, is_paid, reason)


def of_lineage(lineage: Rows, versions: Rows) -> Iterator[Unpaid]:
    """What deductions and the rounding of totals took away: the rows of the lineage without a pay line."""
    for row in lineage:
        if row["pay_line_id"] is None:
            what, sentence = TAKEN[row["parameter"]]
            seconds = int((row["to_at"] - row["from_at"]).total_seconds())
            yield Unpaid(seconds, what, row["from_at"], row["to_at"], decided(sentence, row, versions))


def of_punches(rows: Mapping[str, Rows], rules: Mapping[str, Parameter]) -> Iterator[Unpaid]:
    """What rounding or snapping a punch of the day took from its session, or gave to it."""
    planned = {row[name] for row in rows["plans"] for name in ("shift_start", "shift_end")}
    for session in rows["sessions"]:
        if not session["counts"] or session["out_at"] is None:
            continue
        parts = [
            *moved("clock_in", session["in_at"], session["rounded_in_at"], 1, planned, rules),
            *moved("clock_out", session["out_at"], session["rounded_out_at"], -1, planned, rules),
        ]
        for pause in session["breaks"]:
            ends = {
                name: datetime.fromisoformat(pause[name]) for name in ("start", "rounded_start", "end", "rounded_end")
            }
            if not pause["paid"] and ends["end"] < session["out_at"]:
                parts += moved("break_start", ends["start"], ends["rounded_start"], -1, set(), rules)
                limit = limit_of_sleep(rows["segments"], ends["start"], ends["end"])
                if pause["type"] != "sleep" or limit == ends["end"]:
                    parts += moved("break_end", ends["end"], ends["rounded_end"], 1, set(), rules)
                elif limit is not None:
                    parts += moved_limit(limit, ends["rounded_end"], rules)
        yield from (part for part in parts if is_of_day(part, rows["segments"]))


def is_of_day(part: Unpaid, segments: Rows) -> bool:
    """Whether the time between a punch and where it counts begins, ends or lies in the presence of the day."""
    return any(
        segment["kind"] != "off"
        and segment["started_at"] <= part.to_at
        and (segment["ended_at"] is None or part.from_at <= segment["ended_at"])
        for segment in segments
    )


def limit_of_sleep(segments: Rows, start: datetime, end: datetime) -> datetime | None:
    """Where the unpaid part of a sleep ends as punched; None where that is on another day."""
    sleeps = [row for row in segments if row["break_type"] == "sleep" and start <= row["started_at"] < end]
    rest = next((row["started_at"] for row in sleeps if is_rest_of_sleep(row)), None)
    return rest or max((row["ended_at"] for row in sleeps if row["ended_at"] == end), default=None)


def is_rest_of_sleep(segment: Row) -> bool:
    """Whether a segment is the part of a sleep that is work."""
    return str(segment["segment_id"]).partition(CUT_AT_DAY)[0].endswith(REST_OF_SLEEP)


def moved_limit(punched: datetime, counted: datetime, rules: Mapping[str, Parameter]) -> Iterator[Unpaid]:
    """A sleep is unpaid up to a limit from its rounded start on."""
    seconds = int((counted - punched).total_seconds())
    if seconds:
        reason = because("the unpaid part of a sleep is counted from its rounded start on", rules.get("breaks.sleep"))
        yield Unpaid(seconds, "rounding of the sleep", min(punched, counted), max(punched, counted), reason)


def moved(
    kind: str,
    punched: datetime,
    counted: datetime,
    later_takes: int,
    planned: Set[datetime],
    rules: Mapping[str, Parameter],
) -> Iterator[Unpaid]:
    """One punch that counts at another instant than it was made; `later_takes` is 1 where a later one is less work.

    One that counts at a `planned` instant was snapped to it, where the policy snaps at all.
    """
    seconds = later_takes * int((counted - punched).total_seconds())
    if not seconds:
        return
    name = kind.replace("_", " ")
    snap, rounding = rules.get("rounding.snap_to_schedule"), rules.get(f"rounding.{kind}")
    if snap is not None and (counted in planned or rounding is None):
        reason = because(f"the {name} is near the scheduled time and counts as made then", snap)
    else:
        reason = because(f"the policy rounds the {name}", rounding)
    yield Unpaid(seconds, f"rounding of the {name}", min(punched, counted), max(punched, counted), reason)
