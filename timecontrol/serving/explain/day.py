"""Reads one employee's day from the marts and puts it together."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from timecontrol.contracts.errors import Transient
from timecontrol.errors import UserError
from timecontrol.serving.explain.model import (
    Answer,
    Explanation,
    PayPart,
    PayStep,
    Plan,
    PunchStep,
    SessionStep,
    Trouble,
)
from timecontrol.serving.explain.reasons import Parameter, in_force, pay_reason
from timecontrol.serving.explain.rules import WEEKLY_RULES
from timecontrol.serving.explain.uncounted import PAID_BREAKS, paid_breaks
from timecontrol.serving.explain.unpaid import added_seconds, break_step, unpaid_parts
from timecontrol.serving.reads import Reads
from timecontrol.serving.result import Result
from timecontrol.warehouse.marts import (
    CUT_AT_DAY,
    Employee,
    Finding,
    PayLine,
    PayLineage,
    PolicyParameter,
    Punch,
    Segment,
    Session,
    ShiftOutcome,
    Workday,
    WorkException,
)

Row = Mapping[str, Any]
Rows = Sequence[Row]

# A run that ends between two reads makes them tell of different runs: then all are read again.
ATTEMPTS = 3

# Tiers of periods are decided by the policy of the period's first day: at most four weeks, and as much again to be safe.
DECIDED_WITHIN = timedelta(weeks=8)
# A worked shift that is cut at workday boundaries has its pieces in this week and those beside it.
WEEK = timedelta(weeks=1)


def explain(reads: Reads, employee_id: str, day: date) -> Explanation:
    """The day of an employee; raises UserError when nobody knows the employee, Transient when no server answers.

    While a run is under way or after one that failed, some marts may be its own already: then `computed` says so.
    """
    consistent: dict[str, Result] | None = None
    for _ in range(ATTEMPTS):
        results = read_day(reads, employee_id, day)
        runs = {result.computed for result in results.values()}
        if len(runs) == 1:
            consistent = results
            if not any(run.is_overtaken for run in runs if run):
                break
    if consistent is not None:
        return put_together(employee_id, day, consistent)
    raise Transient("Runs of the models follow each other too fast to read the day of one of them; try again")


def read_day(reads: Reads, employee_id: str, day: date) -> dict[str, Result]:
    """Everything the marts know of the day, by name."""
    workweek = select(Workday.workweek).where(Workday.employee_id == employee_id, Workday.workday == day)
    statements: dict[str, Select[Any]] = {
        "employee": select(*Employee.__table__.columns).where(Employee.employee_id == employee_id),
        "workday": of_day(Workday, employee_id, day),
        "punches": of_shifts(Punch, employee_id, day).order_by(Punch.occurred_at, Punch.topic_offset),
        "segments": of_day(Segment, employee_id, day)
        .add_columns(whole_seconds().label("whole_seconds"))
        .order_by(Segment.started_at, Segment.segment_id),
        "sessions": of_shifts(Session, employee_id, day).order_by(Session.in_at),
        "plans": of_day(ShiftOutcome, employee_id, day).order_by(ShiftOutcome.shift_start),
        "pay": of_day(PayLine, employee_id, day).order_by(PayLine.on_top, PayLine.multiplier, PayLine.pay_code),
        "lineage": of_day(PayLineage, employee_id, day).order_by(PayLineage.from_at),
        "answers": select(*Finding.__table__.columns, PAID_BREAKS)
        .where(
            Finding.employee_id == employee_id,
            or_(
                Finding.on_date == day,
                and_(Finding.on_date == workweek.scalar_subquery(), Finding.rule.in_(WEEKLY_RULES)),
            ),
        )
        .order_by(Finding.rule),
        "troubles": of_day(WorkException, employee_id, day).order_by(WorkException.at, WorkException.kind),
        "parameters": select(*PolicyParameter.__table__.columns).where(
            PolicyParameter.policy.in_(
                select(Workday.policy).where(
                    Workday.employee_id == employee_id, Workday.workday.between(day - DECIDED_WITHIN, day)
                )
            )
        ),
    }
    return {name: reads.fetch(statement) for name, statement in statements.items()}


def of_day(mart: Any, employee_id: str, day: date) -> Select[Any]:  # noqa: ANN401  each fct_ table has the two columns
    """The rows of a mart for one employee and workday."""
    return select(*mart.__table__.columns).where(mart.employee_id == employee_id, mart.workday == day)


def of_shifts(mart: Any, employee_id: str, day: date) -> Select[Any]:  # noqa: ANN401  punches and sessions
    """The rows of the workday, and those of worked shifts that are cut at its bounds and have a part in it."""
    shifts = select(Segment.worked_shift_id).where(Segment.employee_id == employee_id, Segment.workday == day)
    return select(*mart.__table__.columns).where(
        mart.employee_id == employee_id,
        mart.workday.between(day - WEEK, day + WEEK),
        or_(mart.workday == day, mart.worked_shift_id.in_(shifts)),
    )


def whole_seconds() -> Any:  # noqa: ANN401  SQLAlchemy has no public type for a scalar subquery of unknown type
    """Length of the segment of which a row is a piece: what is cut at a workday boundary is judged whole."""
    piece = aliased(Segment)
    return (
        select(func.sum(piece.seconds))
        .where(
            piece.employee_id == Segment.employee_id,
            piece.workweek.between(Segment.workweek - WEEK, Segment.workweek + WEEK),
            piece.worked_shift_id == Segment.worked_shift_id,
            func.split_part(piece.segment_id, CUT_AT_DAY, 1) == func.split_part(Segment.segment_id, CUT_AT_DAY, 1),
        )
        .scalar_subquery()
    )


def put_together(employee_id: str, day: date, results: Mapping[str, Result]) -> Explanation:
    """The explanation from the rows of the marts."""
    rows = {name: result.records() for name, result in results.items()}
    if not rows["employee"]:
        raise UserError(f"Nobody knows the employee {employee_id!r}: neither HR nor any punch names this id.")
    person = rows["employee"][0]
    workday = rows["workday"][0] if rows["workday"] else {}
    versions = [row for row in rows["parameters"] if row["policy"] == workday.get("policy")]
    rules = in_force(versions, day)
    sessions = tuple(session_step(row, rows["segments"], rules) for row in rows["sessions"])
    gaps = tuple(
        break_step(row, rules) for row in rows["segments"] if row["kind"] == "break" and row["session_id"] is None
    )
    presence = sum(row["seconds"] or 0 for row in rows["segments"] if row["kind"] != "off")
    worked = workday.get("worked_seconds", 0)
    added = added_seconds(rows["pay"], rows["lineage"])
    lost = unpaid_parts(rows, rules, presence + added - worked)
    title = versions[0]["title"] if versions else None
    return Explanation(
        employee_id=employee_id,
        name=person["name"],
        day=day,
        time_zone=workday.get("time_zone") or person["time_zone"] or "UTC",
        site_id=workday.get("site_id") or person["site_id"],
        policy=workday.get("policy"),
        policy_title=title,
        worked_seconds=worked,
        paid_seconds=workday.get("paid_seconds", 0),
        presence_seconds=presence,
        added_seconds=added,
        is_open=workday.get("is_open", False),
        plans=tuple(plan(row) for row in rows["plans"]),
        punches=tuple(punch_step(row) for row in rows["punches"]),
        sessions=sessions,
        gaps=gaps,
        pay=tuple(pay_step(row, rows["lineage"], rows["parameters"]) for row in rows["pay"]),
        unpaid=lost,
        answers=tuple(answer_of(row, rows["parameters"]) for row in rows["answers"]),
        troubles=tuple(
            Trouble(row["kind"], row["at"], row["severity"], row["detail"] or "") for row in rows["troubles"]
        ),
        computed=results["workday"].computed,
        origin=results["workday"].origin,
    )


def punch_step(row: Row) -> PunchStep:
    """A punch, with the place it came from."""
    return PunchStep(
        workday=row["workday"],
        event_id=str(row["event_id"]),
        at=row["occurred_at"],
        kind=row["kind"],
        taken_as=row["taken_as"],
        source=row["source"],
        device_id=row["device_id"],
        came_from=came_from(row["origin"], row["topic_partition"], row["topic_offset"]),
        unused_because=row["unused_because"],
    )


def came_from(origin: str | None, partition: int, offset: int) -> str:
    """Where a punch was read, in words: file and line, transaction and row, token; and its place in the topic."""
    record = f"record {offset} of partition {partition}"
    scheme, _, rest = (origin or "").partition(":")
    place, _, number = rest.rpartition("#")
    if scheme == "file":
        return f"line {number} of the file {place[:12]}, {record}"
    if scheme == "mysql":
        return f"row {number} of transaction {place} of the legacy HR system, {record}"
    if scheme == "api":
        return f"the API with token {rest}, {record}"
    return record


def session_step(row: Row, segments: Rows, rules: Mapping[str, Parameter]) -> SessionStep:
    """A session with its breaks of the day."""
    here = sum(segment["seconds"] or 0 for segment in segments if segment["session_id"] == row["session_id"])
    whole = row["out_at"] - row["in_at"] if row["out_at"] and row["in_at"] else timedelta()
    return SessionStep(
        workday=row["workday"],
        in_at=row["in_at"],
        out_at=row["out_at"],
        rounded_in_at=row["rounded_in_at"],
        rounded_out_at=row["rounded_out_at"],
        worked_seconds=row["worked_seconds"],
        is_open=row["is_open"],
        counts=row["counts"],
        is_cut=row["counts"] and here < whole.total_seconds(),
        breaks=tuple(
            break_step(segment, rules)
            for segment in segments
            if segment["kind"] == "break" and segment["session_id"] == row["session_id"] and segment["ended_at"]
        ),
    )


def pay_step(line: Row, lineage: Rows, versions: Rows) -> PayStep:
    """A pay line with its parts."""
    parts = tuple(
        PayPart(
            seconds=row["seconds"],
            source=row["source"],
            from_at=row["from_at"],
            to_at=row["to_at"],
            start_event_id=None if row["start_event_id"] is None else str(row["start_event_id"]),
            end_event_id=None if row["end_event_id"] is None else str(row["end_event_id"]),
            reason=pay_reason(row, versions),
        )
        for row in lineage
        if row["pay_line_id"] == line["pay_line_id"]
    )
    return PayStep(
        line["pay_code"], line["source"], line["seconds"], f"{line['multiplier'].normalize():f}", line["on_top"], parts
    )


def answer_of(row: Row, versions: Rows) -> Answer:
    """A finding, with the version of its parameter that was in force on its date."""
    required, actual = row["required_minutes"], row["actual_minutes"]
    known = in_force([each for each in versions if each["policy"] == row["policy"]], row["date"]).get(row["parameter"])
    return Answer(
        rule=row["rule"],
        on_date=row["date"],
        status=row["status"],
        reason=row["reason"],
        required_minutes=None if required is None else float(required),
        actual_minutes=None if actual is None else float(actual),
        parameter=row["parameter"],
        reference=row["reference"],
        valid_from=known.valid_from if known else None,
        value=known.value if known else None,
        paid_breaks=paid_breaks(row["paid_breaks"], row["date"]),
    )


def plan(row: Row) -> Plan:
    """A scheduled shift and its outcome."""
    return Plan(row["shift_start"], row["shift_end"], row["outcome"], row["late_seconds"], row["early_leave_seconds"])
