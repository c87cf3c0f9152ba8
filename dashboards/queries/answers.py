"""What a finding says, as every list of findings reads it: enough to tell it in words."""

from sqlalchemy import Float, cast, select

from timecontrol.serving.explain.uncounted import PAID_BREAKS
from timecontrol.warehouse.marts import Finding, PolicyParameter

#: The value of the finding's parameter that was in force on its date.
VALUE = (
    select(PolicyParameter.value)
    .where(
        PolicyParameter.policy == Finding.policy,
        PolicyParameter.parameter == Finding.parameter,
        PolicyParameter.valid_from <= Finding.on_date,
    )
    .order_by(PolicyParameter.valid_from.desc())
    .limit(1)
    .scalar_subquery()
)

#: `required` and `actual` are minutes, of consecutive days days.
ANSWER = (
    Finding.rule,
    Finding.on_date.label("date"),
    Finding.status,
    Finding.reason,
    cast(Finding.required_minutes, Float).label("required"),
    cast(Finding.actual_minutes, Float).label("actual"),
    Finding.policy,
    Finding.parameter,
    Finding.reference,
    VALUE.label("value"),
    PAID_BREAKS,
)
