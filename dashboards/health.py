"""From measures to green, amber and red in words. Pure: the thresholds and what they mean stand here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboards.words import age, plural

Light = Literal["green", "amber", "red", "unknown"]

# A sink takes tens of thousands of records a second: this many are the wake of a burst, not a fault.
LAG_BURST = 1_000
# What a sink works off in some ten seconds; more means that it stands still or is far too slow.
LAG_STANDSTILL = 50_000
# The flusher takes entries away within a second; a minute covers a restart of Kafka.
BUFFER_SECONDS = (5, 60)
# Hours are promised within a minute of the punch; after five the runs have stopped.
INPUT_SECONDS = (60, 300)
# One bad record in a thousand is what people and devices do; one in a hundred is a device or a mapping that is wrong.
QUARANTINE_SHARE = (0.001, 0.01)
# From here on a replica is not late but stopped.
REPLICA_STOPPED_FACTOR = 10

# What the supervisor says of a program that does its work, and of one that ended more often than it may.
RUNS = {"RUNNING", "EXTERNAL"}
GAVE_UP = {"FATAL", "BACKOFF", "EXITED"}

CONSUMERS = {
    "sink_postgres": "Kafka to PostgreSQL",
    "sink_live_state": "Kafka to the live board",
    "sink_archive": "Kafka to the archive (MongoDB)",
}


@dataclass(frozen=True)
class Check:
    """One line of the health page: what was measured, how it is, what it means and what to do."""

    name: str
    light: Light
    value: str
    meaning: str


def unreachable(name: str, error: str) -> Check:
    """A measure that could not be taken."""
    return Check(
        name,
        "red",
        "does not answer",
        f"{error.splitlines()[0]}. `timecontrol status` shows the server; `timecontrol stack up` starts it.",
    )


def programs(states: Mapping[str, str]) -> Check:
    """Whether every server and service runs; `states` by name as the supervisor calls them."""
    name, value = "Servers and services", f"{plural(len(states), 'program')} run"
    idle = {program: state for program, state in states.items() if state not in RUNS}
    if not idle:
        return Check(name, "green", f"all {value}", "The supervisor starts anew what ends.")
    light: Light = "red" if set(idle.values()) & GAVE_UP else "amber"
    listed = ", ".join(f"{program} ({state.lower()})" for program, state in sorted(idle.items()))
    meaning = (
        f"{listed}. `timecontrol stack up` starts what is stopped; the logs in the stack's folder say why it ended."
    )
    return Check(name, light, f"{len(idle)} of {plural(len(states), 'program')} do not run", meaning)


def lag(group: str, records: int) -> Check:
    """How far a consumer group is behind the end of its topics."""
    light: Light = "green" if records <= LAG_BURST else "amber" if records <= LAG_STANDSTILL else "red"
    meaning = {
        "green": "Keeps up.",
        "amber": "Catching up: look again in a minute.",
        "red": "Stands still or is too slow: see its log in the stack's folder, then kill it: the supervisor starts it anew.",
    }[light]
    return Check(
        CONSUMERS.get(group.rpartition(".")[2], f"Consumer {group}"),
        light,
        f"{plural(records, 'record')} behind",
        meaning,
    )


def buffer(entries: int, oldest_seconds: float | None) -> Check:
    """What waits in the Write Redis."""
    light = level(oldest_seconds or 0.0, BUFFER_SECONDS)
    value = (
        "empty"
        if oldest_seconds is None
        else f"{plural(entries, 'entry', 'entries')}, the oldest {age(oldest_seconds)}"
    )
    meaning = "Punches of the API wait here until PostgreSQL has committed them; none is lost while they wait."
    if light != "green":
        meaning += " Look at the flusher, Kafka and the PostgreSQL sink."
    return Check("Write buffer", light, value, meaning)


def replica(seconds: float | None, allowed_seconds: float) -> Check:
    """How old the replica's data are."""
    if seconds is None:
        return Check(
            "Replica",
            "red",
            "no heartbeat yet",
            "Pages read from the primary. Start the heartbeat: `timecontrol stack up`.",
        )
    light: Light = (
        "green"
        if seconds <= allowed_seconds
        else "amber"
        if seconds <= allowed_seconds * REPLICA_STOPPED_FACTOR
        else "red"
    )
    meaning = "Pages read from here." if light == "green" else "Pages read from the primary until it has caught up."
    return Check("Replica", light, f"{age(max(seconds, 0.0))} behind", meaning)


def waiting(punches: int, oldest_seconds: float | None) -> Check:
    """Captured punches that no run has read."""
    light = level(oldest_seconds or 0.0, INPUT_SECONDS)
    value = (
        "every punch is computed"
        if oldest_seconds is None
        else f"{plural(punches, 'punch', 'punches')} wait, the oldest {age(oldest_seconds)}"
    )
    meaning = "Hours follow a punch within a minute."
    if light != "green":
        meaning = "Hours are not fresh: see whether Dagster's sensor is on and its last run failed."
    return Check("From punch to hours", light, value, meaning)


def quarantine(punches: int, repeats: int, quarantined: int) -> Check:
    """The share of the last day's records that was refused."""
    records = punches + repeats + quarantined
    if records == 0:
        return Check("Quarantine", "green", "nothing came in", "No record in the last 24 hours.")
    share = quarantined / records
    meaning = f"{quarantined:,} of {records:,} records in 24 h were refused and kept; {repeats:,} repeats were counted and dropped."
    return Check("Quarantine", level(share, QUARANTINE_SHARE), f"{share:.2%} refused", meaning)


def last_run(status: str | None, seconds_ago: float | None, error: str | None) -> Check:
    """The newest run of the models."""
    if status is None:
        return Check("Last run", "amber", "none yet", "The first run makes the marts; it starts when punches arrive.")
    when = "" if seconds_ago is None else f" {age(max(seconds_ago, 0.0))} ago"
    if status == "failed":
        return Check(
            "Last run",
            "red",
            f"failed{when}",
            f"{error or 'No reason recorded'}. Pages show the results of the run before and, in part, what this one had "
            "computed already; the next run that succeeds computes that anew.",
        )
    return Check("Last run", "green", f"{status}{when}", "Runs follow the input: without new punches there is none.")


def level(value: float, limits: tuple[float, float]) -> Light:
    """Green up to the first limit, amber up to the second, red above."""
    return "green" if value <= limits[0] else "amber" if value <= limits[1] else "red"
