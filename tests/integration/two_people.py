"""Two people at two sites who worked ten hours on a Monday each: little enough to know every number of a comparison."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from tests.integration.computing import Inputs
from timecontrol.clock import FixedClock
from timecontrol.serving.compute import run
from timecontrol.serving.redis_client import read_redis
from timecontrol.settings import Settings

MONDAY = datetime(2026, 10, 5, 8, tzinfo=UTC)
TIERS = [{"over_minutes": 480, "pay_code": "overtime_150"}]
RESTS = {"minutes": 10, "per_work_minutes": 240, "major_fraction": True, "none_under_work_minutes": 0}


def two_people(settings: Settings) -> Inputs:
    """Their inputs, under a policy without overtime; not yet computed."""
    inputs = Inputs(settings)
    inputs.empty()
    inputs.add("policy.pay_codes", pay_code="overtime_150", title="Overtime", multiplier=1.5, on_top=False)
    inputs.policy("plain", {"workday.starts_at": "00:00"})
    for person, site in (("ada", "north"), ("ben", "south")):
        inputs.add("core.sites", site_id=site, name=site, time_zone="UTC")
        inputs.add("core.employees", employee_id=person, name=person, site_id=site, valid_from=date(2020, 1, 1))
        inputs.add("core.policy_assignments", employee_id=person, policy="plain", valid_from=date(2020, 1, 1))
        inputs.punch(person, "clock_in", MONDAY)
        inputs.punch(person, "clock_out", MONDAY + timedelta(hours=10))
    return inputs


def compute(settings: Settings) -> None:
    """A run a week later."""
    run(settings, reason="test of two people", clock=FixedClock(MONDAY + timedelta(days=7)))


def policy_text(name: str, parameters: dict[str, object]) -> str:
    """A policy's file with these values since 2000; YAML has JSON in it."""
    values = {
        key: [{"valid_from": "2000-01-01", "value": value, "reference": "draft"}] for key, value in parameters.items()
    }
    return json.dumps({"policy": name, "title": "A draft", "parameters": values})


def policy_file(folder: Path, name: str, parameters: dict[str, object]) -> Path:
    """The file of such a policy."""
    path = folder / f"{name}.yaml"
    path.write_text(policy_text(name, parameters))
    return path


def forget_comparisons(settings: Settings) -> None:
    """An empty board: a stack may have served another test."""
    redis = read_redis(settings)
    for key in redis.scan_iter("what_if:*"):
        redis.delete(key)
