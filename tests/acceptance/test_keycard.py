"""The key-card data of a real office: whole hours in February 2023 as its author publishes them."""

import csv
from datetime import datetime
from pathlib import Path

from tests.integration.computing import Inputs
from tests.running_stack import RunningStack
from timecontrol.serving.compute import run
from timecontrol.warehouse.pools import connect

KEYCARD = Path(__file__).parents[2] / "examples" / "keycard"
KINDS = {"GATE_IN": "clock_in", "GATE_OUT": "clock_out"}


def test_whole_hours_of_every_user(stack: RunningStack) -> None:
    """For each of the 25 users the worked hours of February (UTC, rounded down) equal the column `time`."""
    settings = stack.require("postgres")
    inputs = Inputs(settings)
    inputs.empty()
    inputs.policy("none", {})
    with (KEYCARD / "in_out_data.csv").open(encoding="utf-8") as file:
        events = list(csv.DictReader(file))
    for user in sorted({event["user_id"] for event in events}):
        inputs.add("core.employees", employee_id=user, name=user, time_zone="UTC")
        inputs.add("core.policy_assignments", employee_id=user, policy="none")
    inputs.punches(
        (event["user_id"], KINDS[event["event_type"].upper()], datetime.fromisoformat(event["event_time"]))
        for event in events
    )

    run(settings, reason="key cards")

    with connect(settings, "reader") as connection:
        rows = connection.execute(
            "select employee_id, sum(worked_seconds) from marts.fct_workdays "
            "where workday between '2023-02-01' and '2023-02-28' group by employee_id"
        ).fetchall()
    computed = {employee_id: int(seconds // 3600) for employee_id, seconds in rows}
    with (KEYCARD / "expected_first.csv").open(encoding="utf-8") as file:
        expected = {row["user_id"]: int(row["time"]) for row in csv.DictReader(file)}
    assert len(expected) == 25
    assert computed == expected
