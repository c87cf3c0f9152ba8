"""Device events: the same punch has the same id, by file and by push, today and in ten years."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingestion.sources.device_files.decode import FileSource, decode
from timecontrol.contracts.badges import badge_employee_id
from timecontrol.contracts.device_event import PROJECT_NAMESPACE, ZKTECO_STATES, DevicePunch

with (Path(__file__).parent / "golden/device_events.csv").open(encoding="utf-8", newline="") as file:
    GOLDEN = list(csv.DictReader(file))


@pytest.mark.parametrize("row", GOLDEN, ids=lambda row: row["event_id"])
def test_what_a_device_wrote_down_is_always_this_event(row: dict[str, str]) -> None:
    local = datetime.fromisoformat(row["local"])
    recorded = DevicePunch(row["device_id"], row["device_user"], local, int(row["fold"]), row["state"])
    assert str(recorded.event_id()) == row["event_id"]
    assert badge_employee_id(row["device_id"], row["device_user"]) == row["employee_id"]


def test_no_two_of_them_are_one() -> None:
    assert len({row["event_id"] for row in GOLDEN}) == len(GOLDEN)


def test_a_line_of_a_dump_is_the_event_that_a_push_would_be() -> None:
    [first] = (
        row for row in GOLDEN if (row["device_id"], row["state"], row["local"]) == ("T1", "1", "2024-03-01T08:00:00")
    )
    [found] = decode(
        b"        7\t2024-03-01 08:00:00\t1\t1\t1\t0\n", FileSource("ber", "T1", "Europe/Berlin"), datetime.now(UTC)
    ).punches
    assert (str(found.punch.event_id), found.punch.employee_id) == (first["event_id"], first["employee_id"])


def test_namespace_and_states_never_change() -> None:
    assert str(PROJECT_NAMESPACE) == "be072a25-d2f8-4060-a84a-16e6b9eef764"
    kinds = ("clock_in", "clock_out", "break_start", "break_end", "clock_in", "clock_out")
    assert {str(number): kind for number, kind in enumerate(kinds)} == ZKTECO_STATES
