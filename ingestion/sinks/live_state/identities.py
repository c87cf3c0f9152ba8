"""Whose punches the recorded ids are, as far as the badge tables have ever said."""

from ingestion.sinks.live_state.badges import DeviceUser, with_recorded_id
from ingestion.sinks.live_state.documents import Documents
from ingestion.sinks.live_state.kinds import BADGES_HELD, DEVICE_USERS, HISTORIES
from timecontrol.contracts.badges import BADGE_PREFIX


def recorded_ids(known: Documents, employee_id: str) -> set[str]:
    """The ids under which punches of this person may have been recorded."""
    return {employee_id}.union(*(user.ids_of(employee_id) for user in _device_users(known, employee_id)))


def sharers(known: Documents, employee_id: str) -> set[str]:
    """Everybody who ever held a badge under which punches of this person may have been recorded."""
    own = recorded_ids(known, employee_id)
    return {
        holder
        for user in _device_users(known, employee_id)
        for recorded_id, device_id in user.recorded_ids.items()
        if recorded_id in own
        for holder in user.holders(device_id)
    }


def user_numbers(known: Documents, employee_id: str) -> list[str]:
    """The user numbers that concern a person; a badge that nobody holds stands for itself."""
    if not employee_id.startswith(BADGE_PREFIX):
        return known.get(BADGES_HELD, employee_id)
    newest = known.get(HISTORIES, employee_id).punches[-1:]
    return [punch.device_user for punch in newest if punch.device_user is not None]


def remember_badge(known: Documents, recorded_id: str) -> set[str]:
    """Let whoever holds a badge, now or later, be found; returns all who ever did. Its punches name one device and user."""
    holders: set[str] = set()
    for punch in known.get(HISTORIES, recorded_id).punches[-1:]:
        if punch.device_user is not None:
            user = with_recorded_id(known.get(DEVICE_USERS, punch.device_user), recorded_id, punch.device_id)
            known.put(DEVICE_USERS, punch.device_user, user)
            holders |= user.holders(punch.device_id)
    return holders


def _device_users(known: Documents, employee_id: str) -> list[DeviceUser]:
    return [known.get(DEVICE_USERS, user) for user in user_numbers(known, employee_id)]
