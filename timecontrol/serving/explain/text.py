"""An explanation as text for a clerk: local times, hours and minutes, a sentence for each why."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from timecontrol.serving.explain.model import (
    BreakStep,
    Explanation,
    PayPart,
    PayStep,
    PunchStep,
    Reason,
    SessionStep,
    Unpaid,
)
from timecontrol.serving.explain.rules import compared, why
from timecontrol.serving.explain.words import duration, words


def render(day: Explanation) -> str:
    """The whole day, one topic after the other; a topic without anything is left out, but for punches and pay."""
    zone = ZoneInfo(day.time_zone)
    topics = {
        "Planned": list(plans(day, zone)),
        "Punches": [punch(each, zone) for each in day.punches] or ["none"],
        "Sessions": [line for each in day.sessions for line in session(each, zone)]
        + [f"{pause(each, zone)}" for each in day.gaps],
        "Paid": [line for each in day.pay for line in pay(each, zone)] or ["nothing"],
        "Present, but not paid": [unpaid(each, zone) for each in day.unpaid],
        "Compliance": list(answers(day)),
        "To look at": [
            f"{each.severity}: {words(each.kind)}, {clock(each.at, zone)}. {each.detail}" for each in day.troubles
        ],
    }
    lines = list(heading(day))
    for title, body in topics.items():
        if body:
            lines += ["", title, *(f"  {line}" for line in body)]
    return "\n".join([*lines, "", *footing(day, zone)])


def heading(day: Explanation) -> Iterator[str]:
    """Who, when, where, under which policy, and the totals."""
    yield f"{day.name or 'Nobody knows the name'} ({day.employee_id}), {day.day:%A %d %B %Y}, {day.time_zone}"
    policy = f"{day.policy} ({day.policy_title})" if day.policy_title else day.policy
    yield f"Site {day.site_id or 'unknown'}, policy {policy or 'none on this day'}"
    still = "; still at work" if day.is_open else ""
    added = f"added {duration(day.added_seconds)}, " if day.added_seconds else ""
    yield (
        f"Present {duration(day.presence_seconds)}, {added}worked {duration(day.worked_seconds)}, "
        f"paid {duration(day.paid_seconds)}{still}"
    )


def footing(day: Explanation, zone: ZoneInfo) -> Iterator[str]:
    """Which run computed this, and who answered."""
    if day.computed is None:
        yield "Nothing has been computed yet."
        return
    at = day.computed.now_at.astimezone(zone)
    yield (
        f"As computed by run {day.computed.run_id} at {at:%Y-%m-%d %H:%M:%S}, "
        f"known up to transaction {day.computed.watermark}; read from the {day.origin}."
    )
    if day.computed.is_overtaken:
        yield "A later run is under way or has failed: parts of this may be its results already. Ask again after the next run."


def plans(day: Explanation, zone: ZoneInfo) -> Iterator[str]:
    """The scheduled shifts and what became of each."""
    for each in day.plans:
        if each.starts_at is None or each.ends_at is None:
            yield "work that matches no scheduled shift"
            continue
        extra = [
            f"{name} {duration(seconds)}"
            for name, seconds in (("late by", each.late_seconds), ("left early by", each.early_leave_seconds))
            if seconds
        ]
        yield ", ".join([f"{span(each.starts_at, each.ends_at, zone)}: {words(each.outcome)}", *extra])


def punch(each: PunchStep, zone: ZoneInfo) -> str:
    """One punch: when, what, from where, and why it was not used or taken as something else."""
    what = words(each.kind)
    if each.taken_as is None:
        what += f" (not used: {each.unused_because or 'not needed'})"
    elif each.taken_as != each.kind:
        what += f" (taken as {words(each.taken_as)})"
    return f"{clock(each.at, zone)}  {what}; {each.source} {each.device_id}, {each.came_from}"


def session(each: SessionStep, zone: ZoneInfo) -> Iterator[str]:
    """One session with its breaks."""
    out = clock(each.out_at, zone) if each.out_at else ("still open" if each.is_open else "no clock out")
    state = "" if each.counts else " (does not count: a punch is missing)"
    yield f"{clock(each.in_at, zone)} – {out}: worked {duration(each.worked_seconds)}{state}"
    if (each.rounded_in_at, each.rounded_out_at) != (each.in_at, each.out_at) and each.rounded_out_at:
        yield f"  counted as {span(each.rounded_in_at, each.rounded_out_at, zone)}"
    for one in each.breaks:
        yield f"  {pause(one, zone)}"


def pause(each: BreakStep, zone: ZoneInfo) -> str:
    """One break and why it is (not) paid."""
    state = "paid" if each.is_paid else "unpaid"
    length = duration(each.seconds)
    return (
        f"{span(each.started_at, each.ended_at, zone)}: {each.kind} break of {length}, {state}: {because(each.reason)}"
    )


def pay(each: PayStep, zone: ZoneInfo) -> Iterator[str]:
    """One pay line and its parts."""
    top = ", on top of base pay" if each.on_top else ""
    yield f"{duration(each.seconds)} {words(each.pay_code)} (× {each.multiplier}{top})"
    for part in each.parts:
        yield f"  {pay_part(part, zone)}"


def pay_part(part: PayPart, zone: ZoneInfo) -> str:
    """One part of a pay line: where it lies and why it is paid so."""
    where = f" {span(part.from_at, part.to_at, zone)}" if part.from_at and part.to_at else ""
    return f"{duration(part.seconds)}{where}: {because(part.reason)}"


def unpaid(each: Unpaid, zone: ZoneInfo) -> str:
    """Seconds that are not paid, and why."""
    where = f" {span(each.from_at, each.to_at, zone)}" if each.from_at and each.to_at else ""
    return f"{duration(each.seconds)} {each.what}{where}: {because(each.reason)}"


def answers(day: Explanation) -> Iterator[str]:
    """The findings: rule, answer, what it compared, the reference."""
    for each in day.answers:
        reason = f" ({why(each)})" if each.reason else ""
        numbers = f", {said}" if (said := compared(each)) else ""
        when = f" of the days from {each.on_date}" if each.on_date != day.day else ""
        yield f"{words(each.rule)}{when}: {words(each.status)}{reason}{numbers} [{each.reference or each.parameter}]"


def because(reason: Reason) -> str:
    """A reason with its parameter and reference."""
    if reason.parameter is None:
        return reason.sentence
    since = f" since {reason.valid_from}" if reason.valid_from else ""
    reference = f"; {reason.reference}" if reason.reference else ""
    return f"{reason.sentence} [{reason.parameter}{since}{reference}]"


def clock(at: datetime, zone: ZoneInfo) -> str:
    """A local clock time; seconds only where there are any."""
    local = at.astimezone(zone)
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def span(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    """From when to when, local."""
    return f"{clock(start, zone)} – {clock(end, zone)}"
