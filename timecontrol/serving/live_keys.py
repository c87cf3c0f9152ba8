"""Names and fields of what the live state sink keeps in the Read Redis; owners and lives are in docs/redis-live-keys.md.

Employee and site ids are free text, so each pattern is a prefix of its own and the id is all that follows it.
"""

from typing import Literal

LiveStateName = Literal["in", "break", "out"]

#: Set of every site id (bytes) at which anybody was ever present; the empty id stands for punches without a site.
PRESENT_SITES_KEY = "present_sites"
#: Hash of everybody who is in or on break: the site whose `present:` set they are in; the sink's own.
PRESENT_AT_KEY = "present_at"
#: Set of the ids of every site with a `site:` hash.
SITES_KEY = "sites"
#: There while the live state is whole: the sink has read everything that was in the topics when it began. Without it a
#: key that is missing says nothing.
LIVE_STATE_WHOLE_KEY = "live_state_whole"


def live_key(employee_id: str) -> str:
    """Hash of one employee's present state; see the table of docs/redis-live-keys.md."""
    return f"live:{employee_id}"


def history_key(recorded_id: str) -> str:
    """The newest punches recorded under one id (JSON), an employee's or a badge's; the sink's own."""
    return f"history:{recorded_id}"


def device_user_key(device_user: str) -> str:
    """Who holds a user number of devices, and under which ids its punches came (JSON); the sink's own."""
    return f"device_user:{device_user}"


def badges_held_key(employee_id: str) -> str:
    """The user numbers that an employee ever held (JSON); the sink's own."""
    return f"badges_held:{employee_id}"


def hr_badge_key(row_key: str) -> str:
    """The user number that a row of the legacy badge table gives away (JSON); the sink's own."""
    return f"hr_badge:{row_key}"


def assignments_key(employee_id: str) -> str:
    """The policies of an employee by date (JSON); the sink's own."""
    return f"assignments:{employee_id}"


def pairing_key(policy: str) -> str:
    """The pairing parameters of a policy by date (JSON); the sink's own."""
    return f"pairing:{policy}"


def policy_people_key(policy: str) -> str:
    """Set of the employees who ever had a policy; the sink's own."""
    return f"policy_people:{policy}"


def present_key(site_id: str) -> str:
    """Sorted set of the employees who are in or on break at a site; the score is since when, seconds since 1970 UTC."""
    return f"present:{site_id}"


def profile_key(employee_id: str) -> str:
    """Hash of what HR and the User Core say about one employee."""
    return f"profile:{employee_id}"


def site_key(site_id: str) -> str:
    """Hash of a site's name and time zone."""
    return f"site:{site_id}"


def parts_key(entity: str, identity: str) -> str:
    """What HR and the User Core say of an employee or a site (JSON), from which the profile follows; the sink's own."""
    return f"parts_{entity}:{identity}"


def hr_rows_key(partition: int) -> str:
    """Hash of the legacy rows in a partition of `hr.changes.v1` by the snapshot that named them; the sink's own."""
    return f"hr_rows:{partition}"


def hr_snapshot_key(partition: int) -> str:
    """The latest snapshot seen in a partition of `hr.changes.v1`; the sink's own."""
    return f"hr_snapshot:{partition}"


def live_position_key(cluster_id: str, topic_id: str, partition: int) -> str:
    """The next offset that the live state sink reads of a partition, written with the data; the sink's own.

    The number is that of the format of what is kept: positions of another one are as if there were none, and the sink
    reads everything again.
    """
    return f"live_position_2:{cluster_id}:{topic_id}:{partition}"
