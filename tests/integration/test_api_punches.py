"""Punches over HTTP, until they are rows: once, whatever is repeated, refused, or down."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.integration.api_client import NEEDED, Api, client, event_id, new_id
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.serving.buffer import buffer_status
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


def rows(settings: Settings, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connect(settings, "operator") as connection:
        return connection.execute(sql.encode(), values).fetchall()


def punches(settings: Settings, employee_id: str) -> list[tuple[str, str]]:
    return [
        (str(found), kind)
        for found, kind in rows(
            settings, "select event_id, kind from raw.punches where employee_id = %s order by occurred_at", employee_id
        )
    ]


def punch(employee_id: str, kind: str = "clock_in", minute: int = 0, **more: object) -> dict[str, Any]:
    occurred = datetime(2026, 5, 4, 8, minute, tzinfo=UTC).isoformat()
    return {"event_id": event_id(), "employee_id": employee_id, "kind": kind, "occurred_at": occurred} | more


@contextmanager
def down(stack: RunningStack, *names: str) -> Iterator[None]:
    stack.down(list(names))
    try:
        yield
    finally:
        stack.up(list(names))


def test_a_punch_is_recorded_once_however_often_it_is_sent(api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device("T7")
    body = punch(employee)
    answers = [device.post("/v1/punches", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert answers[0].json()["event_id"] == body["event_id"]
    eventually(lambda: buffer_status(settings).entries == 0)
    assert punches(settings, employee) == [(body["event_id"], "clock_in")]
    [(device_id, site_id, origin)] = rows(
        settings, "select device_id, site_id, origin from raw.punches where employee_id = %s", employee
    )
    assert (device_id, site_id) == ("T7", "TST")
    assert origin.startswith("api:")


def test_what_is_accepted_stands_in_the_journal(api: Api, settings: Settings) -> None:
    body = punch(new_id("E"))
    api.device().post("/v1/punches", json=body).raise_for_status()
    journal = sorted((settings.home / "journal").glob("acceptances-*.jsonl"))[-1]
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [body["event_id"]] in [line["event_ids"] for line in lines]


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        (b'{"kind": "clock_in"', "malformed_json", None),
        (b"\xff\xfe\x00", "malformed_json", None),
        (b"", "malformed_json", None),
        (
            json.dumps({"employee_id": "E1", "kind": "lunch", "occurred_at": "2026-05-04T08:00:00Z"}),
            "invalid_field",
            "kind",
        ),
        (
            json.dumps({"employee_id": "E1", "kind": "clock_in", "occurred_at": "1999-05-04T08:00:00Z"}),
            "before_2000",
            "occurred_at",
        ),
        (
            json.dumps({"employee_id": "E1", "kind": "clock_in", "occurred_at": "2126-05-04T08:00:00Z"}),
            "far_future",
            "occurred_at",
        ),
        (
            json.dumps({"employee_id": "E1", "kind": "clock_in", "occurred_at": "2026-05-04T08:00:00"}),
            "invalid_field",
            "occurred_at",
        ),
        (json.dumps(punch("E1", supersedes=event_id())), "privileged_field", "supersedes"),
        (json.dumps(punch("E1", actor="me")), "privileged_field", "actor"),
        (json.dumps(punch("E1", device_id="T" * 5000)), "invalid_field", "device_id"),
        (json.dumps(punch("E1", device_id="TST-T2")), "not_own_device", "device_id"),
        (json.dumps(punch("E1", site_id="BER")), "not_own_device", "site_id"),
    ],
)
def test_refused_punches_say_why_and_are_kept(
    api: Api, settings: Settings, content: bytes | str, code: str, field: str | None
) -> None:
    answer = api.device().post("/v1/punches", content=content)
    assert (answer.status_code, answer.json()["code"], answer.json().get("field")) == (422, code, field)
    assert answer.json()["reason"]
    assert answer.json()["advice"]
    sent = content if isinstance(content, bytes) else content.encode()
    eventually(lambda: rows(settings, "select 1 from raw.quarantine where payload = %s and code = %s", sent, code))


def test_a_body_over_the_limit_is_not_read(api: Api) -> None:
    answer = api.device().post("/v1/punches", content=b"x" * 5_000_001)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_device_id_of_a_megabyte_is_kept_in_pieces(api: Api, settings: Settings) -> None:
    content = json.dumps(punch("E1", device_id=new_id("T").ljust(1_048_576, "x"))).encode()
    answer = api.device().post("/v1/punches", content=content)
    assert (answer.status_code, answer.json()["code"]) == (422, "too_large")

    def kept() -> bool:
        pieces = rows(
            settings,
            "select payload from raw.quarantine where code = 'too_large' and payload in (%s, %s) order by length(payload) desc",
            content[:900_000],
            content[900_000:],
        )
        return b"".join(bytes(piece) for (piece,) in pieces) == content

    eventually(kept)


def test_a_batch_is_judged_item_by_item(api: Api, settings: Settings) -> None:
    employee = new_id("E")
    items: list[object] = [punch(employee, minute=minute) for minute in range(3)]
    wrong = punch(employee, kind=new_id("kind"))
    answer = api.device().post("/v1/punches/batch", json=[*items[:2], wrong, 7, items[2]])
    body = answer.json()
    assert (answer.status_code, body["accepted"], body["refused"]) == (202, 3, 2)
    assert [(line["status"], line.get("code")) for line in body["results"]] == [
        ("accepted", None),
        ("accepted", None),
        ("refused", "invalid_field"),
        ("refused", "malformed_json"),
        ("accepted", None),
    ]
    eventually(lambda: len(punches(settings, employee)) == 3)
    eventually(
        lambda: rows(settings, "select 1 from raw.quarantine where position(%s in payload) > 0", wrong["kind"].encode())
    )


def test_a_batch_of_five_thousand_is_one_entry_and_one_more_is_too_many(api: Api, settings: Settings) -> None:
    employee = new_id("E")
    items = [punch(employee, minute=number % 60) for number in range(5000)]
    answer = api.device().post("/v1/punches/batch", json=items)
    assert (answer.status_code, answer.json()["accepted"]) == (202, 5000)
    eventually(lambda: len(punches(settings, employee)) == 5000)
    refused = api.device().post("/v1/punches/batch", json=[{}] * 5001)
    assert (refused.status_code, refused.json()["code"]) == (422, "too_many")


def test_a_wrong_state_is_accepted_with_a_warning(api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device()
    now = datetime.now(UTC)
    first = device.post("/v1/punches", json=punch(employee) | {"occurred_at": (now - timedelta(hours=1)).isoformat()})
    assert first.json()["warnings"] == []
    reader = api.person("hr")
    eventually(lambda: reader.get(f"/v1/employees/{employee}/state").json()["state"] == "in")
    odd = device.post("/v1/punches", json=punch(employee, "break_end") | {"occurred_at": now.isoformat()})
    assert odd.status_code == 202
    assert odd.json()["warnings"][0].startswith("No break is open.")
    eventually(lambda: len(punches(settings, employee)) == 2)


def test_a_persons_punch_counts_by_our_time_and_a_repeat_is_the_same(api: Api, settings: Settings) -> None:
    employee = new_id("E")
    person = api.person("employee", employee_id=employee)
    hour_off = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    body = {"event_id": event_id(), "kind": "clock_in", "occurred_at": hour_off}
    first = person.post("/v1/punches", json=body)
    repeat = person.post("/v1/punches", json=body | {"attributes": {"offline": True}})
    assert first.status_code == repeat.status_code == 202
    assert first.json()["occurred_at"] == repeat.json()["occurred_at"]
    assert abs(datetime.fromisoformat(first.json()["occurred_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    eventually(lambda: buffer_status(settings).entries == 0)
    [(source, attributes)] = rows(
        settings, "select source, attributes from raw.punches where event_id = %s", UUID(body["event_id"])
    )
    assert source == "web_clock"
    assert abs(attributes["clock_drift_seconds"] - 3600) < 60
    assert rows(settings, "select 1 from raw.quarantine where headers::text like %s", f"%{body['event_id']}%") == []


def test_a_device_that_is_ahead_is_marked_and_its_repeat_is_the_same(api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device()
    body = punch(employee) | {"occurred_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat()}
    assert device.post("/v1/punches", json=body).status_code == 202
    eventually(lambda: len(punches(settings, employee)) == 1)
    # Long enough for the measured seconds to differ.
    eventually(
        lambda: datetime.now(UTC) > datetime.fromisoformat(body["occurred_at"]) - timedelta(minutes=59, seconds=58)
    )
    assert device.post("/v1/punches", json=body).status_code == 202
    eventually(lambda: buffer_status(settings).entries == 0)
    [(attributes,)] = rows(settings, "select attributes from raw.punches where employee_id = %s", employee)
    assert abs(attributes["clock_drift_seconds"] - 3600) < 60
    assert rows(settings, "select 1 from raw.quarantine where record_key = %s", employee.encode()) == []


def test_people_punch_for_themselves_only(api: Api) -> None:
    answer = api.person("employee", employee_id=new_id("E")).post("/v1/punches", json=punch("somebody else"))
    assert (answer.status_code, answer.json()["code"]) == (422, "not_own_punch")
    office = api.person("hr").post("/v1/punches", json=punch("somebody"))
    assert office.status_code == 403


def test_a_revoked_token_is_refused(api: Api, settings: Settings) -> None:
    issued = api.admin.post("/v1/devices/T8/tokens", json={}).json()
    device = client(settings, issued["token"])
    assert device.post("/v1/punches", json=punch("E1")).status_code == 202
    assert api.admin.delete(f"/v1/tokens/{issued['token_id']}").status_code == 204
    assert device.post("/v1/punches", json=punch("E1")).status_code == 401
    assert client(settings, issued["token"][:-3] + "abc").get("/v1/me").status_code == 401
    assert client(settings).post("/v1/punches", json=punch("E1")).status_code == 401


def test_punches_go_to_kafka_while_the_write_redis_is_down(stack: RunningStack, api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device()
    with down(stack, "write_redis"):
        assert device.post("/v1/punches", json=punch(employee)).status_code == 202
        batch = device.post("/v1/punches/batch", json=[punch(employee, minute=1), punch(employee, minute=2)])
        assert batch.status_code == 202
    eventually(lambda: len(punches(settings, employee)) == 3)


def test_with_both_down_the_client_keeps_the_punch(stack: RunningStack, api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device()
    body = punch(employee)
    with down(stack, "write_redis", "kafka"):
        answer = device.post("/v1/punches", json=body)
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
    eventually(lambda: device.post("/v1/punches", json=body).status_code == 202)
    eventually(lambda: punches(settings, employee) == [(body["event_id"], "clock_in")], timeout=60)


def test_punches_are_accepted_while_postgres_is_down(stack: RunningStack, api: Api, settings: Settings) -> None:
    employee, device = new_id("E"), api.device()
    me = api.person("employee", employee_id=employee)
    bodies = [punch(employee, minute=minute) for minute in range(3)]
    device.post("/v1/punches", json=bodies[0]).raise_for_status()
    with down(stack, "postgres"):
        assert me.get("/v1/me/state").status_code == 200
        # By its signature a token is good for capture only: nobody can say that it was not taken back.
        eventually(lambda: [who.get("/v1/me").status_code for who in (api.admin, device, me)] == [503] * 3)
        assert [device.post("/v1/punches", json=body).status_code for body in bodies[1:]] == [202, 202]
        assert client(settings).get("/health/live").status_code == 200
        assert client(settings).get("/health/ready").status_code == 503
    eventually(lambda: len(punches(settings, employee)) == 3, timeout=60)
