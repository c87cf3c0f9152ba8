"""The live floor: who is expected about now, what the policies allow, and the marts' own word where the live state is gone."""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import func, select

from dashboards.filters import Filters
from dashboards.queries.people import NAME, WHO, chosen
from dashboards.queries.sums import Question
from timecontrol.policy.parameters import PARAMETERS
from timecontrol.warehouse.marts import Employee, PolicyParameter, Punch, ShiftOutcome, Site

# Shifts that begin within this are shown as expected.
SOON = timedelta(hours=2)
# Questions are asked for a quarter of an hour, so that refreshes in it are answered by the cache.
QUARTER_MINUTES = 15
# Where a policy does not set its own: what was punched longer ago says nothing of now.
LONGEST_SHIFT = timedelta(minutes=cast(int, PARAMETERS["pairing.max_shift_minutes"].default))


def quarter(now: datetime) -> datetime:
    """The quarter of an hour that has begun."""
    return now.replace(minute=now.minute - now.minute % QUARTER_MINUTES, second=0, microsecond=0)


def everyone(filters: Filters) -> Question:
    """The active employees of the filter: who, time_zone, policy."""
    return (
        select(*WHO, func.coalesce(Employee.time_zone, Site.time_zone, "UTC").label("time_zone"), Employee.policy)
        .outerjoin(Site, Site.site_id == Employee.site_id)
        .where(chosen(filters), Employee.active)
        .order_by(NAME, Employee.employee_id)
    )


def shifts(filters: Filters, now: datetime) -> Question:
    """Scheduled shifts that are under way or begin soon: employee_id, shift_start, shift_end, outcome."""
    begun = quarter(now)
    return (
        select(ShiftOutcome.employee_id, ShiftOutcome.shift_start, ShiftOutcome.shift_end, ShiftOutcome.outcome)
        .join(Employee, Employee.employee_id == ShiftOutcome.employee_id)
        .where(
            chosen(filters),
            ShiftOutcome.shift_end > begun,
            ShiftOutcome.shift_start <= begun + SOON + timedelta(minutes=QUARTER_MINUTES),
        )
        .order_by(ShiftOutcome.shift_start)
    )


def last_punches(filters: Filters, now: datetime) -> Question:
    """The last used punch of each employee within the longest shift: employee_id, taken_as, occurred_at."""
    return (
        select(Punch.employee_id, Punch.taken_as, Punch.occurred_at)
        .distinct(Punch.employee_id)
        .join(Employee, Employee.employee_id == Punch.employee_id)
        .where(chosen(filters), Punch.taken_as.is_not(None), Punch.occurred_at > quarter(now) - LONGEST_SHIFT)
        .order_by(Punch.employee_id, Punch.occurred_at.desc())
    )


def tolerances(now: datetime) -> Question:
    """What each policy allows today: policy, parameter, value (minutes), the newest version of each."""
    names = ("shift.late_grace_minutes", "shift.no_show_after_minutes")
    return (
        select(PolicyParameter.policy, PolicyParameter.parameter, PolicyParameter.value)
        .distinct(PolicyParameter.policy, PolicyParameter.parameter)
        .where(PolicyParameter.parameter.in_(names), PolicyParameter.valid_from <= now.date())
        .order_by(PolicyParameter.policy, PolicyParameter.parameter, PolicyParameter.valid_from.desc())
    )
