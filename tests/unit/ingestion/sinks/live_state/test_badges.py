"""Who holds a user number, by rows of both systems."""

from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from ingestion.sinks.live_state.badges import DeviceUser, core_badge, hr_badge, with_badge, with_recorded_id
from timecontrol.contracts.core_change import CoreChange

MARCH, APRIL, MAY = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 5))


def hr(employee_id: str, device_id: str = "T1", valid_from: str | None = None, valid_to: str | None = None) -> Any:  # noqa: ANN401  a row
    row = {
        "badge_id": 1,
        "device_id": device_id,
        "device_user": "7",
        "employee_id": employee_id,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    return hr_badge(row)


def core(
    employee_id: str, valid_from: str = "-infinity", change: Literal["created", "deleted"] = "created"
) -> CoreChange:
    data = {
        "device_id": "T1",
        "device_user": "7",
        "employee_id": employee_id,
        "valid_from": valid_from,
        "valid_to": "infinity",
    }
    return CoreChange("badge", "T1/7", change, data, "ada", MARCH)


def holder(user: DeviceUser, instant: datetime) -> str | None:
    return user.table().holder("T1", "7", instant)


def test_rows_hold_by_their_instants_which_in_the_legacy_system_are_utc() -> None:
    user = with_badge(DeviceUser(), "hr:1", hr("E1", valid_from="2026-03-01T00:00:00", valid_to="2026-04-01T00:00:00"))
    user = with_badge(user, "hr:2", hr("E2", valid_from="2026-04-01T00:00:00"))
    assert [holder(user, instant) for instant in (datetime(2026, 2, 28, tzinfo=UTC), MARCH, APRIL)] == [
        None,
        "E1",
        "E2",
    ]
    assert holder(with_badge(user, "hr:2", None), MAY) is None


def test_the_user_core_goes_first_where_two_begin_at_once() -> None:
    user = with_badge(DeviceUser(), "hr:1", hr("A"))
    user = with_badge(user, *core_badge(core("Z")))
    assert holder(user, MARCH) == "Z"
    later = with_badge(user, "hr:2", hr("B", valid_from="2026-04-01T00:00:00"))
    assert (holder(later, MARCH), holder(later, APRIL)) == ("Z", "B")
    assert core_badge(core("Z", "2026-04-01T00:00:00Z"))[1].valid_from == APRIL


def test_a_row_for_every_device_yields_to_the_device_s_own() -> None:
    user = with_badge(with_badge(DeviceUser(), "hr:1", hr("E1", "*")), "hr:2", hr("E2"))
    assert (user.table().holder("T1", "7", MARCH), user.table().holder("T2", "7", MARCH)) == ("E2", "E1")
    for device in ("T1", "T2"):
        user = with_recorded_id(user, f"badge:{device}:7", device)
    assert user.ids_of("E1") == {"badge:T1:7", "badge:T2:7"}
    assert user.ids_of("E2") == {"badge:T1:7"}
    assert user.holders("T1") == {"E1", "E2"}
    # Who held it once may have corrected its punches.
    assert with_badge(user, "hr:2", None).holders("T1") == {"E1", "E2"}


def test_a_row_that_ends_before_it_begins_holds_never() -> None:
    user = with_badge(DeviceUser(), "hr:1", hr("E1", valid_from="2026-04-01T00:00:00", valid_to="2026-03-01T00:00:00"))
    assert holder(user, APRIL) is None


@pytest.mark.parametrize("valid_from", ["0000-00-00 00:00:00", 7])
def test_a_row_without_a_readable_date_holds_always(valid_from: Any) -> None:  # noqa: ANN401  whatever a column holds
    assert holder(with_badge(DeviceUser(), "hr:1", hr("E1", valid_from=valid_from)), APRIL) == "E1"
