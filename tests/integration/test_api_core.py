"""People, plans, leave and corrections over HTTP: who may, what is refused and why, what it leaves behind."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.integration.api_client import NEEDED, Api, client, event_id, new_id
from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.policy.command import load as load_policies
from timecontrol.serving.compute import run
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect

# The first instant of Python's calendar; in UTC there is no such day.
BEGINNING = "0001-01-01T00:00:00+14:00"


@pytest.fixture(scope="module")
def settings(stack: RunningStack) -> Settings:
    return stack.require(*NEEDED)


@pytest.fixture(scope="module")
def api(settings: Settings) -> Api:
    return Api(settings)


@pytest.fixture(scope="module")
def boss(api: Api) -> httpx.Client:
    """An employee who may do everything."""
    return api.person("employee", "hr", "admin", employee_id=api.employee())


def rows(settings: Settings, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with connect(settings, "operator") as connection:
        return connection.execute(sql.encode(), values).fetchall()


def shift(employee_id: str, start: str, end: str, **more: object) -> dict[str, Any]:
    return {"employee_id": employee_id, "starts_at": start, "ends_at": end} | more


def test_people_are_made_changed_from_a_date_on_and_deleted(api: Api, settings: Settings) -> None:
    employee = api.employee(team="A")
    later = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    changed = api.admin.put(f"/v1/employees/{employee}", json={"name": "Later", "site_id": "TST", "valid_from": later})
    assert changed.status_code == 200
    assert api.admin.get(f"/v1/employees/{employee}").json()["team"] == "A"
    assert api.admin.delete(f"/v1/employees/{employee}").status_code == 204
    assert api.admin.get(f"/v1/employees/{employee}").status_code == 404
    acts = rows(
        settings,
        "select act, actor from core.administrative_acts where subject = %s order by act_id",
        f"employee/{employee}",
    )
    assert [act for act, _ in acts] == ["employee.created", "employee.updated", "employee.deleted", "employee.deleted"]
    assert {actor for _, actor in acts} == {"test-admin"}


def test_a_persons_profile_reaches_the_live_sink_through_the_outbox(api: Api, settings: Settings) -> None:
    employee = api.employee(name="Ada Abara")
    eventually(lambda: rows(settings, "select count(*) from core.outbox") == [(0,)])
    [person] = api.admin.get("/v1/employees", params={"search": employee}).json()
    assert (person["name"], person["origin"]) == ("Ada Abara", "core")


def test_unknown_sites_zones_and_employees_are_named(api: Api) -> None:
    person = api.admin.put(f"/v1/employees/{new_id('emp')}", json={"name": "X", "site_id": "nowhere"})
    assert (person.status_code, person.json()["field"]) == (422, "site_id")
    site = api.admin.put("/v1/sites/X1", json={"name": "X", "time_zone": "Mars/Olympus"})
    assert (site.status_code, site.json()["code"]) == (422, "unknown_zone")
    missing = api.admin.post("/v1/shifts", json=shift("nobody", "2026-06-01T08:00:00Z", "2026-06-01T16:00:00Z"))
    assert (missing.status_code, missing.json()["reason"]) == (404, "There is no employee 'nobody'.")


@pytest.mark.parametrize(
    ("method", "path", "content", "field"),
    [
        ("GET", "/v1/me/hours?to=0001-01-03", None, "to"),
        ("GET", "/v1/me/hours?from=9999-12-31", None, "from"),
        ("GET", "/v1/me/schedule?to=9999-12-31", None, "to"),
        ("POST", "/v1/leave", {"first_day": "2026-01-01", "last_day": "9999-12-31"}, "last_day"),
        ("POST", "/v1/leave", {"starts_at": BEGINNING, "ends_at": "2026-01-01T00:00:00Z"}, "starts_at"),
        ("POST", "/v1/shifts", {"starts_at": BEGINNING, "ends_at": "0001-01-01T08:00:00+14:00"}, "starts_at"),
        ("PUT", "/v1/sites/TST/holidays/9999-12-31", {"name": "The last day"}, "holiday"),
        ("PUT", "/v1/devices/D1/badges/1", {"valid_from": BEGINNING}, "valid_from"),
        ("POST", "/v1/devices/D1/tokens", {"expires_at": "9999-12-31T23:59:59-14:00"}, "expires_at"),
    ],
)
def test_a_date_at_the_ends_of_the_calendar_is_refused_by_its_field(
    api: Api, boss: httpx.Client, method: str, path: str, content: dict[str, object] | None, field: str
) -> None:
    body = None if content is None else content | {"employee_id": api.employee()}
    answer = boss.request(method, path, json=body)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "invalid_field", field)


def test_overlapping_shifts_are_refused_with_the_shift_that_is_there(api: Api) -> None:
    employee = api.employee()
    first = api.admin.post("/v1/shifts", json=shift(employee, "2026-06-01T08:00:00+02:00", "2026-06-01T16:00:00+02:00"))
    assert first.status_code == 201
    other = api.admin.post("/v1/shifts", json=shift(employee, "2026-06-01T15:00:00+02:00", "2026-06-01T20:00:00+02:00"))
    assert (other.status_code, other.json()["code"]) == (409, "overlapping_shift")
    assert other.json()["detail"]["shift_id"] == first.json()["shift_id"]
    next_to_it = api.admin.post(
        "/v1/shifts", json=shift(employee, "2026-06-01T16:00:00+02:00", "2026-06-01T20:00:00+02:00")
    )
    assert next_to_it.status_code == 201
    moved = api.admin.put(
        f"/v1/shifts/{first.json()['shift_id']}",
        json={"starts_at": "2026-06-01T07:00:00+02:00", "ends_at": "2026-06-01T15:00:00+02:00"},
    )
    assert moved.status_code == 200
    assert api.admin.delete(f"/v1/shifts/{next_to_it.json()['shift_id']}").status_code == 204
    found = api.admin.get(
        f"/v1/employees/{employee}/schedule", params={"from": "2026-06-01", "to": "2026-06-01"}
    ).json()
    assert found["time_zone"] == "Europe/Berlin"
    assert [(each["starts_at"], each["ends_at"]) for each in found["shifts"]] == [
        ("2026-06-01T05:00:00Z", "2026-06-01T13:00:00Z")
    ]


def test_a_weekly_pattern_keeps_its_clock_times_and_comes_whole_or_not_at_all(api: Api, settings: Settings) -> None:
    employee = api.employee()
    pattern = {
        "employee_id": employee,
        "week": [
            {"weekday": "monday", "start": "08:00", "end": "16:30", "breaks": [{"start": "12:00", "end": "12:30"}]}
        ],
        "valid_from": "2026-10-19",
        "valid_to": "2026-10-31",
    }
    made = api.admin.post("/v1/shift-patterns", json=pattern)
    assert made.status_code == 201
    assert [each["starts_at"] for each in made.json()["shifts"]] == ["2026-10-19T06:00:00Z", "2026-10-26T07:00:00Z"]
    again = api.admin.post("/v1/shift-patterns", json=pattern | {"valid_from": "2026-10-12"})
    assert again.status_code == 409
    assert rows(settings, "select count(*) from core.shifts where employee_id = %s", employee) == [(2,)]
    ended = api.admin.delete(f"/v1/shift-patterns/{made.json()['pattern_id']}")
    assert ended.status_code == 200


def test_leave_is_asked_for_and_decided_by_somebody_else(api: Api) -> None:
    boss_id = api.employee()
    employee = api.employee(manager_id=boss_id)
    person = api.person("employee", employee_id=employee)
    boss = api.person("employee", "manager", employee_id=boss_id)
    stranger = api.person("employee", "manager", employee_id=api.employee())
    asked = person.post(
        "/v1/leave", json={"first_day": "2026-03-28", "last_day": "2026-03-29", "leave_type": "vacation"}
    )
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    # 47 hours: the clock is put forward in between.
    assert (asked.json()["starts_at"], asked.json()["ends_at"]) == ("2026-03-27T23:00:00Z", "2026-03-29T22:00:00Z")
    again = person.post("/v1/leave", json={"starts_at": "2026-03-28T08:00:00Z", "ends_at": "2026-03-28T12:00:00Z"})
    assert again.status_code == 409
    place = f"/v1/leave/{asked.json()['leave_id']}/decision"
    assert person.post(place, json={"approve": True}).status_code == 403
    assert stranger.post(place, json={"approve": True}).status_code == 403
    assert boss.post(place, json={"approve": True}).json()["status"] == "approved"
    assert boss.post(place, json={"approve": False}).status_code == 409
    assert person.delete(f"/v1/leave/{asked.json()['leave_id']}").status_code == 403


def test_holidays_badges_and_policies(api: Api) -> None:
    employee = api.employee()
    assert api.admin.put("/v1/sites/TST/holidays/2026-12-25", json={"name": "Christmas Day"}).status_code == 200
    assert {"holiday": "2026-12-25", "name": "Christmas Day"} in api.admin.get("/v1/sites/TST/holidays").json()
    assert api.admin.delete("/v1/sites/TST/holidays/2026-12-25").status_code == 204
    device = new_id("D")
    badge = {"employee_id": employee, "valid_from": "2026-01-01T00:00:00Z"}
    assert api.admin.put(f"/v1/devices/{device}/badges/17", json=badge).json()["valid_to"] is None
    taken = api.admin.put(f"/v1/devices/{device}/badges/17", json={"employee_id": api.employee()})
    assert (taken.status_code, taken.json()["code"]) == (409, "badge_taken")
    assert api.admin.delete(f"/v1/devices/{device}/badges/17").status_code == 204
    load_policies()
    unknown = api.admin.put(f"/v1/employees/{employee}/policy", json={"policy": "us-cal"})
    assert (unknown.status_code, unknown.json()["code"], unknown.json()["field"]) == (422, "unknown_policy", "policy")
    assert "us-ca, us-ca-aww, us-flsa" in unknown.json()["reason"]
    assert api.admin.put(f"/v1/employees/{employee}/policy", json={"policy": "us-ca"}).status_code == 200
    assert api.admin.get(f"/v1/employees/{employee}/policies").json() == [
        {"policy": "us-ca", "valid_from": "1900-01-01"}
    ]


def test_corrections_become_punches_of_the_user_core(api: Api, settings: Settings) -> None:
    boss_id = api.employee()
    employee = api.employee(manager_id=boss_id)
    person, boss = api.person("employee", employee_id=employee), api.person("manager", employee_id=boss_id)
    wrong = {"event_id": event_id(), "employee_id": employee, "kind": "clock_in", "occurred_at": "2026-05-04T09:00:00Z"}
    api.device().post("/v1/punches", json=wrong).raise_for_status()
    replace = {
        "change": {
            "action": "replace",
            "event_id": wrong["event_id"],
            "punch": {"kind": "clock_in", "occurred_at": "2026-05-04T08:00:00Z"},
        },
        "reason": "The terminal was an hour late",
    }
    eventually(lambda: rows(settings, "select 1 from raw.punches where event_id = %s", UUID(wrong["event_id"])))
    proposed = person.post("/v1/corrections", json=replace)
    assert (proposed.status_code, proposed.json()["status"]) == (201, "proposed")
    identity = proposed.json()["correction_id"]
    assert person.post(f"/v1/corrections/{identity}/decision", json={"approve": True}).status_code == 403
    assert identity in [each["correction_id"] for each in boss.get("/v1/corrections?status=proposed").json()]
    approved = boss.post(f"/v1/corrections/{identity}/decision", json={"approve": True})
    assert approved.json()["status"] == "approved"
    assert boss.post(f"/v1/corrections/{identity}/decision", json={"approve": True}).status_code == 409
    twice = person.post("/v1/corrections", json=replace)
    assert (twice.status_code, twice.json()["code"]) == (409, "corrected_already")

    def captured() -> list[tuple[Any, ...]]:
        return rows(
            settings, "select supersedes, actor, reason, source from raw.punches where event_id = %s", UUID(identity)
        )

    eventually(captured)
    [(supersedes, actor, reason, source)] = captured()
    assert (supersedes, reason, source) == (UUID(wrong["event_id"]), "The terminal was an hour late", "user_core")
    assert actor == approved.json()["actor"]
    void = {"change": {"action": "void", "event_id": identity}, "reason": "Was not there at all"}
    voided = person.post("/v1/corrections", json=void).json()["correction_id"]
    assert boss.post(f"/v1/corrections/{voided}/decision", json={"approve": True}).status_code == 200
    eventually(
        lambda: rows(settings, "select voids from raw.punches where event_id = %s", UUID(voided)) == [(UUID(identity),)]
    )


def test_a_punch_under_a_badge_is_corrected_for_its_holder(api: Api, settings: Settings) -> None:
    employee, device = api.employee(), new_id("T")
    inputs = Inputs(settings, offsets=count(10**9))
    badge = badge_employee_id(device, "7")
    at = datetime(2026, 5, 4, 8, tzinfo=UTC)
    details = {"device_id": device, "attributes": json.dumps({"device_user": "7"})}
    identities = [
        inputs.punch(badge, kind, at + timedelta(hours=hour), **details)
        for hour, kind in enumerate(("clock_in", "clock_out"))
    ]
    api.admin.put(f"/v1/devices/{device}/badges/7", json={"employee_id": employee}).raise_for_status()
    late = {"kind": "clock_out", "occurred_at": "2026-05-04T12:00:00Z"}
    change = {"action": "replace", "event_id": str(identities[1]), "punch": late}
    proposal = {"change": change, "reason": "Stayed longer"}
    run(settings, reason="test")
    person = api.person("employee", employee_id=employee)
    proposed = person.post("/v1/corrections", json=proposal)
    assert proposed.status_code == 201, proposed.text
    identity = proposed.json()["correction_id"]
    api.admin.post(f"/v1/corrections/{identity}/decision", json={"approve": True}).raise_for_status()
    eventually(lambda: rows(settings, "select 1 from raw.punches where event_id = %s", UUID(identity)))
    run(settings, reason="test")
    worked = "select worked_seconds from marts.fct_workdays where employee_id = %s"
    assert rows(settings, worked, employee) == [(4 * 3600,)]
    assert rows(settings, worked, badge) == []
    stranger = api.person("employee", employee_id=api.employee())
    assert stranger.post("/v1/corrections", json=proposal).status_code == 404


def missing_clock_out(**more: object) -> dict[str, Any]:
    punch = {"kind": "clock_out", "occurred_at": "2026-05-04T17:00:00Z"}
    return {"change": {"action": "add", "punch": punch}, "reason": "Forgot to clock out"} | more


def test_nobody_approves_what_they_have_proposed(api: Api) -> None:
    boss_id = api.employee()
    employee = api.employee(manager_id=boss_id)
    boss = api.person("manager", employee_id=boss_id)
    proposed = boss.post("/v1/corrections", json=missing_clock_out(employee_id=employee))
    place = f"/v1/corrections/{proposed.json()['correction_id']}/decision"
    refused = boss.post(place, json={"approve": True})
    assert (refused.status_code, refused.json()["reason"]) == (
        403,
        "Somebody else decides about what you have proposed.",
    )
    assert api.admin.post(place, json={"approve": True}).json()["status"] == "approved"


def test_a_correction_that_is_proposed_again_under_its_id_is_one(api: Api, settings: Settings) -> None:
    employee = api.employee()
    person = api.person("employee", employee_id=employee)
    body = missing_clock_out(correction_id=event_id())
    answers = [person.post("/v1/corrections", json=body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert answers[0].json()["correction_id"] == body["correction_id"]
    steps = "select count(*) from core.corrections where correction_id = %s"
    assert rows(settings, steps, UUID(str(body["correction_id"]))) == [(1,)]
    place = f"/v1/corrections/{body['correction_id']}/decision"
    api.admin.post(place, json={"approve": True}).raise_for_status()
    assert person.post("/v1/corrections", json=body).json()["status"] == "approved"
    stranger = api.person("employee", employee_id=api.employee())
    for taken in (
        person.post("/v1/corrections", json=body | {"reason": "Another one"}),
        stranger.post("/v1/corrections", json=body),
    ):
        assert (taken.status_code, taken.json()["code"]) == (409, "id_taken")


def test_a_correction_may_not_take_the_id_of_a_punch(api: Api, settings: Settings) -> None:
    employee = api.employee()
    punch = {"event_id": event_id(), "employee_id": employee, "kind": "clock_in", "occurred_at": "2026-05-04T09:00:00Z"}
    api.device().post("/v1/punches", json=punch).raise_for_status()
    eventually(lambda: rows(settings, "select 1 from raw.punches where event_id = %s", UUID(str(punch["event_id"]))))
    person = api.person("employee", employee_id=employee)
    taken = person.post("/v1/corrections", json=missing_clock_out(correction_id=punch["event_id"]))
    assert (taken.status_code, taken.json()["code"]) == (409, "id_taken")


def test_corrections_that_cannot_be_are_refused_at_once(api: Api) -> None:
    person = api.person("employee", employee_id=api.employee())
    unknown = {"change": {"action": "void", "event_id": event_id()}, "reason": "x"}
    assert person.post("/v1/corrections", json=unknown).status_code == 404
    early = {
        "change": {"action": "add", "punch": {"kind": "clock_in", "occurred_at": "1999-01-01T00:00:00Z"}},
        "reason": "x",
    }
    assert (answer := person.post("/v1/corrections", json=early)).status_code == 422
    assert answer.json()["code"] == "before_2000"
    both = {"change": {"action": "add", "event_id": event_id()}, "reason": "x"}
    assert person.post("/v1/corrections", json=both).status_code == 422


def test_rights_and_the_record_of_refusals(api: Api, settings: Settings) -> None:
    other = api.employee()
    person = api.person("employee", employee_id=api.employee())
    path = f"/v1/employees/{other}/state"
    assert person.get(path).status_code == 403
    [(count,)] = rows(
        settings, "select count(*) from core.administrative_acts where act = 'access.refused' and subject = %s", path
    )
    assert count == 1
    assert person.get("/v1/accounts").status_code == 403
    assert person.get("/v1/employees").status_code == 403
    assert api.person("payroll").get(path).status_code == 200
    assert api.device().get(path).status_code == 403
    assert client(settings).get(path).status_code == 401


def test_accounts(api: Api, settings: Settings) -> None:
    login, password = new_id("login"), "another long password"
    account = {"login": login, "password": password, "roles": ["employee"]}
    assert api.admin.post("/v1/accounts", json=account).status_code == 201
    assert api.admin.post("/v1/accounts", json=account).json()["code"] == "login_taken"
    short = api.admin.post("/v1/accounts", json=account | {"login": new_id("x"), "password": "short"})
    assert short.json()["code"] == "short_password"
    boss = api.admin.post("/v1/accounts", json=account | {"login": new_id("x"), "roles": ["boss"]})
    assert (boss.json()["code"], boss.json()["field"]) == ("unknown_role", "roles")
    door = client(settings)
    assert door.post("/v1/sessions", json={"login": login, "password": "wrong"}).status_code == 401
    assert door.post("/v1/sessions", json={"login": "nobody", "password": "wrong"}).status_code == 401
    token = door.post("/v1/sessions", json={"login": login, "password": password}).json()["token"]
    [(stored,)] = rows(
        settings, "select count(*) from core.tokens where encode(token_hash, 'escape') like %s", f"%{token}%"
    )
    assert stored == 0
    person = client(settings, token)
    assert person.get("/v1/me").json()["roles"] == ["employee"]
    assert api.admin.patch(f"/v1/accounts/{login}", json={"active": False}).status_code == 200
    assert person.get("/v1/me").status_code == 401


def test_a_password_may_be_guessed_ten_times(api: Api, settings: Settings) -> None:
    door, login = client(settings), new_id("login")
    account = {"login": login, "password": "the right password", "roles": ["employee"]}
    api.admin.post("/v1/accounts", json=account).raise_for_status()
    right = {"login": login, "password": account["password"]}

    def attempts(name: str, times: int) -> list[int]:
        wrong = {"login": name, "password": "a wrong password"}
        return [door.post("/v1/sessions", json=wrong).status_code for _ in range(times)]

    assert attempts(login, 9) == [401] * 9
    assert door.post("/v1/sessions", json=right).status_code == 201
    assert attempts(login, 11) == [401] * 10 + [429]
    locked = door.post("/v1/sessions", json=right)
    assert (locked.status_code, locked.json()["code"]) == (429, "too_many_attempts")
    assert 0 < int(locked.headers["Retry-After"]) <= 15 * 60
    # Nothing tells whether there is such a login.
    assert attempts(new_id("nobody"), 11) == [401] * 10 + [429]
    new = {"login": login, "password": "another right password"}
    api.admin.patch(f"/v1/accounts/{login}", json={"password": new["password"]}).raise_for_status()
    assert door.post("/v1/sessions", json=new).status_code == 201
    failed = (
        "select actor, count(*) from core.administrative_acts where act = 'sign_in.failed' and subject = %s group by 1"
    )
    eventually(lambda: rows(settings, failed, f"account/{login}") == [("anonymous", 19)])


def test_signing_out_ends_the_session(api: Api) -> None:
    person = api.person("employee", employee_id=api.employee())
    assert person.delete("/v1/sessions/current").status_code == 204
    assert person.get("/v1/me").status_code == 401


def test_the_document_names_every_route_and_shows_the_punch(settings: Settings) -> None:
    document = client(settings).get("/openapi.json").json()
    assert {"/v1/punches", "/v1/punches/batch", "/v1/corrections", "/v1/shifts", "/v1/me/hours"} <= set(
        document["paths"]
    )
    body = document["paths"]["/v1/punches"]["post"]["requestBody"]["content"]["application/json"]
    assert body["examples"]["clock in"]["value"]["kind"] == "clock_in"
    assert document["components"]["schemas"]["PunchEvent"]["required"] == ["kind", "occurred_at"]
    secured = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, route in methods.items()
        if "security" not in route
    ]
    assert sorted(secured) == [("/health/live", "get"), ("/health/ready", "get"), ("/v1/sessions", "post")]


def test_an_id_with_a_control_character_is_refused_on_every_route(api: Api) -> None:
    document = api.admin.get("/openapi.json").json()
    routes = [
        (method, path, parameter["name"])
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for parameter in operation.get("parameters", [])
        if parameter["in"] == "path"
    ]
    assert ("get", "/v1/employees/{employee_id}", "employee_id") in routes
    for method, path, name in routes:
        place = re.sub(r"\{\w+\}", "1", path.replace(f"{{{name}}}", "a%00b"))
        answer = api.admin.request(method, place)
        assert (answer.status_code, answer.json().get("code")) == (422, "invalid_field"), (method, path, answer.text)
        assert answer.json()["field"] == name


@pytest.mark.parametrize(
    "facts", ['{"a\\u0000": true}', '{"minor": "\\u0000"}', '{"minor": "\\ud800"}', '{"minor": NaN}']
)
def test_facts_are_yes_or_no(api: Api, facts: str) -> None:
    body = f'{{"name": "Ada", "facts": {facts}}}'
    answer = api.admin.put(f"/v1/employees/{new_id('emp')}", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_field"), answer.text
    assert answer.json()["field"].startswith("facts")


@pytest.fixture
def kept_in_hr(settings: Settings) -> Iterator[str]:
    """An employee of the image of the HR system, with a shift; gone afterwards, since that system has none."""
    employee, key = new_id("hr"), '["{}"]'
    with connect(settings, "ingest") as connection:
        for table, identity, row in (
            (
                "employees",
                employee,
                {"employee_id": employee, "name": "Hugo", "site_id": "TST", "team": None, "left_on": None},
            ),
            (
                "schedules",
                f"S-{employee}",
                {
                    "schedule_id": f"S-{employee}",
                    "employee_id": employee,
                    "starts_at": "2026-06-01T06:00:00",
                    "ends_at": "2026-06-01T14:00:00",
                    "breaks": '[{"start": "2026-06-01T10:00:00Z", "end": "2026-06-01T10:30:00Z", "paid": false}]',
                },
            ),
        ):
            connection.execute(
                "insert into raw.hr_image (table_name, row_key, row_data, gtid, row_number, version, topic_partition)"
                " values (%s, %s, %s, '0-1-1', 1, 1, 0)",
                (table, key.format(identity), json.dumps(row)),
            )
    yield employee
    with connect(settings, "ingest") as connection:
        gone = [key.format(employee), key.format(f"S-{employee}")]
        connection.execute("delete from raw.hr_image where row_key = any(%s)", (gone,))


def test_what_hr_keeps_is_read_here_and_edited_there(api: Api, kept_in_hr: str) -> None:
    employee = kept_in_hr
    assert api.admin.get(f"/v1/employees/{employee}").json()["origin"] == "hr"
    refused = api.admin.put(f"/v1/employees/{employee}", json={"name": "X"})
    assert (refused.status_code, refused.json()["code"]) == (409, "kept_in_hr")
    overlapping = api.admin.post("/v1/shifts", json=shift(employee, "2026-06-01T13:00:00Z", "2026-06-01T20:00:00Z"))
    assert overlapping.json()["detail"]["shift_id"] == f"S-{employee}"
    assert api.admin.delete(f"/v1/shifts/S-{employee}").status_code == 409
    found = api.admin.get(
        f"/v1/employees/{employee}/schedule", params={"from": "2026-06-01", "to": "2026-06-01"}
    ).json()
    assert [(each["shift_id"], each["origin"]) for each in found["shifts"]] == [(f"S-{employee}", "hr")]
    assert date.fromisoformat(found["shifts"][0]["starts_at"][:10]) == date(2026, 6, 1)


@pytest.fixture
def broken_in_hr(settings: Settings) -> Iterator[str]:
    """Rows of the legacy system under one id: texts with NUL, bytes of no character set, dropped columns."""
    identity, nul = new_id("hr"), {"utf8_base64": "AHg="}
    broken = [
        ("employees", [identity], {"employee_id": identity, "name": nul, "team": {"base64": "/w=="}, "manager_id": 7}),
        ("sites", [identity], {"site_id": identity, "name": nul, "time_zone": "Europe/Oslo"}),
        ("sites", [f"{identity}-2"], {"site_id": f"{identity}-2", "name": "Without a zone"}),
        ("holidays", [identity, "2026-05-17"], {"site_id": identity, "holiday": "2026-05-17"}),
        ("holidays", [identity, "2026-12-25"], {"site_id": identity, "holiday": "2026-12-25", "name": nul}),
    ]
    rows_of = [(table, json.dumps(key, separators=(",", ":")), json.dumps(row)) for table, key, row in broken]
    with connect(settings, "ingest") as connection, connection.cursor() as cursor:
        cursor.executemany(
            "insert into raw.hr_image (table_name, row_key, row_data, gtid, row_number, version, topic_partition)"
            " values (%s, %s, %s, '0-1-1', 1, 1, 0)",
            rows_of,
        )
    yield identity
    with connect(settings, "ingest") as connection:
        connection.execute("delete from raw.hr_image where row_key = any(%s)", ([key for _, key, _ in rows_of],))


def test_one_broken_row_of_hr_breaks_no_list(api: Api, broken_in_hr: str) -> None:
    [person] = api.admin.get("/v1/employees", params={"search": broken_in_hr}).json()
    assert (person["name"], person["team"], person["manager_id"]) == ("x", None, "7")
    sites = {site["site_id"]: site for site in api.admin.get("/v1/sites").json()}
    assert sites[broken_in_hr]["name"] == "x"
    assert f"{broken_in_hr}-2" not in sites
    assert api.admin.get(f"/v1/sites/{broken_in_hr}/holidays").json() == [
        {"holiday": "2026-05-17", "name": "2026-05-17"},
        {"holiday": "2026-12-25", "name": "x"},
    ]
