"""A day drawn: the scheduled shift behind, the segments before it, the punches as marks.

The axis counts true elapsed hours from local midnight and is labelled with what the clock on the wall showed, so that a day
of 23 or 25 hours is drawn as long as it was.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor, inf
from typing import Any
from zoneinfo import ZoneInfo

import altair as alt
import pandas as pd

from dashboards import theme
from dashboards.local_time import clock
from dashboards.words import BREAK_TYPES, PUNCHES, SEGMENTS, in_words, so_far
from timecontrol.serving.explain.words import Wall, duration

# A bar narrower than this share of the axis has no room for its name; the tooltip says it.
LABEL_SHARE = 0.07
HEIGHT = 320
# The time of a punch stands on the lowest of these places above its mark where no other touches it.
LABEL_PLACES = (0.81, 0.89, 0.97)
# A label takes some forty pixels: so much of the axis of a chart at least as wide as WIDE, and of one on a phone.
WIDE = 600
WIDE_SHARE, NARROW_SHARE = 0.07, 0.14
# Up to this many hours every one is labelled, above every second.
HOURLY_LABELS = 14
# What nobody has ended is drawn to noon of the next day at most: drawn to now, days later, it would squeeze all else.
LAST_OPEN_HOUR = 36

Rows = Sequence[Mapping[str, Any]]
#: What Altair says that a chart of layers is.
Layers = alt.LayerChart | alt.FacetChart


@dataclass(frozen=True)
class Day:
    """What is drawn of one workday: rows of `queries.hours`.

    Attributes:
        now: the instant up to which an open segment is drawn.
    """

    day: date
    zone: ZoneInfo
    segments: Rows
    shifts: Rows
    punches: Rows
    now: datetime

    def hours(self, instant: datetime) -> float:
        """Elapsed hours since local midnight of the workday."""
        return (instant - datetime.combine(self.day, time(), self.zone)).total_seconds() / 3600

    @property
    def wall(self) -> Wall:
        """The clock by which times of the day are told."""
        return Wall(self.day, self.zone)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.segments or self.shifts or self.punches)


def bars(day: Day) -> pd.DataFrame:
    """Segments as bars: start and end (hours), group, name, length, from, to."""
    rows = []
    for row in day.segments:
        is_open = row["ended_at"] is None
        end = day.now if is_open else row["ended_at"]
        is_break = row["kind"] == "break"
        kind = SEGMENTS.get(row["kind"], in_words(row["kind"]))
        seconds = (end - row["started_at"]).total_seconds()
        rows.append(
            {
                "start": (start := day.hours(row["started_at"])),
                "end": min(day.hours(end), max(LAST_OPEN_HOUR, start + 1)) if is_open else day.hours(end),
                "group": ("Paid break" if row["is_paid"] else "Unpaid break") if is_break else kind,
                "name": BREAK_TYPES.get(row["break_type"], "Break") if is_break else kind,
                "length": f"{so_far(seconds)} so far" if is_open else duration(int(seconds)),
                "from": clock(row["started_at"], day.zone),
                "to": "still open" if is_open else clock(end, day.zone),
            }
        )
    return pd.DataFrame(rows, columns=["start", "end", "group", "name", "length", "from", "to"])


def plans(day: Day) -> pd.DataFrame:
    """Scheduled shifts as bars: start and end (hours), name."""
    rows = [
        {
            "start": day.hours(row["shift_start"]),
            "end": day.hours(row["shift_end"]),
            "name": f"Scheduled {clock(row['shift_start'], day.zone)}–{clock(row['shift_end'], day.zone)}",
        }
        for row in day.shifts
        if row["shift_start"] is not None
    ]
    return pd.DataFrame(rows, columns=["start", "end", "name"])


def marks(day: Day) -> pd.DataFrame:
    """Punches as marks: at (hours), clock, label, name, taken, source; `taken` is `used` or why not."""
    rows = [
        {
            "at": day.hours(row["occurred_at"]),
            "clock": row["occurred_at"].astimezone(day.zone).strftime("%H:%M:%S"),
            "label": clock(row["occurred_at"], day.zone),
            "name": PUNCHES.get(row["kind"], in_words(row["kind"])),
            "taken": "used" if row["unused_because"] is None else f"not used: {row['unused_because']}",
            "source": f"{row['source']} · {row['device_id']}",
        }
        for row in day.punches
    ]
    return pd.DataFrame(rows, columns=["at", "clock", "label", "name", "taken", "source"])


def domain(*edges: "pd.Series[float]") -> tuple[int, int]:
    """The first and last full hour that anything is drawn at; the whole day where nothing is."""
    values = [value for column in edges for value in column]
    return (floor(min(values) - 0.1), ceil(max(values) + 0.1)) if values else (0, 24)


def day_chart(day: Day) -> Layers:
    """The chart of one day."""
    segments, shifts, punches = bars(day), plans(day), marks(day)
    low, high = domain(segments["start"], segments["end"], shifts["start"], shifts["end"], punches["at"])
    x = clock_axis(day, low, high)
    return alt.layer(
        *plan_layers(shifts, x),
        *segment_layers(segments, x, LABEL_SHARE * (high - low)),
        punch_layer(punches, x),
        *label_layers(punches[punches["taken"] == "used"], x, high - low),
    ).properties(height=HEIGHT)


def clock_axis(day: Day, low: int, high: int) -> dict[str, Any]:
    """The axis from hour to hour, its labels what the wall clock showed then."""
    ticks = list(range(low, high + 1, 1 if high - low <= HOURLY_LABELS else 2))
    labels = {str(hour): wall_clock(day, hour) for hour in ticks}
    axis = alt.Axis(
        values=ticks,
        labelExpr=f"{json.dumps(labels)}[toString(datum.value)]",
        gridColor=theme.GRID,
        title=f"Local time ({day.zone.key.replace('_', ' ')})",
        titleColor=theme.MUTED,
        labelColor=theme.INK,
        labelOverlap="greedy",
    )
    return {"scale": alt.Scale(domain=[low, high], nice=False), "axis": axis}


def wall_clock(day: Day, hours: int) -> str:
    """What the clock shows so many elapsed hours after midnight; on another date with its weekday."""
    midnight = datetime.combine(day.day, time(), day.zone).astimezone(UTC)
    local = (midnight + timedelta(hours=hours)).astimezone(day.zone)
    return f"{local:%H:%M}" if local.date() == day.day else f"{local:%a %H:%M}"


def height(share: float) -> alt.YDatum:
    """A place between the bottom (0) and the top (1) of the chart."""
    return alt.YDatum(share, type="quantitative", scale=alt.Scale(domain=[0, 1]), axis=None)


def plan_layers(shifts: pd.DataFrame, x: dict[str, Any]) -> list[alt.Chart]:
    """The scheduled shift: a pale field behind everything, its times at the bottom."""
    field = (
        alt.Chart(shifts)
        .mark_rect(fill=theme.SCHEDULED, stroke=theme.SCHEDULED_EDGE, strokeDash=[4, 3])
        .encode(
            x=alt.X("start:Q", **x),
            x2="end:Q",
            y=height(0.02),
            y2=alt.datum(0.76),
            tooltip=[alt.Tooltip("name:N", title="Shift")],
        )
    )
    text = (
        alt.Chart(shifts)
        .mark_text(align="left", baseline="bottom", dx=6, dy=-4, color=theme.INK, fontSize=12)
        .encode(x=alt.X("start:Q", **x), y=height(0.03), text="name:N")
    )
    return [field, text]


def segment_layers(segments: pd.DataFrame, x: dict[str, Any], label_hours: float) -> list[alt.Chart]:
    """The segments, coloured by what they are, with their name and length where there is room."""
    wide = segments[(segments["end"] - segments["start"]) > label_hours]
    wide = wide.assign(middle=(wide["start"] + wide["end"]) / 2)
    middle = alt.X("middle:Q", **x)
    bar = (
        alt.Chart(segments)
        .mark_rect(stroke="white", strokeWidth=1.5, cornerRadius=3)
        .encode(
            x=alt.X("start:Q", **x),
            x2="end:Q",
            y=height(0.22),
            y2=alt.datum(0.64),
            color=segment_colour(segments),
            tooltip=segment_tooltip(),
        )
    )
    text = alt.Chart(wide).mark_text(color="white", fontSize=13)
    return [
        bar,
        text.encode(x=middle, y=height(0.48), text="name:N"),
        text.encode(x=middle, y=height(0.37), text="length:N"),
    ]


def segment_colour(segments: pd.DataFrame) -> alt.Color:
    """Colours of the groups, with a legend of those that occur."""
    groups = list(theme.SEGMENT_COLOURS)
    present = set(segments["group"])
    return alt.Color(
        "group:N",
        scale=alt.Scale(domain=groups, range=list(theme.SEGMENT_COLOURS.values())),
        legend=alt.Legend(
            title=None, orient="top", labelColor=theme.INK, values=[name for name in groups if name in present]
        ),
    )


def segment_tooltip() -> list[alt.Tooltip]:
    """What hovering over a segment says."""
    titles = {"name": "Segment", "from": "From", "to": "To", "length": "Length", "group": "Counts as"}
    return [alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()]


def punch_layer(punches: pd.DataFrame, x: dict[str, Any]) -> alt.Chart:
    """The punches: a filled mark where used, an empty one where not."""
    titles = {"name": "Punch", "clock": "At", "taken": "Taken", "source": "From"}
    point: alt.Chart = (
        alt.Chart(punches)
        .mark_point(shape="triangle-down", size=110, stroke=theme.INK, strokeWidth=1.5)
        .encode(
            x=alt.X("at:Q", **x),
            y=height(0.72),
            fill=alt.condition("datum.taken == 'used'", alt.value(theme.INK), alt.value("white")),
            tooltip=[alt.Tooltip(f"{name}:N", title=title) for name, title in titles.items()],
        )
    )
    return point


def label_layers(punches: pd.DataFrame, x: dict[str, Any], hours: int) -> list[alt.Chart]:
    """The times above the marks of an axis of so many hours, placed once for a wide chart and once for a phone's."""
    layers = []
    for condition, share in ((f"width >= {WIDE}", WIDE_SHARE), (f"width < {WIDE}", NARROW_SHARE)):
        placed = punches.assign(place=pd.Series(places(punches["at"], share * hours), punches.index, dtype=float))
        layers.append(
            alt.Chart(placed.dropna(subset="place"))
            .mark_text(color=theme.INK, fontSize=12, opacity=alt.ExprRef(f"{condition} ? 1 : 0"))
            .encode(
                x=alt.X("at:Q", **x),
                y=alt.Y("place:Q", scale=alt.Scale(domain=[0, 1]), axis=None),
                text="label:N",
            )
        )
    return layers


def places(instants: Iterable[float], room: float) -> list[float | None]:
    """For labels at these ascending instants, each `room` wide, the lowest place that is free; None where none is."""
    free_from = dict.fromkeys(LABEL_PLACES, -inf)
    found = []
    for instant in instants:
        place = next((place for place, free in free_from.items() if instant >= free), None)
        if place is not None:
            free_from[place] = instant + room
        found.append(place)
    return found
