"""From a device's wall clock to instants: repeated and skipped hours, decided by the order of the file. Pure."""

from collections.abc import Hashable
from datetime import date, datetime
from zoneinfo import ZoneInfo


class SkippedTime(ValueError):
    """The wall clock never showed this time: it was moved forward over it."""


def is_repeated(local: datetime, zone: ZoneInfo) -> bool:
    """Whether the zone's wall clock shows this naive time twice. Raises SkippedTime when it never shows it."""
    first = local.replace(tzinfo=zone, fold=0).utcoffset()
    second = local.replace(tzinfo=zone, fold=1).utcoffset()
    if first == second:
        return False
    if first is not None and second is not None and first < second:
        raise SkippedTime(f"{local.isoformat(' ')} did not exist in {zone.key}: the clock was moved forward over it")
    return True


class RepeatedHours:
    """The passes of repeated hours in one file.

    A memory is written in the order of time, so within a repeated hour a step back of the clock is its second pass.
    Show it every repeated reading in file order with `see`; when all are shown, `is_proven` tells which passes were
    guessed. `sequence` names what is in order by itself: a device's memory, or one person in a file sorted by person.
    """

    def __init__(self) -> None:
        self._latest: dict[tuple[Hashable, date], datetime] = {}
        self._stepped_back: set[tuple[Hashable, date]] = set()

    def see(self, sequence: Hashable, local: datetime) -> int:
        """The pass (0 or 1) of this repeated reading, all earlier readings of the file having been shown."""
        night = (sequence, local.date())
        if local < self._latest.get(night, local):
            self._stepped_back.add(night)
        self._latest[night] = max(local, self._latest.get(night, local))
        return int(night in self._stepped_back)

    def is_proven(self, sequence: Hashable, local: datetime) -> bool:
        """Whether the order of the whole file tells both passes of this night apart."""
        return (sequence, local.date()) in self._stepped_back
