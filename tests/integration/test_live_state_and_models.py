"""The live state is what the models say: the same random punches, corrections, badges and policies through both."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from redis import Redis

from ingestion.sinks.live_state.store import LiveStateStore
from ingestion.sinks.records import PartitionId, PositionMoved, Record, Run
from tests.capture import new_id, query
from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from tests.seeds import seeds
from timecontrol.clock import FixedClock
from timecontrol.contracts import core_change, punch
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.contracts.record import signed_headers
from timecontrol.serving.compute import run
from timecontrol.serving.live_keys import live_key
from timecontrol.settings import Settings

START = datetime(2026, 10, 5, tzinfo=UTC)
NOW = START + timedelta(days=6)

POLICIES: dict[str, dict[str, object]] = {
    "plain": {},
    "alternating": {"pairing.direction": "alternate", "pairing.new_shift_after_gap_minutes": 90},
    "patient": {
        "pairing.repeat_within_seconds": 900,
        "pairing.in_after_in": "repeat",
        "pairing.out_after_out": "repeat",
    },
    "short": {"pairing.max_shift_minutes": 300.5, "pairing.new_shift_after_gap_minutes": 30},
}
KINDS = ("clock_in", "clock_out", "break_start", "break_end", "unknown")

# Who is in, by the models: the last used punch of the last worked shift that no later punch has left behind.
STATES = """
select distinct on (punches.employee_id)
    punches.employee_id,
    case
        when not shifts.is_open or shifts.is_cut then 'out'
        when punches.taken_as = 'break_start' then 'break'
        else 'in'
    end as state,
    punches.event_id,
    case
        when shifts.is_open and not shifts.is_cut then shifts.first_at + make_interval(secs => shifts.max_shift_seconds)
    end as counts_until
from intermediate.int_punches as punches
inner join intermediate.int_worked_shifts as shifts on punches.worked_shift_id = shifts.worked_shift_id
where punches.taken_as is not null
order by punches.employee_id, punches.at desc, punches.step desc
"""


class Both:
    """Writes each input to PostgreSQL and, as a record of its topic, to the live state."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._inputs = Inputs(settings)
        self._inputs.empty()
        self._key = settings.secrets.record_signing.get_secret_value().encode()
        self._store = LiveStateStore(redis, FixedClock(NOW), self._key)
        # A life of the topics of its own, beside that of the stack.
        self._places = {
            topic: PartitionId(f"test-{new_id()}", new_id(), topic, 0) for topic in (punch.TOPIC, core_change.TOPIC)
        }
        for place in self._places.values():
            self._store.start(place, 0)

    def end(self) -> None:
        """Say that the live state is whole again, as the sink does at the end of the topics."""
        self._store.caught_up([(place, self._next(topic)) for topic, place in self._places.items()])

    def policy(self, name: str, parameters: dict[str, object]) -> None:
        self._inputs.policy(name, parameters)
        for parameter, value in parameters.items():
            data = {"policy": name, "parameter": parameter, "valid_from": "2000-01-01", "value": value}
            self._change("policy_parameter", data)

    def assign(self, employee_id: str, policy: str, day: str) -> None:
        data = {"employee_id": employee_id, "policy": policy, "valid_from": day}
        self._inputs.add("core.policy_assignments", **data)
        self._change("policy_assignment", data)

    def badge(self, device_id: str, employee_id: str, valid_from: str, valid_to: str) -> None:
        data = {
            "device_id": device_id,
            "device_user": "7",
            "employee_id": employee_id,
            "valid_from": valid_from,
            "valid_to": valid_to,
        }
        self._inputs.add("core.badges", **data)
        self._change("badge", data)

    def punch(self, recorded_id: str, kind: str, at: datetime, **more: Any) -> UUID:  # noqa: ANN401  fields of any type
        offset = self._next(punch.TOPIC)
        details = {"source": "test", "device_id": "test"} | more
        columns = details | ({"attributes": json.dumps(details["attributes"])} if "attributes" in details else {})
        # PostgreSQL's own offsets begin elsewhere; what decides among punches of one second is their order.
        event_id = self._inputs.punch(recorded_id, kind, at, **columns)
        body = {
            "event_id": str(event_id),
            "employee_id": recorded_id,
            "kind": kind,
            "occurred_at": at.isoformat(),
            **{name: str(value) if isinstance(value, UUID) else value for name, value in details.items()},
        }
        value = json.dumps(body).encode()
        self._apply(punch.TOPIC, offset, value, signed_headers(event_id, "test", value, "core", self._key))
        return event_id

    def _change(self, entity: str, data: dict[str, object]) -> None:
        value = {
            "entity": entity,
            "id": "x",
            "change": "created",
            "data": data,
            "actor": "test",
            "at": START.isoformat(),
        }
        self._apply(core_change.TOPIC, self._next(core_change.TOPIC), json.dumps(value).encode(), [])

    def _next(self, topic: str) -> int:
        position = self._store.position(self._places[topic])
        assert position is not None
        return position.offset

    def _apply(self, topic: str, offset: int, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        appended_ms = int((NOW + timedelta(days=1)).timestamp() * 1000)
        record = Record(topic, 0, offset, None, value, headers, appended_ms)
        while True:
            try:
                return self._store.apply([Run(self._places[topic], offset, [record])])
            except PositionMoved:
                # The stack's own sink was taking in a policy that the database announces; the loop would read again.
                continue


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("postgres", "read_redis")


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    address = settings.read_redis
    password = settings.secrets.redis["app"].get_secret_value()
    with Redis(host=address.host, port=address.port, username="app", password=password) as client:
        yield client


@pytest.fixture
def both(settings: Settings, redis: Redis) -> Iterator[Both]:
    made = Both(settings, redis)
    yield made
    # Without it no later test of this stack would be told a state.
    made.end()


def a_week(both: Both, chance: random.Random, recorded_ids: list[tuple[str, dict[str, Any]]]) -> None:
    """Up to 40 punches in six days, many close together, late and out of order; then corrections and voids of them."""
    events: list[tuple[UUID, str, str, datetime, dict[str, Any]]] = []

    def make(recorded_id: str, details: dict[str, Any], kind: str, at: datetime, **more: UUID) -> None:
        events.append((both.punch(recorded_id, kind, at, **details, **more), recorded_id, kind, at, details))

    at = START + timedelta(hours=chance.randint(0, 10))
    moments = []
    for _ in range(chance.randint(1, 30)):
        at += timedelta(
            seconds=chance.choice([0, 0.4, 1, 45, 60, 61, 600, 1800, 5400, 9000, 14_399, 14_400, 28_800, 57_601])
        )
        moments.append(at)
    if chance.random() < 0.3:
        chance.shuffle(moments)
    for moment in moments:
        recorded_id, details = chance.choice(recorded_ids)
        make(recorded_id, details, chance.choice(KINDS), moment)
    for _ in range(chance.choice([0, 0, 1, 3, 6])):
        event_id, recorded_id, kind, at, details = chance.choice(events)
        if chance.random() < 0.5:
            make(recorded_id, details, kind, at, voids=event_id)
        else:
            moved = at + timedelta(minutes=chance.choice([-300, -5, 0, 20, 400]))
            make(recorded_id, details, chance.choice(KINDS), moved, supersedes=event_id)


@pytest.mark.parametrize("seed", seeds(20261124))
def test_the_live_state_is_what_the_models_say(settings: Settings, redis: Redis, both: Both, seed: int) -> None:
    chance, mark = random.Random(seed), new_id()
    names = {policy: f"{policy}-{mark}" for policy in POLICIES}
    for policy, parameters in POLICIES.items():
        both.policy(names[policy], parameters)
    people = [f"p{number}-{mark}" for number in range(60)]
    for number, who in enumerate(people):
        device = f"T{number}-{mark}"
        badge = (badge_employee_id(device, "7"), {"device_id": device, "attributes": {"device_user": "7"}})
        gives_badges = chance.random() < 0.5
        steps = [lambda ids=[(who, {}), badge][: 1 + gives_badges]: a_week(both, chance, ids)]
        steps += [
            lambda who=who, day=day: both.assign(who, names[chance.choice(list(POLICIES))], day)
            for day in chance.sample(["-infinity", "2026-10-07", "2026-10-09"], chance.randint(0, 2))
        ]
        if gives_badges:
            steps.append(lambda who=who, device=device: both.badge(device, who, "-infinity", "2026-10-08T00:00:00Z"))
            other = chance.choice(people)
            steps.append(lambda o=other, device=device: both.badge(device, o, "2026-10-08T12:00:00Z", "infinity"))
        chance.shuffle(steps)
        for step in steps:
            step()
    run(settings, reason="test", clock=FixedClock(NOW))
    expected = {who: (state, str(event_id), until) for who, state, event_id, until in query(settings, STATES)}
    assert len(expected) > 50
    found = {}
    for who in expected:
        fields = {name.decode(): value.decode() for name, value in redis.hgetall(live_key(who)).items()}
        until = datetime.fromisoformat(fields["counts_until"]) if fields.get("counts_until") else None
        found[who] = (fields.get("state"), fields.get("event_id"), until and until.replace(microsecond=0))
    assert {who: (found[who], expected[who]) for who in expected if found[who] != expected[who]} == {}
    assert {state for state, _, _ in expected.values()} == {"in", "break", "out"}
