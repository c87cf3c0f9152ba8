"""The documents that this sink keeps for itself in Redis; their keys are in `timecontrol.serving.live_keys`."""

from functools import partial

from ingestion.sinks.live_state.badges import DeviceUser
from ingestion.sinks.live_state.documents import Kind
from ingestion.sinks.live_state.history import History
from ingestion.sinks.live_state.policies import Assignments, PolicyParameters
from ingestion.sinks.live_state.profiles import Parts
from timecontrol.serving.live_keys import (
    assignments_key,
    badges_held_key,
    device_user_key,
    history_key,
    hr_badge_key,
    pairing_key,
    parts_key,
)

#: What HR and the User Core each say of an employee, of a site.
EMPLOYEES = Kind(partial(parts_key, "employee"), Parts, Parts())
SITES = Kind(partial(parts_key, "site"), Parts, Parts())
#: Punches by the id under which they were recorded.
HISTORIES = Kind(history_key, History, History())
DEVICE_USERS = Kind(device_user_key, DeviceUser, DeviceUser())
#: The user numbers that an employee ever held.
BADGES_HELD = Kind[list[str]](badges_held_key, list[str], [])
#: The user number that a legacy row gave away, by the row's key: its delete does not say it.
HR_BADGES = Kind(hr_badge_key, str, "")
ASSIGNMENTS = Kind[Assignments](assignments_key, Assignments, {})
PAIRING = Kind[PolicyParameters](pairing_key, PolicyParameters, {})
