"""What a profile says, given what HR and the User Core say."""

from datetime import UTC, date, datetime
from typing import Literal

from ingestion.sinks.live_state.profiles import Parts, profile, with_core, with_hr
from timecontrol.contracts.core_change import CoreChange

TODAY = date(2026, 3, 2)


def edit(change: Literal["created", "updated", "deleted"] = "updated", **data: object) -> CoreChange:
    return CoreChange("employee", "E1", change, data, "ada", datetime(2026, 3, 2, tzinfo=UTC))


def test_the_user_core_goes_before_hr_field_by_field() -> None:
    parts = with_core(with_hr(Parts(), {"name": "Ada", "team": "blue"}), edit(team="red", email=None))
    found = profile("employee", parts, TODAY)
    assert (found["name"], found["team"], found["email"], found["active"], found["origin"]) == (
        "Ada",
        "red",
        "",
        "1",
        "core",
    )


def test_the_order_of_the_two_does_not_matter() -> None:
    row = {"name": "Ada", "site_id": "S1"}
    assert with_hr(with_core(Parts(), edit(team="red")), row) == with_core(with_hr(Parts(), row), edit(team="red"))


def test_a_version_counts_from_its_date_on() -> None:
    parts = Parts()
    for valid_from, team in (("-infinity", "green"), ("2026-03-02", "red"), ("2026-04-01", "blue")):
        parts = with_core(parts, edit(valid_from=valid_from, team=team))
    assert profile("employee", parts, date(2026, 3, 1))["team"] == "green"
    assert profile("employee", parts, TODAY)["team"] == "red"
    assert profile("employee", parts, date(2026, 4, 1))["team"] == "blue"
    withdrawn = with_core(parts, edit("deleted", valid_from="2026-03-02"))
    assert profile("employee", withdrawn, TODAY)["team"] == "green"
    assert with_core(parts, edit("deleted")).empty


def test_who_has_left_is_not_active() -> None:
    def active(left_on: str | None) -> str:
        return profile("employee", with_hr(Parts(), {"left_on": left_on}), TODAY)["active"]

    assert [active(None), active("2026-03-03"), active("2026-03-02")] == ["1", "1", "0"]
    assert profile("employee", with_core(Parts(), edit(active=False)), TODAY)["active"] == "0"
