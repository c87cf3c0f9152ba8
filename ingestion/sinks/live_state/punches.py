"""Punches into the live state: `live:`, `recent:` and `present:` of each employee who punched."""

from collections.abc import Mapping, Sequence

import msgspec

from ingestion.sinks.live_state.commands import Command, Reader
from ingestion.sinks.live_state.profiles import as_text
from ingestion.sinks.live_state.state import LiveState, RecentPunch, merged, state_of
from timecontrol.serving.live_keys import PRESENT_SITES_KEY, live_key, present_key, recent_key

_decoder = msgspec.json.Decoder(list[RecentPunch])


def project_punches(reader: Reader, arrived: Mapping[str, Sequence[RecentPunch]]) -> list[Command]:
    """The commands that bring the state of each employee up to these punches, which are by employee."""
    employees = list(arrived)
    stored = reader.mget([recent_key(employee) for employee in employees])
    commands: list[Command] = []
    for employee, raw in zip(employees, stored, strict=True):
        kept = _decoder.decode(raw) if raw is not None else []
        punches = merged(kept, arrived[employee])
        if punches != kept:
            commands += _commands(employee, state_of(kept), punches)
    return commands


def _commands(employee: str, before: LiveState, punches: Sequence[RecentPunch]) -> list[Command]:
    state = state_of(punches)
    fields = [each for name, value in live_fields(state).items() for each in (name, value)]
    commands: list[Command] = [
        ("SET", recent_key(employee), msgspec.json.encode(punches)),
        ("HSET", live_key(employee), *fields),
    ]
    if site_of(before) != site_of(state) or state.state == "out":
        commands.append(("ZREM", present_key(site_of(before)), employee))
    if state.state != "out" and state.since is not None:
        commands.append(("ZADD", present_key(site_of(state)), state.since.timestamp(), employee))
        commands.append(("SADD", PRESENT_SITES_KEY, site_of(state)))
    return commands


def site_of(state: LiveState) -> str:
    """The site of the punch that began the state, empty where it names none."""
    return (state.last.site_id or "") if state.last else ""


def live_fields(state: LiveState) -> dict[str, str]:
    """The hash that readers see: instants RFC 3339 in UTC, what is unknown empty."""
    last = state.last
    return {
        "state": state.state,
        "since": state.since.isoformat() if state.since else "",
        "session_since": state.session_since.isoformat() if state.session_since else "",
        "break_type": (last.break_type or "meal") if last and state.state == "break" else "",
        "site_id": site_of(state),
        "device_id": last.device_id if last else "",
        "source": last.source if last else "",
        "event_id": as_text(last.event_id if last else None),
        "kind": last.kind if last else "",
        "occurred_at": last.occurred_at.isoformat() if last else "",
    }
