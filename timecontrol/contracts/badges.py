"""Device users: how a device's own user number becomes an employee, by the dated badge table.

A device knows user numbers, not employees. Its punches carry `badge:<device>:<user>` as employee until a reader
resolves it with the table of that moment, so a badge that is entered late or corrected joins old punches too.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

BADGE_PREFIX = "badge:"
#: In place of a device: the row holds for every device without a row of its own for that user and instant.
ANY_DEVICE = "*"


@dataclass(frozen=True)
class Badge:
    """A user number of a device belongs to an employee from `valid_from` until before `valid_to` (None: still)."""

    device_id: str
    device_user: str
    employee_id: str
    valid_from: datetime | None
    valid_to: datetime | None

    def holds_at(self, instant: datetime) -> bool:
        """Whether the row counts at this instant."""
        return (self.valid_from is None or self.valid_from <= instant) and (
            self.valid_to is None or instant < self.valid_to
        )


def badge_employee_id(device_id: str, device_user: str) -> str:
    """The employee id of a punch whose employee only the device knows."""
    return f"{BADGE_PREFIX}{device_id}:{device_user}"


class BadgeTable:
    """All badges, ready to be asked; of several rows that hold, the later `valid_from` counts, then the one given first."""

    def __init__(self, badges: Iterable[Badge]) -> None:
        self._rows: dict[tuple[str, str], list[Badge]] = defaultdict(list)
        for badge in badges:
            self._rows[badge.device_id, badge.device_user].append(badge)

    def holder(self, device_id: str, device_user: str, instant: datetime) -> str | None:
        """The employee who held the user number on the device at the instant; None when nobody is known to."""
        for device in (device_id, ANY_DEVICE):
            found = [badge for badge in self._rows.get((device, device_user), ()) if badge.holds_at(instant)]
            if found:
                return max(
                    found, key=lambda badge: badge.valid_from.timestamp() if badge.valid_from else float("-inf")
                ).employee_id
        return None
