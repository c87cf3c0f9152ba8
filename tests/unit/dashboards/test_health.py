"""From measures to lights and words."""

import pytest

from dashboards import health
from dashboards.health import Check


@pytest.mark.parametrize(
    ("check", "light", "value"),
    [
        (health.programs({"kafka": "RUNNING", "mysql": "EXTERNAL"}), "green", "all 2 programs run"),
        (health.programs({"kafka": "RUNNING", "mysql": "PAUSED"}), "amber", "1 of 2 programs do not run"),
        (health.programs({"kafka": "FATAL", "mysql": "STOPPED"}), "red", "2 of 2 programs do not run"),
        (health.lag("timecontrol.sink_postgres", 0), "green", "0 records behind"),
        (health.lag("timecontrol.sink_postgres", 1_001), "amber", "1,001 records behind"),
        (health.lag("timecontrol.sink_postgres", 50_001), "red", "50,001 records behind"),
        (health.buffer(0, None), "green", "empty"),
        (health.buffer(1, 6.0), "amber", "1 entry, the oldest 6 s"),
        (health.buffer(12, 61.0), "red", "12 entries, the oldest 61 s"),
        (health.replica(10.0, 10), "green", "10 s behind"),
        (health.replica(11.0, 10), "amber", "11 s behind"),
        (health.replica(101.0, 10), "red", "2 min behind"),
        (health.replica(None, 10), "red", "no heartbeat yet"),
        (health.waiting(0, None), "green", "every punch is computed"),
        (health.waiting(3, 400.0), "red", "3 punches wait, the oldest 7 min"),
        (health.quarantine(0, 0, 0), "green", "nothing came in"),
        (health.quarantine(999, 0, 1), "green", "0.10% refused"),
        (health.quarantine(95, 0, 5), "red", "5.00% refused"),
        (health.last_run(None, None, None), "amber", "none yet"),
        (health.last_run("succeeded", 20.0, None), "green", "succeeded 20 s ago"),
        (health.last_run("failed", 20.0, "out of disk"), "red", "failed 20 s ago"),
    ],
)
def test_light_and_value(check: Check, light: str, value: str) -> None:
    assert (check.light, check.value) == (light, value)


def test_a_server_that_is_away_is_red_and_says_what_to_do() -> None:
    check = health.unreachable("Write buffer", "the Write Redis does not answer: refused\nmore")
    assert check.light == "red"
    assert check.meaning.startswith("the Write Redis does not answer: refused. ")
    assert "timecontrol stack up" in check.meaning


def test_after_a_run_that_failed_pages_may_hold_a_part_of_it() -> None:
    assert health.last_run("failed", 20.0, "out of disk").meaning == (
        "out of disk. Pages show the results of the run before and, in part, what this one had computed already; "
        "the next run that succeeds computes that anew."
    )
