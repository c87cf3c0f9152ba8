"""A comparison of two policies as programs read it."""

import json
from datetime import datetime

import pandas as pd

from timecontrol.policy.difference import FINDING_KEYS, LINE_KEYS, SIDES, Difference
from timecontrol.serving.replay import KnownRun

PAY_COLUMNS = [*LINE_KEYS, *SIDES, "multiplier", "on_top"]
FINDING_COLUMNS = [*FINDING_KEYS, *SIDES]


def to_json(found: Difference, rate: float | None = None) -> str:
    """Everybody's hours by pay code and findings by rule under both policies, with the run they were computed from."""
    content = {
        "run_id": found.run.run_id,
        "watermark": found.run.watermark,
        "now_at": found.run.now_at.isoformat(),
        "finished_at": found.run.finished_at.isoformat(),
        "pay": json.loads(found.worth(rate).to_json(orient="records")),
        "findings": json.loads(found.findings.to_json(orient="records")),
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def from_json(text: str) -> Difference:
    """What `to_json` wrote, without its money."""
    content = json.loads(text)
    run = KnownRun(
        content["run_id"],
        content["watermark"],
        datetime.fromisoformat(content["now_at"]),
        datetime.fromisoformat(content["finished_at"]),
    )
    pay = pd.DataFrame(content["pay"], columns=PAY_COLUMNS)
    findings = pd.DataFrame(content["findings"], columns=FINDING_COLUMNS)
    numbers = dict.fromkeys(SIDES, float)
    return Difference(run, pay.astype(numbers | {"multiplier": float}), findings.astype(numbers))
