"""What the labour rules say, drawn and in the words of the explanation: findings by rule and status."""

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboards.charts import ranked_bars
from dashboards.tables import Lasting
from dashboards.theme import STATUS_COLOURS
from dashboards.timeline import Layers
from dashboards.words import MINUTE, STATUSES, rule, unit
from timecontrol.serving.explain.model import Answer
from timecontrol.serving.explain.rules import compared, why
from timecontrol.serving.explain.uncounted import paid_breaks, uncounted
from timecontrol.serving.explain.words import Wall

# On three lines the longest comparison, of a meal that was too late, and a paid break with its times and why it is paid.
COMPARED_PIXELS = 200
UNCOUNTED_PIXELS = 300
WHY_PIXELS = 130


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
        paid_breaks=paid_breaks(known(row["paid_breaks"]), row["date"]),
    )


def not_counted(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Of each break that a finding, a row as above, does not count since it is paid: a sentence, and the law behind it."""
    found = known(row["paid_breaks"])
    if found is None:
        return []
    wall = Wall(row["date"], ZoneInfo(found["time_zone"]))
    return [(said + reason.sentence, reason.reference or "") for said, reason in uncounted(answer(row), wall)]


def known(value: Any) -> Any:  # noqa: ANN401  cells of any type
    """The cell of a frame; None where it is empty, which a frame may hold as a number that equals nothing."""
    return value if value == value else None  # noqa: PLR0124  that is what it is known by


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings with `why` a rule answers so, what it `compared` and what it had `not_counted`; each may be empty."""
    rows: list[dict[str, Any]] = [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]
    answers = [answer(row) for row in rows]
    return frame.assign(
        title=frame["rule"].map(rule),
        why=[why(each) or "" for each in answers],
        compared=[compared(each) or "" for each in answers],
        not_counted=["; ".join(said for said, _ in not_counted(row)) for row in rows],
        measured=pd.Series(
            [in_own_unit(each.rule, each.actual_minutes) for each in answers], frame.index, dtype="Int64"
        ),
        threshold=pd.Series(
            [in_own_unit(each.rule, each.required_minutes) for each in answers], frame.index, dtype="Int64"
        ),
    )


def in_own_unit(code: str, number: float | None) -> int | None:
    """A number of a finding as tables hold it: whole seconds, of the one rule that counts days days."""
    if number is None:
        return None
    return round(number * MINUTE) if unit(code) == "min" else round(number)


def number_columns(code: str) -> dict[str, object]:
    """The columns of what a rule measured and of its threshold."""
    titles = {"measured": "Measured", "threshold": "Threshold"}
    if unit(code) == "min":
        return {name: Lasting(title, "min") for name, title in titles.items()}
    return {name: st.column_config.NumberColumn(f"{title} ({unit(code)})") for name, title in titles.items()}
