"""Rules on the breaks of one worked shift: meals, rests, the total of breaks, the longest work."""

from datetime import date
from itertools import takewhile
from typing import Any

from tests.reference.breaks import PAID, UNPAID, WORK
from tests.reference.findings import Duty, Finding
from tests.reference.timeline import Piece
from tests.reference.times import seconds

WAIVERS = {1: "meal_waiver_first", 2: "meal_waiver_second"}


def breaks_of(duty: Duty) -> list[Piece]:
    """What has no length is no break."""
    return [piece for piece in duty.pieces if piece.taken and piece.kind in {PAID, UNPAID} and piece.span.length]


def work_before(duty: Duty, taken: Piece) -> int:
    """In the order of the pieces: seconds that a rounded total adds come before the break after them."""
    before = takewhile(lambda piece: piece is not taken, duty.pieces)
    return sum(piece.span.length for piece in before if piece.kind != UNPAID)


def meal_periods(duty: Duty, rule: list[dict[str, Any]], facts: dict[str, bool]) -> list[Finding]:
    unpaid = [piece for piece in breaks_of(duty) if piece.kind == UNPAID]
    used: list[Piece] = []
    found: list[Finding] = []
    previous_taken = True
    for number, period in enumerate(rule, start=1):
        finding, taken = meal_period(duty, number, period, unpaid, used)
        used += [taken] if taken else []
        limit = period.get("waivable_up_to_work_minutes")
        waivable = limit is not None and duty.work <= seconds(limit) and facts.get(WAIVERS.get(number, ""), False)
        if period.get("waivable_only_if_previous_taken"):
            waivable = waivable and previous_taken
        previous_taken = finding.status == "satisfied" or finding.reason == "late"
        if duty.work <= seconds(period["required_if_work_over_minutes"]):
            finding = Finding(finding.rule, duty.date, "not_applicable")
        elif finding.status == "violated" and waivable:
            finding = Finding(finding.rule, duty.date, "waived")
        found.append(finding)
    return found


def meal_period(
    duty: Duty, number: int, period: dict[str, Any], unpaid: list[Piece], used: list[Piece]
) -> tuple[Finding, Piece | None]:
    """Judged on the n-th unpaid break that is long enough, else on the longest unused one; with the break, if any."""
    rule, minimum = f"meal_period_{number}", seconds(period["min_minutes"])
    start_by = seconds(period["start_by_work_minutes"])
    long_enough = [piece for piece in unpaid if piece.span.length >= minimum]
    unused = [piece for piece in unpaid if piece not in used]
    if len(long_enough) < number and not unused:
        return Finding(rule, duty.date, "violated", "missing", minimum, 0), None
    longest = max(unused, key=lambda piece: piece.span.length, default=None)
    taken = longest if len(long_enough) < number and longest else long_enough[number - 1]
    before = work_before(duty, taken)
    if taken.span.length < minimum:
        return Finding(rule, duty.date, "violated", "short", minimum, taken.span.length), taken
    if before > start_by:
        return Finding(rule, duty.date, "violated", "late", start_by, before), taken
    return Finding(rule, duty.date, "satisfied", None, minimum, taken.span.length), taken


def rest_periods(duty: Duty, rule: dict[str, Any]) -> Finding:
    if not rule.get("recorded", True):
        return Finding("rest_periods", duty.date, "not_applicable", "not_recorded")
    per = seconds(rule["per_work_minutes"])
    whole, rest = divmod(duty.work, per)
    breaks = whole + (1 if rule.get("major_fraction") and rest * 2 > per else 0)
    if duty.work < seconds(rule.get("none_under_work_minutes", 0)) or not breaks:
        return Finding("rest_periods", duty.date, "not_applicable")
    required = breaks * seconds(rule["minutes"])
    rests = [p.span.length for p in duty.pieces if p.taken and p.taken.type == "rest" and p.span.length]
    taken = sum(rest >= seconds(rule["minutes"]) for rest in rests) * seconds(rule["minutes"])
    return enough("rest_periods", duty.date, required, taken, any_taken=bool(rests))


def enough(rule: str, day: date, required: int, actual: int, *, any_taken: bool) -> Finding:
    if actual >= required:
        return Finding(rule, day, "satisfied", None, required, actual)
    return Finding(rule, day, "violated", "short" if any_taken else "missing", required, actual)


def considered_breaks(duty: Duty, rule: dict[str, Any]) -> list[Piece]:
    """Unpaid breaks, paid ones too where they count, with work after them."""
    last_work = max((piece.span.end for piece in duty.pieces if piece.kind == WORK and piece.span.length), default=0)
    return [
        piece
        for piece in breaks_of(duty)
        if piece.span.length
        and (piece.kind == UNPAID or rule.get("counts_paid", False))
        and (rule.get("end_of_work_counts", False) or piece.span.end <= last_work)
    ]


def counting_breaks(duty: Duty, rule: dict[str, Any]) -> list[Piece]:
    """Those of them that are long enough."""
    least = seconds(rule.get("min_block_minutes", 0))
    return [piece for piece in considered_breaks(duty, rule) if piece.span.length >= least]


def longest_piece_of_work(duty: Duty, rule: dict[str, Any]) -> int:
    counting = counting_breaks(duty, rule | {"end_of_work_counts": True})
    longest = so_far = 0
    for piece in duty.pieces:
        if any(piece is taken for taken in counting):
            so_far = 0
        elif piece.kind != UNPAID:
            so_far += piece.span.length
        longest = max(longest, so_far)
    return longest


def break_total(duty: Duty, rule: dict[str, Any]) -> Finding:
    basis = duty.gross if rule.get("basis") == "gross" else duty.work
    applying = [
        tier
        for tier in rule["tiers"]
        if ("work_over_minutes" in tier and basis > seconds(tier["work_over_minutes"]))
        or ("work_from_minutes" in tier and basis >= seconds(tier["work_from_minutes"]))
        or (
            "continuous_over_minutes" in tier
            and longest_piece_of_work(duty, rule) > seconds(tier["continuous_over_minutes"])
        )
    ]
    if not applying:
        return Finding("break_total", duty.date, "not_applicable")
    lengths = [piece.span.length for piece in counting_breaks(duty, rule)]
    actual = max(lengths, default=0) if rule.get("uninterrupted") else sum(lengths)
    least = applying[-1]["min_total_minutes"]
    if least is None:
        status, reason = ("satisfied", None) if actual else ("violated", "missing")
        return Finding("break_total", duty.date, status, reason, None, actual)
    return enough("break_total", duty.date, seconds(least), actual, any_taken=bool(considered_breaks(duty, rule)))
