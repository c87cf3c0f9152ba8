"""A day drawn: the scheduled shift behind, the segments before it, the punches as marks; and a period, a lane for each day.

The axis of a day counts true elapsed hours from local midnight and is labelled with what the clock on the wall showed, so
that a day of 23 or 25 hours is drawn as long as it was.
"""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pandas as pd

from dashboards import theme
from dashboards.local_time import clock
from dashboards.words import BREAK_TYPES, PUNCHES, SEGMENTS, duration, in_words

# A bar narrower than this share of the axis has no room for its name; the tooltip says it.
LABEL_SHARE = 0.07
HEIGHT = 210
LANE_HEIGHT = 22


@dataclass(frozen=True)
class Day:
    """What is drawn of one workday; frames with the columns of `queries.hours`.

    Attributes:
        now: the instant up to which an open segment is drawn.
    """

    day: date
    zone: ZoneInfo
    segments: pd.DataFrame
    shifts: pd.DataFrame
    punches: pd.DataFrame
    now: datetime

    def hours(self, instant: datetime) -> float:
        """Elapsed hours since local midnight of the workday."""
        return (instant - datetime.combine(self.day, time(), self.zone)).total_seconds() / 3600


def segment_label(kind: str, break_type: str | None, is_paid: bool | None) -> str:  # noqa: FBT001  # a row's three values
    """The group of a segment in the legend."""
    if kind == "break":
        return "Paid break" if is_paid else "Unpaid break"
    return SEGMENTS.get(kind, in_words(kind))


def bars(day: Day) -> pd.DataFrame:
    """Segments as bars: start and end (hours), group, text and tooltip."""
    rows = []
    for row in day.segments.itertuples():
        is_open = pd.isna(row.ended_at)
        end = day.now if is_open else row.ended_at
        seconds = (end - row.started_at).total_seconds()
        name = BREAK_TYPES.get(row.break_type, "Break") if row.kind == "break" else SEGMENTS.get(row.kind, in_words(row.kind))
        rows.append(
            {
                "start": day.hours(row.started_at),
                "end": day.hours(end),
                "group": segment_label(row.kind, row.break_type, row.is_paid),
                "name": name,
                "length": duration(seconds) + (" so far" if is_open else ""),
                "from": clock(row.started_at, day.zone),
                "to": "still open" if is_open else clock(end, day.zone),
            }
        )
    return pd.DataFrame(rows, columns=["start", "end", "group", "name", "length", "from", "to"])


def plans(day: Day) -> pd.DataFrame:
    """Scheduled shifts as bars."""
    rows = [
        {
            "start": day.hours(row.shift_start),
            "end": day.hours(row.shift_end),
            "name": f"Scheduled {clock(row.shift_start, day.zone)}–{clock(row.shift_end, day.zone)}",
        }
        for row in day.shifts.itertuples()
        if not pd.isna(row.shift_start)
    ]
    return pd.DataFrame(rows, columns=["start", "end", "name"])


def marks(day: Day) -> pd.DataFrame:
    """Punches as marks; `used` says whether the computation takes them."""
    rows = [
        {
            "at": day.hours(row.occurred_at),
            "clock": row.occurred_at.astimezone(day.zone).strftime("%H:%M:%S"),
            "label": clock(row.occurred_at, day.zone),
            "name": PUNCHES.get(row.kind, in_words(row.kind)),
            "used": "Punch" if row.unused_because is None else "Punch not used",
            "why": row.unused_because or "used",
            "source": f"{row.source} · {row.device_id}",
        }
        for row in day.punches.itertuples()
    ]
    return pd.DataFrame(rows, columns=["at", "clock", "label", "name", "used", "why", "source"])


def day_chart(day: Day) -> alt.LayerChart:
    """The chart of one day."""
    segments, shifts, punches = bars(day), plans(day), marks(day)
    edges = [*segments["start"], *segments["end"], *shifts["start"], *shifts["end"], *punches["at"]]
    low, high = (floor(min(edges) - 0.25), ceil(max(edges) + 0.25)) if edges else (0, 24)
    x = scale_of_clock(day, low, high)
    wide = segments[(segments["end"] - segments["start"]) > LABEL_SHARE * (high - low)].assign(
        middle=lambda frame: (frame["start"] + frame["end"]) / 2
    )
    return alt.layer(
        *plan_layers(shifts, x),
        *segment_layers(segments, wide, x),
        *punch_layers(punches, x),
    ).properties(height=HEIGHT)


def scale_of_clock(day: Day, low: int, high: int) -> dict[str, Any]:
    """The axis from hour to hour, its labels what the wall clock showed then."""
    midnight = datetime.combine(day.day, time(), day.zone)
    step = 1 if high - low <= 14 else 2
    ticks = list(range(low, high + 1, step))
    labels = {str(hour): wall_clock(midnight, hour, day.day) for hour in ticks}
    axis = alt.Axis(
        values=ticks,
        labelExpr=f"{json.dumps(labels)}[toString(datum.value)]",
        grid=True,
        gridColor="#e6ebf1",
        title=f"Local time ({day.zone.key.replace('_', ' ')})",
        titleColor=theme.MUTED,
        labelColor=theme.INK,
        labelOverlap="greedy",
    )
    return {"scale": alt.Scale(domain=[low, high], nice=False), "axis": axis}


def wall_clock(midnight: datetime, hours: int, day: date) -> str:
    """What the clock shows so many elapsed hours after midnight; another date is named."""
    local = (midnight.astimezone(ZoneInfo("UTC")) + timedelta(hours=hours)).astimezone(midnight.tzinfo)
    return f"{local:%H:%M}" if local.date() == day else f"{local:%a %H:%M}"


def height(share: float) -> alt.YDatum:
    """A place between the bottom (0) and the top (1) of the chart."""
    return alt.YDatum(share, type="quantitative", scale=alt.Scale(domain=[0, 1]), axis=None)


def plan_layers(shifts: pd.DataFrame, x: dict[str, Any]) -> list[alt.Chart]:
    """The scheduled shift: a pale field behind everything, its times at the bottom."""
    base = alt.Chart(shifts)
    field = base.mark_rect(fill=theme.SCHEDULED, stroke="#7b8ba0", strokeDash=[4, 3]).encode(
        x=alt.X("start:Q", **x), x2="end:Q", y=height(0.02), y2=alt.datum(0.82), tooltip=[alt.Tooltip("name:N", title="Shift")]
    )
    text = base.mark_text(align="left", baseline="bottom", dx=6, dy=-2, color=theme.INK, fontSize=12).encode(
        x=alt.X("start:Q", **x), y=height(0.03), text="name:N"
    )
    return [field, text]


def segment_layers(segments: pd.DataFrame, wide: pd.DataFrame, x: dict[str, Any]) -> list[alt.Chart]:
    """The segments, coloured by what they are, with their name and length where there is room."""
    groups = list(theme.SEGMENT_COLOURS)
    colour = alt.Color(
        "group:N",
        scale=alt.Scale(domain=groups, range=list(theme.SEGMENT_COLOURS.values())),
        legend=alt.Legend(title=None, orient="top", values=[name for name in groups if name in set(segments["group"])]),
    )
    tooltip = [alt.Tooltip("name:N", title="Segment"), *(alt.Tooltip(f"{name}:N", title=name.capitalize()) for name in ("from", "to", "length"))]
    tooltip.append(alt.Tooltip("group:N", title="Counts as"))
    bar = alt.Chart(segments).mark_rect(stroke="white", strokeWidth=1.5, cornerRadius=3).encode(
        x=alt.X("start:Q", **x), x2="end:Q", y=height(0.26), y2=alt.datum(0.7), color=colour, tooltip=tooltip
    )
    text = alt.Chart(wide).mark_text(color="white", fontSize=13, fontWeight="bold", lineBreak="\n").encode(
        x=alt.X("middle:Q", **x), y=height(0.48), text=alt.Text("caption:N")
    ).transform_calculate(caption="datum.name + '\\n' + datum.length")
    return [bar, text]


def punch_layers(punches: pd.DataFrame, x: dict[str, Any]) -> list[alt.Chart]:
    """The punches: a filled mark where used, an empty one where not; the time above the used ones."""
    at = alt.X("at:Q", **x)
    tooltip = [
        alt.Tooltip("name:N", title="Punch"),
        alt.Tooltip("clock:N", title="At"),
        alt.Tooltip("why:N", title="Taken"),
        alt.Tooltip("source:N", title="From"),
    ]
    point = alt.Chart(punches).mark_point(shape="triangle-down", size=110, color=theme.INK, strokeWidth=1.5).encode(
        x=at,
        y=height(0.77),
        fill=alt.condition("datum.used == 'Punch'", alt.value(theme.INK), alt.value("white")),
        tooltip=tooltip,
    )
    text = alt.Chart(punches[punches["used"] == "Punch"]).mark_text(color=theme.INK, fontSize=12).encode(x=at, y=height(0.92), text="label:N")
    return [point, text]


def lanes(days: pd.DataFrame, segments: pd.DataFrame, shifts: pd.DataFrame, zone: ZoneInfo, now: datetime) -> alt.LayerChart:
    """A lane for each workday of the frame `days`, the newest at the top; a click on a bar chooses its day (parameter `day`)."""
    order = [lane_name(day) for day in days["workday"]]
    bar_rows, plan_rows = [], []
    for workday in days["workday"]:
        day = Day(
            workday,
            zone,
            segments[segments["workday"] == workday],
            shifts[shifts["workday"] == workday],
            pd.DataFrame(),
            now,
        )
        place = {"lane": lane_name(workday), "day": workday.isoformat()}
        bar_rows.append(bars(day).assign(**place))
        plan_rows.append(plans(day).assign(**place))
    bar_frame, plan_frame = pd.concat(bar_rows), pd.concat(plan_rows)
    low, high = lanes_domain(bar_frame, plan_frame)
    y = alt.Y("lane:N", sort=order, title=None, scale=alt.Scale(domain=order, paddingInner=0.25))
    ticks = list(range(low, high + 1, 2))
    axis = alt.Axis(
        values=ticks,
        labelExpr="datum.value < 24 ? timeFormat(datetime(2000, 0, 1, datum.value), '%H:%M') "
        ": '+' + timeFormat(datetime(2000, 0, 1, datum.value), '%H:%M')",
        title=f"Hours since midnight ({zone.key.replace('_', ' ')}; + the next day)",
        gridColor="#e6ebf1",
        labelColor=theme.INK,
        titleColor=theme.MUTED,
    )
    x = alt.X("start:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=axis)
    planned = (
        alt.Chart(plan_frame)
        .mark_bar(fill=theme.SCHEDULED, stroke="#7b8ba0", strokeDash=[4, 3], height={"band": 1})
        .encode(x=x, x2="end:Q", y=y, tooltip=[alt.Tooltip("lane:N", title="Day"), alt.Tooltip("name:N", title="Shift")])
    )
    chosen = alt.selection_point(name="day", fields=["day"], on="click")
    groups = list(theme.SEGMENT_COLOURS)
    worked = (
        alt.Chart(bar_frame)
        .mark_bar(stroke="white", strokeWidth=1, height={"band": 0.6}, cursor="pointer")
        .encode(
            x=x,
            x2="end:Q",
            y=y,
            color=alt.Color(
                "group:N",
                scale=alt.Scale(domain=groups, range=list(theme.SEGMENT_COLOURS.values())),
                legend=alt.Legend(title=None, orient="top", values=[name for name in groups if name in set(bar_frame["group"])]),
            ),
            tooltip=[
                alt.Tooltip("lane:N", title="Day"),
                alt.Tooltip("group:N", title="Segment"),
                alt.Tooltip("from:N", title="From"),
                alt.Tooltip("to:N", title="To"),
                alt.Tooltip("length:N", title="Length"),
            ],
        )
        .add_params(chosen)
    )
    return alt.layer(planned, worked).properties(height=alt.Step(LANE_HEIGHT))


def lane_name(day: date) -> str:
    """`Mon 3 Nov`."""
    return f"{day:%a} {day.day} {day:%b}"


def lanes_domain(segments: pd.DataFrame, shifts: pd.DataFrame) -> tuple[int, int]:
    """The first and last full hour that anything is drawn at."""
    edges = [*segments["start"], *segments["end"], *shifts["start"], *shifts["end"]]
    return (floor(min(edges)), ceil(max(edges))) if edges else (0, 24)
