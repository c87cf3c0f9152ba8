"""An explanation as text for a clerk: local times, hours and minutes, a sentence for each why."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from timecontrol.serving.explain.model import (
    Answer,
    BreakStep,
    Explanation,
    PayPart,
    PayStep,
    PunchStep,
    Reason,
    SessionStep,
    Unpaid,
)
from timecontrol.serving.explain.rules import WEEKLY_RULES, compared, why
from timecontrol.serving.explain.uncounted import uncounted
from timecontrol.serving.explain.words import Wall, break_name, duration, value_words, words, zone_name


def render(day: Explanation) -> str:
    """The whole day, one topic after the other; a topic without anything is left out, but for punches and pay."""
    wall = Wall(day.day, ZoneInfo(day.time_zone))
    punches = [(each.workday, [punch(each, wall)]) for each in day.punches] or [(day.day, ["none"])]
    sessions = [(each.workday, list(session(each, wall))) for each in day.sessions]
    topics = [
        ("Planned", list(plans(day, wall))),
        *by_workday("Punches", punches, day.day),
        *by_workday("Sessions", sessions, day.day),
        ("Breaks between sessions", [pause(each, wall) for each in day.gaps]),
        ("Paid", [line for each in day.pay for line in pay(each, wall)] or ["nothing"]),
        ("Present, but not paid", [unpaid(each, wall) for each in day.unpaid]),
        ("Compliance", list(answers(day, wall))),
        (
            "To look at",
            [
                f"{each.severity}: {words(each.kind)}, {wall.clock(each.at)}. {each.detail}".rstrip()
                for each in day.troubles
            ],
        ),
        ("Rules named above, with their values", list(rules(day))),
    ]
    lines = list(heading(day))
    for title, body in topics:
        if body:
            lines += ["", title, *(f"  {line}" for line in body)]
    return "\n".join([*lines, "", *footing(day, wall)])


def by_workday(title: str, said: list[tuple[date, list[str]]], day: date) -> Iterator[tuple[str, list[str]]]:
    """Topics of lines by workday: what the day has of a worked shift that began earlier is told under that shift."""
    for workday, parts in groupby(sorted(said, key=itemgetter(0)), itemgetter(0)):
        began = "" if workday == day else f" of the shift that began on {workday:%A} {workday.day} {workday:%B}"
        yield f"{title}{began}", [line for _, lines in parts for line in lines]


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


def footing(day: Explanation, wall: Wall) -> Iterator[str]:
    """Which run computed this, and who answered."""
    if day.computed is None:
        yield "Nothing has been computed yet."
        return
    at = day.computed.now_at.astimezone(wall.zone)
    yield (
        f"As computed by run {day.computed.run_id} at {at:%Y-%m-%d %H:%M:%S} {zone_name(at)}, "
        f"known up to transaction {day.computed.watermark}; read from the {day.origin}."
    )
    if day.computed.is_overtaken:
        yield "A later run is under way or has failed: parts of this may be its results already. Ask again after the next run."


def plans(day: Explanation, wall: Wall) -> Iterator[str]:
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
        yield ", ".join([f"{wall.span(each.starts_at, each.ends_at)}: {words(each.outcome)}", *extra])


def punch(each: PunchStep, wall: Wall) -> str:
    """One punch: when, what, from where, and why it was not used or taken as something else."""
    what = words(each.kind)
    if each.taken_as is None:
        what += f" (not used: {each.unused_because or 'not needed'})"
    elif each.taken_as != each.kind:
        what += f" (taken as {words(each.taken_as)})"
    return f"{wall.clock(each.at)}  {what}; {each.source} {each.device_id}, {each.came_from}"


def session(each: SessionStep, wall: Wall) -> Iterator[str]:
    """One session with its breaks."""
    out = wall.clock(each.out_at) if each.out_at else ("still open" if each.is_open else "no clock out")
    state = "" if each.counts else " (does not count: a punch is missing)"
    if each.is_cut:
        state = ", a part of it in another workday"
    yield f"{wall.clock(each.in_at)} – {out}: worked {duration(each.worked_seconds)}{state}"
    if (each.rounded_in_at, each.rounded_out_at) != (each.in_at, each.out_at) and each.rounded_out_at:
        yield f"  counted as {wall.span(each.rounded_in_at, each.rounded_out_at)}"
    for one in each.breaks:
        yield f"  {pause(one, wall)}"


def pause(each: BreakStep, wall: Wall) -> str:
    """One break and why it is (not) paid."""
    state = "paid" if each.is_paid else "unpaid"
    length = duration(each.seconds)
    return f"{wall.span(each.started_at, each.ended_at)}: {break_name(each.kind)} of {length}, {state}: {because(each.reason)}"


def pay(each: PayStep, wall: Wall) -> Iterator[str]:
    """One pay line and its parts."""
    top = ", on top of base pay" if each.on_top else ""
    yield f"{duration(each.seconds)} {words(each.pay_code)} (× {each.multiplier}{top})"
    for part in each.parts:
        yield f"  {pay_part(part, wall)}"


def pay_part(part: PayPart, wall: Wall) -> str:
    """One part of a pay line: where it lies and why it is paid so."""
    # What is guaranteed lies in no time of its own.
    where = ""
    if part.from_at and part.to_at and part.source != "guarantee":
        where = f" {wall.span(part.from_at, part.to_at)}"
    return f"{duration(part.seconds)}{where}: {because(part.reason)}"


def unpaid(each: Unpaid, wall: Wall) -> str:
    """Seconds that are not paid, and why."""
    where = f" {wall.span(each.from_at, each.to_at)}" if each.from_at and each.to_at else ""
    given = " counted as work all the same," if each.seconds < 0 else ""
    return f"{duration(abs(each.seconds))}{given} {each.what}{where}: {because(each.reason)}"


def answers(day: Explanation, wall: Wall) -> Iterator[str]:
    """The findings: rule, answer, what it compared, the reference; below it the breaks that did not count."""
    for each in day.answers:
        reason = f" ({said})" if (said := why(each)) else ""
        numbers = f", {said}" if (said := compared(each)) else ""
        when = f" of the days from {each.on_date}" if each.on_date != day.day or each.rule in WEEKLY_RULES else ""
        behind = f"[{each.parameter}; {each.reference}]" if each.reference else f"[{each.parameter}]"
        yield f"{words(each.rule)}{when}: {words(each.status)}{reason}{numbers} {behind}"
        yield from (f"  {said}{because(paid)}" for said, paid in uncounted(each, wall))


def rules(day: Explanation) -> Iterator[str]:
    """The value of each version of a parameter that a number above rests on; the law stands with the number."""
    reasons: list[Reason | Answer] = [each.reason for each in day.unpaid]
    reasons += [pause.reason for one in day.sessions for pause in one.breaks]
    reasons += [pause.reason for pause in day.gaps]
    reasons += [part.reason for line in day.pay for part in line.parts]
    reasons += [pause.reason for answer in day.answers for pause in answer.paid_breaks]
    reasons += day.answers
    found = {
        f"{reason.parameter} since {reason.valid_from}: {value_words(reason.value, reason.parameter)}"
        for reason in reasons
        if reason.parameter is not None and reason.valid_from is not None
    }
    yield from sorted(found)


def because(reason: Reason) -> str:
    """A reason with its parameter and reference."""
    if reason.parameter is None:
        return reason.sentence
    since = f" since {reason.valid_from}" if reason.valid_from else ", by default"
    reference = f"; {reason.reference}" if reason.reference else ""
    return f"{reason.sentence} [{reason.parameter}{since}{reference}]"
