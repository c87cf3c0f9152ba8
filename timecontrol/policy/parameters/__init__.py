"""The vocabulary: one module for each group of parameters, one model for each parameter."""

from collections.abc import Mapping
from types import MappingProxyType

from timecontrol.policy.parameters import (
    breaks,
    compliance,
    day_and_week,
    exceptions,
    overtime,
    pairing,
    rounding,
    scheduled_shifts,
)
from timecontrol.policy.registry import DECLARED, Parameter

#: The groups in the order in which a reader meets them, with their titles.
GROUPS = (
    ("Day and week", day_and_week),
    ("Pairing", pairing),
    ("Rounding", rounding),
    ("Breaks", breaks),
    ("Overtime and pay", overtime),
    ("Scheduled shifts", scheduled_shifts),
    ("Exceptions", exceptions),
    ("Compliance", compliance),
)

#: Every parameter by its name.
PARAMETERS: Mapping[str, Parameter] = MappingProxyType(DECLARED)
