"""A ZKTeco terminal whose memory is dumped to a file: cumulative attlog dumps dropped into the watched folder."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from timecontrol.contracts.punch import PunchKind
from timecontrol.simulator.company import Site
from timecontrol.simulator.punching import PlannedPunch

# The states that ZKTeco terminals write; 255 is what they write when the user pressed no key.
STATES: dict[PunchKind, int] = {"clock_in": 0, "clock_out": 1, "break_start": 2, "break_end": 3, "unknown": 255}
# Lines no decoder can read, as a terminal with a failing memory writes them.
DAMAGED_LINES = ("1004\t2026-13-45 08:00:00\t1\t0\t1\t0", "\x00\x00\x00", "just text")
UNKNOWN_USER = "9999"


def attlog_line(user: str, local: datetime, state: int) -> str:
    """One line of an attlog file; `local` is the wall clock of the site."""
    return f"{user:>9}\t{local:%Y-%m-%d %H:%M:%S}\t1\t{state}\t1\t0"


def attlog(punches: Iterable[PlannedPunch], site: Site, *, damaged: bool) -> bytes:
    """The dump of one terminal: its punches by time, with `damaged` also unreadable lines and an unknown user."""
    ordered = sorted(punches, key=lambda punch: punch.at)
    lines = [
        attlog_line(punch.person.badge or UNKNOWN_USER, punch.at.astimezone(site.zone), STATES[punch.kind])
        for punch in ordered
    ]
    if damaged and ordered:
        lines.append(attlog_line(UNKNOWN_USER, ordered[0].at.astimezone(site.zone), 0))
        lines.extend(DAMAGED_LINES)
    return ("\n".join(lines) + "\n").encode()


def drop(inbox: Path, site: Site, content: bytes) -> Path:
    """Put the dump into the site's folder under its final name only when it is complete; returns its path."""
    folder = inbox / site.site_id / site.device_id
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / ".attlog.dat.partial"
    partial.write_bytes(content)
    target = folder / "attlog.dat"
    return partial.replace(target)
