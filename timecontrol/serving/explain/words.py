"""Durations, local times, names and values of the data, as people say them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

# A clock change this near makes a time of day without its zone ambiguous, or the hours between two of them seem wrong.
NEAR = timedelta(days=1)


@dataclass(frozen=True)
class Wall:
    """The clock on the wall of a workday's site."""

    day: date
    zone: ZoneInfo

    def clock(self, at: datetime) -> str:
        """A local time: seconds where there are any, the date where it is another, the zone near a clock change."""
        local = at.astimezone(self.zone)
        said = f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"
        if changes_near(at, self.zone):
            said += f" {zone_name(local)}"
        return said if local.date() == self.day else f"{said} ({local:%a} {local.day} {local:%b})"

    def span(self, start: datetime, end: datetime) -> str:
        """From when to when."""
        return f"{self.clock(start)} – {self.clock(end)}"


def changes_near(at: datetime, zone: ZoneInfo) -> bool:
    """Whether the clocks change within a day before or after the instant."""
    return (at - NEAR).astimezone(zone).utcoffset() != (at + NEAR).astimezone(zone).utcoffset()


def zone_name(local: datetime) -> str:
    """`CEST`; `UTC+03` where the zone has no name of its own."""
    name = local.tzname() or ""
    return f"UTC{name}" if name.startswith(("+", "-")) else name


def duration(seconds: int) -> str:
    """Seconds as a person says them: `8 h 05 min`, `26 min`, `-12 s`."""
    sign = "-" if seconds < 0 else ""
    whole_minutes, rest = divmod(abs(seconds), 60)
    hours, minutes = divmod(whole_minutes, 60)
    parts = [f"{hours} h"] if hours else []
    if minutes:
        parts.append(f"{minutes:02d} min" if hours else f"{minutes} min")
    if rest:
        parts.append(f"{rest} s")
    return sign + (" ".join(parts) or "0 min")


def break_name(kind: str) -> str:
    """What a break of this type is called."""
    return "sleep" if kind == "sleep" else f"{kind} break"


def words(name: str) -> str:
    """A name of the data as words."""
    return name.replace("_", " ")


# Endings of parameters and keys that are durations, in seconds.
UNITS = {"minutes": 60, "seconds": 1}
# What leads to a pay code is said before it, and where something begins before where it ends.
SAID_LAST = ("to", "pay_code", "then_pay_code")


def value_words(value: Any, name: str = "") -> str:  # noqa: ANN401  values of parameters are JSON of any shape
    """The value of the parameter or key `name`, whose ending is its unit: `over 8 h, pay code overtime_150; over 12 h, …`."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (key in SAID_LAST, SAID_LAST.index(key) if key in SAID_LAST else 0))
        return ", ".join(f"{words(without_unit(key))} {value_words(value[key], key)}".strip() for key in keys)
    if isinstance(value, list):
        between = "; " if any(isinstance(part, dict) for part in value) else ", "
        return between.join(value_words(part) for part in value) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    unit = next((seconds for ending, seconds in UNITS.items() if name.endswith(ending)), None)
    if unit is not None and isinstance(value, (int, float)):
        return duration(round(value * unit))
    return f"{value:g}" if isinstance(value, float) else str(value)


def without_unit(key: str) -> str:
    """`over_minutes` without what its value says itself; `counts_paid` as it is."""
    return next((key.removesuffix(ending).rstrip("_") for ending in UNITS if key.endswith(ending)), key)
