"""Punches into histories; and for everybody touched the state that follows: `live:` and `present:`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from ingestion.sinks.live_state.commands import Command, Reader
from ingestion.sinks.live_state.documents import Documents
from ingestion.sinks.live_state.history import RecentPunch, in_order, replaced, with_events
from ingestion.sinks.live_state.identities import recorded_ids, remember_badge, sharers, user_numbers
from ingestion.sinks.live_state.kinds import (
    ASSIGNMENTS,
    BADGES_HELD,
    DEVICE_USERS,
    EMPLOYEES,
    HISTORIES,
    PAIRING,
    SITES,
)
from ingestion.sinks.live_state.pairing import LiveState, Rules, state_after
from ingestion.sinks.live_state.people import Touched
from ingestion.sinks.live_state.policies import known_zone, rules_of
from ingestion.sinks.live_state.profiles import as_text, hr_policy, profile
from timecontrol.contracts.badges import BADGE_PREFIX, BadgeTable
from timecontrol.contracts.punch import Punch
from timecontrol.serving.live_keys import (
    PRESENT_AT_KEY,
    PRESENT_SITES_KEY,
    live_key,
    policy_people_key,
    present_key,
)


def project_punches(known: Documents, touched: Touched, arrived: Mapping[str, Sequence[tuple[Punch, int]]]) -> None:
    """Take in punches (each with its offset) by the id under which they were recorded."""
    known.load(HISTORIES, arrived)
    for recorded_id, events in arrived.items():
        known.put(HISTORIES, recorded_id, with_events(known.get(HISTORIES, recorded_id), events))
        touched.people.add(recorded_id)
        if recorded_id.startswith(BADGE_PREFIX):
            touched.people |= remember_badge(known, recorded_id)
        elif any(event.supersedes or event.voids for event, _ in events):
            # It may replace a punch that was recorded under a badge, which may be another's by now.
            touched.people |= sharers(known, recorded_id)


def live_commands(reader: Reader, known: Documents, touched: Touched) -> Iterator[Command]:
    """The commands that bring everybody touched up to what is known."""
    people = set(touched.people)
    for policy in touched.policies:
        key = policy_people_key(policy)
        reader.watch([key])
        people |= {each.decode() for each in reader.smembers(key)}
    ordered = sorted(people)
    _load_all(known, ordered)
    present_at = reader.hmget(PRESENT_AT_KEY, ordered)
    for employee_id, site in zip(ordered, present_at, strict=True):
        state = _state(known, employee_id)
        yield from _commands(employee_id, state, None if site is None else site.decode())


def _load_all(known: Documents, people: Sequence[str]) -> None:
    """Everything that the states of these people follow from, in few round trips."""
    known.load(EMPLOYEES, people)
    known.load(ASSIGNMENTS, people)
    known.load(BADGES_HELD, people)
    known.load(HISTORIES, people)
    known.load(DEVICE_USERS, (user for person in people for user in user_numbers(known, person)))
    known.load(HISTORIES, (each for person in people for each in recorded_ids(known, person) | sharers(known, person)))
    known.load(PAIRING, (policy for person in people for policy in _policies(known, person)))


def _state(known: Documents, employee_id: str) -> LiveState | None:
    """The state of one person; None when no punch is theirs."""

    def is_theirs(punch: RecentPunch, recorded_id: str) -> bool:
        if not recorded_id.startswith(BADGE_PREFIX):
            return recorded_id == employee_id
        return (holder(punch) or recorded_id) == employee_id

    @cache
    def table(device_user: str) -> BadgeTable:
        return known.get(DEVICE_USERS, device_user).table()

    def holder(punch: RecentPunch) -> str | None:
        if punch.device_user is None:
            return None
        return table(punch.device_user).holder(punch.device_id, punch.device_user, punch.occurred_at)

    own = recorded_ids(known, employee_id)
    gone = replaced(
        each
        for recorded_id in own | sharers(known, employee_id)
        for each in known.get(HISTORIES, recorded_id).replacements
    )
    punches = [
        punch
        for recorded_id in own
        for punch in known.get(HISTORIES, recorded_id).punches
        if is_theirs(punch, recorded_id)
    ]
    if not punches:
        return None
    in_force = in_order(punch for punch in punches if punch.event_id not in gone)
    return state_after(in_force, _rules(known, employee_id))


def _policies(known: Documents, employee_id: str) -> list[str]:
    named = [*known.get(ASSIGNMENTS, employee_id).values(), _hr_policy(known, employee_id)]
    return [policy for policy in named if policy is not None]


def _hr_policy(known: Documents, employee_id: str) -> str | None:
    return hr_policy(known.get(EMPLOYEES, employee_id).hr)


def _rules(known: Documents, employee_id: str) -> Rules:
    def zone_on(day: date) -> ZoneInfo:
        person = profile("employee", known.get(EMPLOYEES, employee_id), day)
        site = profile("site", known.get(SITES, person["site_id"]), day)
        return known_zone(person["time_zone"]) or known_zone(site["time_zone"]) or ZoneInfo("UTC")

    policies = {policy: known.get(PAIRING, policy) for policy in _policies(known, employee_id)}
    return rules_of(known.get(ASSIGNMENTS, employee_id), _hr_policy(known, employee_id), policies, zone_on)


def _commands(employee_id: str, state: LiveState | None, present_at: str | None) -> Iterator[Command]:
    site_id = site_of(state) if state and state.state != "out" else None
    if present_at is not None and present_at != site_id:
        yield "ZREM", present_key(present_at), employee_id
        yield "HDEL", PRESENT_AT_KEY, employee_id
    if state is None:
        yield "DEL", live_key(employee_id)
        return
    yield "HSET", live_key(employee_id), *(each for pair in live_fields(state).items() for each in pair)
    if site_id is not None and state.since is not None:
        yield "ZADD", present_key(site_id), state.since.timestamp(), employee_id
        yield "SADD", PRESENT_SITES_KEY, site_id
        yield "HSET", PRESENT_AT_KEY, employee_id, site_id


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
        "counts_until": state.counts_until.isoformat() if state.counts_until else "",
        "break_type": (last.break_type or "meal") if last and state.state == "break" else "",
        "site_id": site_of(state),
        "device_id": last.device_id if last else "",
        "source": last.source if last else "",
        "event_id": as_text(last.event_id if last else None),
        "kind": last.kind if last else "",
        "occurred_at": last.occurred_at.isoformat() if last else "",
    }
