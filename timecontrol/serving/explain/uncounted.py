"""Breaks that were taken and did not count for a rule, since they are paid: told beside its answer."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from timecontrol.serving.explain.model import Answer, BreakStep, Reason
from timecontrol.serving.explain.reasons import DECIDE_PAY_OF_BREAKS, Parameter, break_reason, in_force
from timecontrol.serving.explain.words import Wall, duration
from timecontrol.warehouse.marts import CUT_AT_DAY, REST_OF_SLEEP, Finding, PolicyParameter, Segment

# A worked shift that begins on the last day of a week has pieces in the next.
WEEK = timedelta(weeks=1)

_RULES = (
    select(
        func.jsonb_agg(
            func.jsonb_build_object(
                *("parameter", PolicyParameter.parameter, "valid_from", PolicyParameter.valid_from),
                *("value", PolicyParameter.value, "reference", PolicyParameter.reference),
            )
        )
    )
    .where(PolicyParameter.policy == Finding.policy, PolicyParameter.parameter.in_(DECIDE_PAY_OF_BREAKS))
    .scalar_subquery()
)
#: Of a finding that misses a break: the paid breaks of its worked shift of the kind that it looks for, and what decides
#: whether breaks are paid; else null. It is read by `paid_breaks`.
PAID_BREAKS = case(
    (
        and_(
            Finding.reason.in_(("missing", "short")),
            or_(Finding.rule.like("meal\\_period\\_%"), Finding.rule == "break_total"),
        ),
        select(
            func.jsonb_build_object(
                *("rules", _RULES.correlate(Finding), "time_zone", func.min(Segment.time_zone), "breaks"),
                func.jsonb_agg(
                    func.jsonb_build_object(
                        *("break", func.split_part(Segment.segment_id, CUT_AT_DAY, 1), "kind", Segment.break_type),
                        *("started_at", Segment.started_at, "ended_at", Segment.ended_at),
                        *("seconds", Segment.seconds, "is_gap", Segment.session_id.is_(None)),
                    )
                ),
            )
        )
        .where(
            Segment.employee_id == Finding.employee_id,
            Segment.worked_shift_id == Finding.worked_shift_id,
            Segment.workweek.between(Finding.workweek, Finding.workweek + WEEK),
            Segment.kind == "break",
            Segment.is_paid.is_(True),
            func.split_part(Segment.segment_id, CUT_AT_DAY, 1).not_like(f"%{REST_OF_SLEEP}"),
            or_(Segment.break_type == "meal", Finding.rule == "break_total"),
        )
        .having(func.count() > 0)
        .correlate(Finding)
        .scalar_subquery(),
    )
).label("paid_breaks")


def paid_breaks(found: Mapping[str, Any] | None, day: date) -> tuple[BreakStep, ...]:
    """The breaks in a `PAID_BREAKS` of a finding of this day, whole and in the order of time, each with why it is paid."""
    if found is None:
        return ()
    versions = [row | {"valid_from": date.fromisoformat(row["valid_from"])} for row in found["rules"] or []]
    rules = in_force(versions, day)
    pieces = groupby(sorted(found["breaks"], key=itemgetter("break")), itemgetter("break"))
    steps = [whole_break(list(group), rules) for _, group in pieces]
    return tuple(sorted(steps, key=lambda step: step.started_at))


def whole_break(pieces: Sequence[Mapping[str, Any]], rules: Mapping[str, Parameter]) -> BreakStep:
    """A paid break from its pieces, which the boundary of a workday may have cut."""
    kind, seconds = pieces[0]["kind"], sum(piece["seconds"] for piece in pieces)
    return BreakStep(
        kind=kind,
        started_at=min(datetime.fromisoformat(piece["started_at"]) for piece in pieces),
        ended_at=max(datetime.fromisoformat(piece["ended_at"]) for piece in pieces),
        seconds=seconds,
        is_paid=True,
        reason=break_reason(kind, seconds, is_paid=True, is_gap=pieces[0]["is_gap"], rules=rules),
    )


def uncounted(answer: Answer, wall: Wall) -> Iterator[tuple[str, Reason]]:
    """A sentence about each paid break that did not count for the answer, to be ended by why it is paid."""
    if isinstance(answer.value, dict) and answer.value.get("counts_paid"):
        return
    verdict = "does not count here" if answer.rule == "break_total" else "is no meal period"
    for each in answer.paid_breaks:
        span = wall.span(each.started_at, each.ended_at)
        yield f"a paid break of {duration(each.seconds)} ({span}) {verdict}: ", each.reason
