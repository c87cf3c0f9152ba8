"""The live state on real servers: who is in, by the instants of the punches, and who people are."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import uuid_utils
from redis import Redis

from tests.capture import FIRST, as_value, event, new_id, produce
from tests.integration.live_state import (
    badge_punch,
    core,
    correction,
    give_badge,
    has_state,
    hr,
    live,
    operator,
    present,
    profile,
    punch,
)
from tests.running_stack import RunningStack
from tests.waiting import eventually
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.policy.rows import ParameterRow
from timecontrol.policy.store import insert_rows
from timecontrol.serving.live_keys import site_key
from timecontrol.settings import Settings
from timecontrol.warehouse.pools import connect


@pytest.fixture
def settings(stack: RunningStack) -> Settings:
    return stack.require("sink_live_state")


@pytest.fixture
def redis(settings: Settings) -> Iterator[Redis]:
    with operator(settings) as client:
        yield client


def test_punches_move_the_state_by_their_instants_not_by_their_arrival(settings: Settings, redis: Redis) -> None:
    who, site = f"live-{new_id()}", f"site-{new_id()}"
    clock_in = punch(settings, who, "clock_in", 0, site_id=site)
    eventually(lambda: has_state(redis, who, "in", clock_in))
    assert present(redis, site) == {who: FIRST.timestamp()}
    clock_out = punch(settings, who, "clock_out", 60, site_id=site)
    eventually(lambda: has_state(redis, who, "out", clock_out))
    assert present(redis, site) == {}
    # Late arrivals from before the clock_out change nothing that is shown, one from after it does.
    punch(settings, who, "break_start", 20, site_id=site)
    pause = punch(settings, who, "break_start", 90, site_id=site, break_type="rest")
    eventually(lambda: has_state(redis, who, "break", pause))
    found = live(redis, who)
    assert found["break_type"] == "rest"
    assert found["since"] == "2026-03-02T09:30:00+00:00"
    assert found["site_id"] == site
    assert present(redis, site) == {who: datetime(2026, 3, 2, 9, 30, tzinfo=UTC).timestamp()}


def test_a_correction_and_a_void_take_the_state_back(settings: Settings, redis: Redis) -> None:
    who = f"live-{new_id()}"
    clock_in = punch(settings, who, "clock_in", 0)
    wrong = punch(settings, who, "clock_out", 60)
    eventually(lambda: has_state(redis, who, "out", wrong))
    void = correction(settings, who, "clock_out", 61, voids=wrong)
    eventually(lambda: has_state(redis, who, "in", clock_in))
    # The void of a void brings the punch back; a correction moves it; the void of a correction takes it back again.
    correction(settings, who, "clock_out", 61, voids=void)
    eventually(lambda: has_state(redis, who, "out", wrong))
    moved = correction(settings, who, "break_start", 30, supersedes=wrong)
    eventually(lambda: has_state(redis, who, "break", moved))
    correction(settings, who, "break_start", 30, voids=moved)
    eventually(lambda: has_state(redis, who, "out", wrong))
    # To a day long ago: nothing is left of it now.
    correction(settings, who, "clock_out", -60 * 24 * 300, supersedes=wrong)
    eventually(lambda: has_state(redis, who, "in", clock_in))


def test_a_badge_s_punches_are_its_holder_s_whenever_the_badge_becomes_known(settings: Settings, redis: Redis) -> None:
    who, device, site = f"live-{new_id()}", f"T-{new_id()}", f"site-{new_id()}"
    badge = badge_employee_id(device, "7")
    clock_in = badge_punch(settings, device, "clock_in", 0, site_id=site)
    eventually(lambda: has_state(redis, badge, "in", clock_in))
    give_badge(settings, device, who)
    eventually(lambda: has_state(redis, who, "in", clock_in))
    assert live(redis, badge) == {}
    assert list(present(redis, site)) == [who]
    # Punches of the badge and of the person are one row of punches; so are corrections of them.
    pause = punch(settings, who, "break_start", 60, site_id=site)
    eventually(lambda: has_state(redis, who, "break", pause))
    clock_out = badge_punch(settings, device, "clock_out", 120, site_id=site)
    eventually(lambda: has_state(redis, who, "out", clock_out))
    correction(settings, who, "clock_out", 120, voids=clock_out)
    eventually(lambda: has_state(redis, who, "break", pause))
    # The void stays in force when the badge is nobody's any more.
    give_badge(settings, device, who, change="deleted")
    eventually(lambda: has_state(redis, badge, "in", clock_in))


def test_a_badge_that_goes_to_another_person_is_each_one_s_in_their_time(settings: Settings, redis: Redis) -> None:
    first, second, device = f"live-{new_id()}", f"live-{new_id()}", f"T-{new_id()}"
    give_badge(settings, device, first)
    clock_in = badge_punch(settings, device, "clock_in", 0)
    later = badge_punch(settings, device, "clock_in", 60)
    eventually(lambda: has_state(redis, first, "in", later))
    voided = badge_punch(settings, device, "clock_out", 90)
    correction(settings, first, "clock_out", 90, voids=voided)
    eventually(lambda: has_state(redis, first, "in", later))
    give_badge(settings, device, second, "2026-03-02T08:30:00Z")
    # The void of the first holder concerns a punch that is now the second's.
    eventually(lambda: has_state(redis, second, "in", later))
    assert has_state(redis, first, "in", clock_in)


def test_badges_of_the_legacy_system_come_change_and_go(settings: Settings, redis: Redis) -> None:
    device, row_key, snapshot = f"T-{new_id()}", new_id(), str(uuid_utils.uuid7())
    first, second = f"live-{new_id()}", f"live-{new_id()}"
    clock_in = badge_punch(settings, device, "clock_in", 0)

    def row(who: str, user: str = "7") -> dict[str, Any]:
        return {
            "badge_id": row_key,
            "device_id": device,
            "device_user": user,
            "employee_id": who,
            "valid_from": "2026-01-01T00:00:00",
            "valid_to": None,
        }

    hr(settings, "insert", row_key, row(first), snapshot, table="badges")
    eventually(lambda: has_state(redis, first, "in", clock_in))
    hr(settings, "update", row_key, row(second), snapshot, table="badges")
    eventually(lambda: has_state(redis, second, "in", clock_in))
    assert live(redis, first) == {}
    hr(settings, "update", row_key, row(second, user="8"), snapshot, table="badges")
    eventually(lambda: has_state(redis, badge_employee_id(device, "7"), "in", clock_in))
    hr(settings, "update", row_key, row(second), snapshot, table="badges")
    eventually(lambda: has_state(redis, second, "in", clock_in))
    hr(settings, "update", row_key, row(second) | {"valid_from": "2027-01-01T00:00:00"}, snapshot, table="badges")
    eventually(lambda: live(redis, second) == {})
    # A date that is none: from always.
    hr(settings, "update", row_key, row(second) | {"valid_from": "0000-00-00 00:00:00"}, snapshot, table="badges")
    eventually(lambda: has_state(redis, second, "in", clock_in))
    hr(settings, "delete", row_key, None, snapshot, table="badges")
    eventually(lambda: has_state(redis, badge_employee_id(device, "7"), "in", clock_in))


def test_the_rules_are_those_of_the_employee_s_policy_at_the_time(settings: Settings, redis: Redis) -> None:
    who, policy = f"live-{new_id()}", f"p-{new_id()}"
    punch(settings, who, "clock_in", 0)
    again = punch(settings, who, "clock_in", 60)
    eventually(lambda: has_state(redis, who, "in", again))

    def direction(value: str, change: str = "updated") -> None:
        data = {"policy": policy, "parameter": "pairing.direction", "valid_from": "2000-01-01", "value": value}
        core(settings, "policy_parameter", f"{policy}/pairing.direction", change, data)

    def assign(valid_from: str) -> None:
        data = {"employee_id": who, "policy": policy, "valid_from": valid_from}
        core(settings, "policy_assignment", who, "created", data)

    direction("alternate")
    assign("2026-03-03")
    assign("-infinity")
    eventually(lambda: has_state(redis, who, "out", again))
    assert live(redis, who)["counts_until"] == ""
    direction("alternate", "deleted")
    eventually(lambda: has_state(redis, who, "in", again))
    assert live(redis, who)["counts_until"] == "2026-03-03T00:00:00+00:00"


def test_a_policy_that_is_loaded_reaches_the_live_state(stack: RunningStack, redis: Redis) -> None:
    settings = stack.require("sink_live_state", "outbox_relay")
    who, policy = f"live-{new_id()}", f"p-{new_id()}"
    core(
        settings, "policy_assignment", who, "created", {"employee_id": who, "policy": policy, "valid_from": "-infinity"}
    )
    punch(settings, who, "clock_in", 0)
    again = punch(settings, who, "clock_in", 60)
    eventually(lambda: has_state(redis, who, "in", again))
    loaded = ParameterRow(policy, "pairing.direction", date(2000, 1, 1), "alternate", "a law", "test.yaml", 1)
    for removed, state in ((False, "out"), (True, "in")):
        # In the right of who loads policies, which may not write the outbox itself.
        with connect(settings, "transform") as connection:
            insert_rows(connection, "policy", "parameters", (loaded,), removed=removed)
        eventually(lambda expected=state: has_state(redis, who, expected, again))


def test_a_change_of_another_shape_is_passed_over(settings: Settings, redis: Redis) -> None:
    who = f"live-{new_id()}"
    for entity in ("badge", "policy_assignment", "policy_parameter"):
        core(settings, entity, who, "created", {"valid_from": 7})
    core(settings, "employee", who, "created", {"valid_from": "2020-01-01", "name": "Ada"})
    eventually(lambda: profile(redis, who).get("name") == "Ada")


def test_a_person_who_moves_to_another_site_is_at_one_of_them(settings: Settings, redis: Redis) -> None:
    who, first, second = f"live-{new_id()}", f"site-{new_id()}", f"site-{new_id()}"
    punch(settings, who, "clock_in", 0, site_id=first)
    last = punch(settings, who, "clock_in", 10, site_id=second)
    eventually(lambda: has_state(redis, who, "in", last))
    assert present(redis, first) == {}
    assert list(present(redis, second)) == [who]


def test_refused_records_are_passed_over(settings: Settings, redis: Redis) -> None:
    who = f"live-{new_id()}"
    produce(settings, [b"\xff", None, as_value(event(who, kind="lunch"))], key=who)
    last = punch(settings, who, "clock_in", 0)
    eventually(lambda: has_state(redis, who, "in", last))


def test_profiles_follow_hr_and_the_user_core(settings: Settings, redis: Redis) -> None:
    who, gone = f"hr-{new_id()}", f"hr-{new_id()}"
    first, second = str(uuid_utils.uuid7()), str(uuid_utils.uuid7())
    row = {
        "employee_id": who,
        "name": "Ada",
        "email": "ada@example.com",
        "site_id": "S1",
        "team": "blue",
        "left_on": None,
    }
    hr(settings, "snapshot_begin", "", None, first, table="")
    hr(settings, "snapshot", who, row, first)
    hr(settings, "snapshot", gone, row | {"employee_id": gone}, first)
    hr(settings, "snapshot_end", "", None, first, table="")
    eventually(lambda: profile(redis, gone).get("name") == "Ada")
    hr(settings, "update", who, row | {"name": "Ada L."}, first)
    eventually(lambda: profile(redis, who).get("name") == "Ada L.")
    assert profile(redis, who)["origin"] == "hr"

    core(settings, "employee", who, "updated", {"valid_from": "2020-01-01", "team": "red"})
    eventually(lambda: profile(redis, who).get("team") == "red")
    found = profile(redis, who)
    assert (found["name"], found["email"], found["active"], found["origin"]) == (
        "Ada L.",
        "ada@example.com",
        "1",
        "core",
    )

    # A second snapshot that does not name one of them any more.
    hr(settings, "snapshot_begin", "", None, second, table="")
    hr(settings, "snapshot", who, row, second)
    hr(settings, "snapshot_end", "", None, second, table="")
    eventually(lambda: not profile(redis, gone))
    # What still arrives from the first is over.
    hr(settings, "update", gone, row | {"employee_id": gone}, first)
    hr(settings, "delete", who, None, second)
    eventually(lambda: profile(redis, who).get("name") == "")
    assert profile(redis, gone) == {}
    core(settings, "employee", who, "deleted", {})
    eventually(lambda: not profile(redis, who))


def test_sites_are_known_by_name_and_zone(settings: Settings, redis: Redis) -> None:
    site = f"site-{new_id()}"
    core(settings, "site", site, "created", {"name": "Harbour", "time_zone": "Europe/Oslo"})
    eventually(
        lambda: redis.hgetall(site_key(site)) == {"name": "Harbour", "time_zone": "Europe/Oslo", "origin": "core"}
    )
    assert redis.sismember("sites", site)
