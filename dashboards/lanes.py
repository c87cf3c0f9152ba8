"""A period drawn: a lane for each workday on one clock, so that habits and gaps show at a glance."""

from collections.abc import Sequence
from datetime import date

import altair as alt
import pandas as pd

from dashboards import theme
from dashboards.timeline import Day, Layers, bars, domain, plans, segment_colour, segment_tooltip

LANE_HEIGHT = 22
#: Name of the selection that a click on a bar makes; its field `day` is the ISO date.
PICK = "day"

# Hours past midnight are the next day's: said by a plus.
CLOCK_LABEL = (
    "(datum.value < 0 ? '−' : datum.value < 24 ? '' : '+') + "
    "timeFormat(datetime(2000, 0, 1, datum.value < 0 ? datum.value + 24 : datum.value), '%H:%M')"
)


def lanes(days: Sequence[Day]) -> Layers:
    """The workdays in the given order, the first at the top, each in its zone; a click on a bar chooses its day."""
    segment_frame = pd.concat([in_lane(bars(day), day.day) for day in days])
    plan_frame = pd.concat([in_lane(plans(day), day.day) for day in days])
    low, high = domain(segment_frame["start"], segment_frame["end"], plan_frame["start"], plan_frame["end"])
    axis = alt.Axis(
        values=list(range(low, high + 1, 2)),
        labelExpr=CLOCK_LABEL,
        title=f"Local time ({', '.join(sorted(names_of(days)))}); + is the next day, − the day before",
        gridColor=theme.GRID,
        labelColor=theme.INK,
        titleColor=theme.MUTED,
    )
    x = alt.X("start:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)
    order = [lane_name(day.day) for day in days]
    y = alt.Y(
        "lane:N", title=None, scale=alt.Scale(domain=order, paddingInner=0.25), axis=alt.Axis(labelColor=theme.INK)
    )
    planned = (
        alt.Chart(plan_frame)
        .mark_bar(fill=theme.SCHEDULED, stroke=theme.SCHEDULED_EDGE, strokeDash=[4, 3], height={"band": 1})
        .encode(
            x=x, x2="end:Q", y=y, tooltip=[alt.Tooltip("lane:N", title="Day"), alt.Tooltip("name:N", title="Shift")]
        )
    )
    worked = (
        alt.Chart(segment_frame)
        .mark_bar(stroke="white", strokeWidth=1, height={"band": 0.6}, cursor="pointer")
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            color=segment_colour(segment_frame),
            tooltip=[alt.Tooltip("lane:N", title="Day"), *segment_tooltip()],
        )
        .add_params(alt.selection_point(name=PICK, fields=["day"], on="click"))
    )
    return alt.layer(planned, worked).properties(height=alt.Step(LANE_HEIGHT))


def names_of(days: Sequence[Day]) -> set[str]:
    """The zones of the days as people read them, each once."""
    return {day.zone.key.replace("_", " ") for day in days}


def in_lane(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    """Bars with the lane they stand in."""
    return frame.assign(lane=lane_name(day), day=day.isoformat())


def lane_name(day: date) -> str:
    """`Mon 3 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"
