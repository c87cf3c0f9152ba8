"""What the labour rules say, drawn: findings by rule and status."""

from collections.abc import Sequence

import pandas as pd

from dashboards.charts import ranked_bars
from dashboards.theme import STATUS_COLOURS
from dashboards.timeline import Layers
from dashboards.words import STATUSES, rule


def findings_bars(findings: pd.DataFrame, count_title: str, pick: Sequence[str] = ()) -> Layers:
    """A bar for each rule of `findings` (columns rule, status, findings); the fields to `pick` are title and answer."""
    return ranked_bars(
        findings.assign(title=findings["rule"].map(rule), answer=findings["status"].map(STATUSES)),
        name="title",
        count="findings",
        count_title=count_title,
        group="answer",
        colours={STATUSES[code]: colour for code, colour in STATUS_COLOURS.items()},
        pick=pick,
    )
