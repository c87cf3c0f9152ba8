"""What tests of the live state share: what goes into the topics, and what the Read Redis shows."""

import json
from typing import Any, cast

from redis import Redis

from tests.capture import as_value, event, produce, signed
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.serving.live_keys import live_key, present_key, profile_key
from timecontrol.settings import Settings


def live(redis: Redis, employee_id: str) -> dict[str, str]:
    return cast(dict[str, str], redis.hgetall(live_key(employee_id)))


def present(redis: Redis, site_id: str) -> dict[str, float]:
    return dict(cast(list[tuple[str, float]], redis.zrange(present_key(site_id), 0, -1, withscores=True)))


def punch(settings: Settings, who: str, kind: str, number: int, **changes: object) -> str:
    body = event(who, number, kind=kind, **changes)
    produce(settings, [as_value(body)], key=who)
    return str(body["event_id"])


def has_state(redis: Redis, who: str, state: str, last: str) -> bool:
    found = live(redis, who)
    return found.get("state") == state and found.get("event_id") == last


def correction(settings: Settings, who: str, kind: str, number: int, **changes: object) -> str:
    """A correction or a void, as the User Core approves it."""
    body = event(who, number, kind=kind, actor="manager", **changes)
    value = as_value(body)
    produce(settings, [value], key=who, headers=signed(settings, value, body["event_id"], "core"), user="outbox")
    return str(body["event_id"])


def badge_punch(settings: Settings, device: str, kind: str, number: int, **changes: object) -> str:
    """A punch of user 7 of a device, which knows no employees."""
    details = {"device_id": device, "attributes": {"device_user": "7"}} | changes
    return punch(settings, badge_employee_id(device, "7"), kind, number, **details)


def give_badge(
    settings: Settings, device: str, who: str, valid_from: str = "-infinity", change: str = "created"
) -> None:
    data = {
        "device_id": device,
        "device_user": "7",
        "employee_id": who,
        "valid_from": valid_from,
        "valid_to": "infinity",
    }
    core(settings, "badge", f"{device}/7", change, data)


def hr(
    settings: Settings, op: str, key: str, row: dict[str, Any] | None, snapshot_id: str, table: str = "employees"
) -> None:
    change = {
        "table": table,
        "row_key": json.dumps([key]) if key else "",
        "op": op,
        "row": row,
        "gtid": "0-1-1",
        "row_number": 1,
        "snapshot_id": snapshot_id,
        "changed_at": "2026-03-02T08:00:00Z",
    }
    produce(settings, [as_value(change)], key=f"{table}:{key}", user="replicator", topic="hr.changes.v1", partition=0)


def core(settings: Settings, entity: str, identity: str, change: str, data: dict[str, Any]) -> None:
    value = {
        "entity": entity,
        "id": identity,
        "change": change,
        "data": data,
        "actor": "test",
        "at": "2026-03-02T08:00:00Z",
    }
    produce(settings, [as_value(value)], key=f"{entity}:{identity}", user="outbox", topic="core.changes.v1")


def profile(redis: Redis, who: str) -> dict[str, str]:
    return cast(dict[str, str], redis.hgetall(profile_key(who)))


def operator(settings: Settings) -> Redis:
    """The Read Redis as who looks after it sees it."""
    address = settings.read_redis
    password = settings.secrets.redis["operator"].get_secret_value()
    return Redis(host=address.host, port=address.port, username="operator", password=password, decode_responses=True)
