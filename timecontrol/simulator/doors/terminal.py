"""Terminals with a Kafka client of their own: unsigned CloudEvents into `punches.v1` under the credential `terminal`."""

import json
from collections.abc import Iterable
from uuid import UUID, uuid5

from confluent_kafka import Producer

from timecontrol.contracts.errors import Transient
from timecontrol.contracts.punch import CLOUDEVENT_TYPE, TOPIC, Punch, to_json
from timecontrol.kafka_client import produce_when_room, producer_config
from timecontrol.settings import Settings
from timecontrol.simulator.punching import EVENT_NAMESPACE, PlannedPunch

# A broker on one network acknowledges within milliseconds; half a minute covers its restart.
FLUSH_SECONDS = 30
# Longer than that, so that what was not acknowledged when `send` gives up is still counted as such.
DELIVERY_TIMEOUT_MS = 120_000
# Long enough for records of many terminals to travel together.
LINGER_MS = 20


def event_of(punch: PlannedPunch, source: str) -> Punch:
    """The punch event as the site's device words it."""
    return Punch(
        event_id=punch.event_id,
        employee_id=punch.person.employee_id,
        kind=punch.kind,
        occurred_at=punch.at.astimezone(punch.person.site.zone),
        source=source,
        device_id=punch.person.site.device_id,
        site_id=punch.person.site.site_id,
        break_type=punch.break_type,
    )


def faulty_records(seed: int, sample: Punch) -> list[tuple[str, bytes]]:
    """(event id, value) of what broken terminals send: each must end in quarantine, by its own reason."""
    event = json.loads(to_json(sample))

    def changed(number: int, **changes: object) -> tuple[str, bytes]:
        event_id = str(uuid5(EVENT_NAMESPACE, f"{seed}:faulty:{number}"))
        return event_id, json.dumps(event | {"event_id": event_id} | changes).encode()

    return [
        changed(1, kind="lunch"),
        changed(2, occurred_at="2087-01-01T08:00:00Z"),
        changed(3, occurred_at="1999-06-01T08:00:00Z"),
        changed(4, device_id="T" * 5000),
        changed(5, voids=str(sample.event_id)),
        changed(6, colour="green"),
        (str(UUID(int=7)), b'{"event_id": "cut of'),
        (str(UUID(int=8)), b"\xff\xfe not UTF-8 \x00"),
        (str(sample.event_id), json.dumps(event | {"reason": "the same id with other content"}).encode()),
    ]


class TerminalDoor:
    """A fleet of terminals; `send` returns when the broker has acknowledged every record."""

    def __init__(self, settings: Settings) -> None:
        config = producer_config(settings, "terminal", linger_ms=LINGER_MS, delivery_timeout_ms=DELIVERY_TIMEOUT_MS)
        self._producer = Producer(config)

    def send(self, punches: Iterable[PlannedPunch]) -> int:
        """Produce the punches in the given order; returns how many. Raises Transient when some were not acknowledged."""
        sent = 0
        for punch in punches:
            event = event_of(punch, "terminal")
            self._produce(str(event.event_id), event.employee_id, to_json(event))
            sent += 1
        self._flush()
        return sent

    def send_faulty(self, seed: int, sample: PlannedPunch) -> int:
        """Produce one of each kind of broken record; returns how many."""
        records = faulty_records(seed, event_of(sample, "terminal"))
        for event_id, value in records:
            self._produce(event_id, sample.person.employee_id, value)
        self._flush()
        return len(records)

    def _produce(self, event_id: str, key: str, value: bytes) -> None:
        headers = [
            ("ce_specversion", b"1.0"),
            ("ce_type", CLOUDEVENT_TYPE.encode()),
            ("ce_id", event_id.encode()),
            ("ce_source", b"terminal"),
            ("content-type", b"application/json"),
        ]
        produce_when_room(self._producer, TOPIC, key=key, value=value, headers=headers)

    def _flush(self) -> None:
        unacknowledged = self._producer.flush(FLUSH_SECONDS)
        if unacknowledged:
            raise Transient(f"Kafka acknowledged all but {unacknowledged} records within {FLUSH_SECONDS} s")
