"""What the labour rules say, drawn and in the words of the explanation: findings by rule and status."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboards.charts import ranked_bars
from dashboards.theme import STATUS_COLOURS
from dashboards.timeline import Layers
from dashboards.words import STATUSES, rule
from timecontrol.serving.explain.model import Answer
from timecontrol.serving.explain.rules import compared, why

# The longest comparison, of a meal that was too late, stands in it uncut.
COMPARED_PIXELS = 400


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


def answer(row: Mapping[str, Any]) -> Answer:
    """A finding as a row of `queries.answers.ANSWER` has it."""
    return Answer(
        rule=row["rule"],
        on_date=row["date"],
        status=row["status"],
        reason=known(row["reason"]),
        required_minutes=known(row["required"]),
        actual_minutes=known(row["actual"]),
        parameter=row["parameter"],
        reference=known(row["reference"]),
        value=known(row["value"]),
    )


def known(value: Any) -> Any:  # noqa: ANN401  cells of any type
    """The cell of a frame; None where it is empty, which a frame may hold as a number that equals nothing."""
    return value if value == value else None  # noqa: PLR0124  that is what it is known by


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings with `why` a rule answers so, and what it `compared`; both may be empty."""
    answers = [answer(row) for row in frame.to_dict("records")]
    return frame.assign(
        title=frame["rule"].map(rule),
        why=[why(each) or "" for each in answers],
        compared=[compared(each) or "" for each in answers],
    )
