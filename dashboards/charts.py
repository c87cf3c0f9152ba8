"""The charts that are not timelines: bars of counts and hours with titles, units, legends and tooltips."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from dashboards import theme
from dashboards.timeline import Layers

HEIGHT = 320
BAR_STEP = 34
# So much more than the longest bar, whose number stands behind its end, on a narrow page too.
ROOM_FOR_NUMBERS = 1.3
TICKS = 8
# A plot narrower than this has no room for a legend on one line.
ONE_LINE_PIXELS = 500
# Name of the selection that a click makes.
PICK = "pick"


def stacked_bars(
    frame: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    group: str,
    colours: Mapping[str, str],
    y_format: str = ",.0f",
    pick: Sequence[str] = (),
) -> alt.Chart:
    """Columns over the ordered texts of `x`, stacked by `group` in the order of `colours`.

    With `pick` a click on a part chooses it: the selection PICK holds these fields.
    """
    groups = [name for name in colours if name in set(frame[group])]
    order = {name: number for number, name in enumerate(groups)}
    return pickable(
        alt.Chart(frame.assign(order=frame[group].map(order)))
        .mark_bar(stroke="white", strokeWidth=0.5, cursor="pointer" if pick else "default")
        .encode(
            x=alt.X(
                f"{x}:N",
                sort=None,
                title=x_title,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelColor=theme.INK, titleColor=theme.MUTED),
            ),
            y=alt.Y(
                f"{y}:Q",
                title=y_title,
                axis=alt.Axis(
                    format=",.0f", tickMinStep=1, gridColor=theme.GRID, labelColor=theme.INK, titleColor=theme.MUTED
                ),
            ),
            color=colour(group, groups, colours),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip(f"{group}:N", title="What"),
                alt.Tooltip(f"{y}:Q", title=y_title, format=y_format),
            ],
        )
        .properties(height=HEIGHT),
        pick,
    )


def ranked_bars(
    frame: pd.DataFrame,
    *,
    name: str,
    count: str,
    count_title: str,
    group: str,
    colours: Mapping[str, str],
    count_format: str = ",",
    pick: Sequence[str] = (),
) -> Layers:
    """A bar for each name, the longest at the top, the rows of a name and group added up, its total at the end; `pick` as above."""
    groups = [item for item in colours if item in set(frame[group])]
    counted = frame.groupby([name, group])[[count]].sum().reset_index()
    totals = frame.groupby(name)[[count]].sum().sort_values(count, ascending=False).reset_index()
    order = {item: number for number, item in enumerate(groups)}
    y = alt.Y(
        f"{name}:N",
        sort=list(totals[name]),
        title=None,
        axis=alt.Axis(labelLimit=260, labelColor=theme.INK, labelFontSize=13),
    )
    x = alt.X(
        f"{count}:Q",
        title=count_title,
        axis=alt.Axis(
            tickMinStep=1, tickCount=TICKS, gridColor=theme.GRID, labelColor=theme.INK, titleColor=theme.MUTED
        ),
    )
    bars = pickable(
        alt.Chart(counted.assign(order=counted[group].map(order)))
        .mark_bar(stroke="white", strokeWidth=0.5, height={"band": 0.7}, cursor="pointer" if pick else "default")
        .encode(
            x=x,
            y=y,
            color=colour(group, groups, colours),
            order=alt.Order("order:Q"),
            tooltip=[
                alt.Tooltip(f"{name}:N", title="Kind"),
                alt.Tooltip(f"{group}:N", title="What"),
                alt.Tooltip(f"{count}:Q", title=count_title, format=count_format),
            ],
        ),
        pick,
    )
    numbers = (
        alt.Chart(totals)
        .mark_text(align="left", dx=6, color=theme.INK, fontSize=13)
        .encode(x=x, y=y, text=alt.Text(f"{count}:Q", format=count_format))
    )
    return alt.layer(bars, numbers).properties(height=alt.Step(BAR_STEP))


def paired_bars(frame: pd.DataFrame, *, name: str, colours: Mapping[str, str], count_title: str) -> Layers:
    """Two bars for each name, in the order of the rows: its numbers `old` and `new`; their difference stands below the name."""
    # The axis breaks its labels at this sign.
    frame = frame.assign(label=frame[name] + frame["difference"].map("|{:+,.2f}".format))
    sides = frame.melt(id_vars=["label", name], value_vars=["old", "new"], var_name="side", value_name="count")
    sides = sides.assign(side=sides["side"].str.capitalize())
    base = alt.Chart(sides).encode(
        x=alt.X(
            "count:Q",
            title=count_title,
            axis=alt.Axis(gridColor=theme.GRID, tickCount=TICKS, labelColor=theme.INK, titleColor=theme.MUTED),
            scale=alt.Scale(domain=[0, float(sides["count"].max()) * ROOM_FOR_NUMBERS or 1]),
        ),
        y=alt.Y(
            "label:N",
            sort=list(frame["label"]),
            title=None,
            axis=alt.Axis(labelExpr="split(datum.label, '|')", labelLimit=260, labelColor=theme.INK, labelFontSize=13),
        ),
        yOffset=alt.YOffset("side:N", sort=list(colours)),
    )
    bars = base.mark_bar().encode(
        color=colour("side", list(colours), colours),
        tooltip=[
            alt.Tooltip(f"{name}:N", title="What"),
            alt.Tooltip("side:N", title="Policy"),
            alt.Tooltip("count:Q", title=count_title, format=",.2f"),
        ],
    )
    numbers = base.mark_text(align="left", dx=6, color=theme.INK, fontSize=13).encode(
        text=alt.Text("count:Q", format=",.2f")
    )
    return alt.layer(bars, numbers).properties(height=alt.Step(BAR_STEP / 2))


def histogram(
    frame: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    width: int,
    count: str,
    count_title: str,
    group: str,
    colours: Mapping[str, str],
) -> alt.Chart:
    """Counts over equal bins that begin at `x` and are `width` wide, stacked by `group`."""
    groups = [name for name in colours if name in set(frame[group])]
    chart: alt.Chart = (
        alt.Chart(frame.assign(end=frame[x] + width, span=frame[x].map(lambda low: f"{low:.0f}–{low + width:.0f}")))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X(
                f"{x}:Q",
                title=x_title,
                bin="binned",
                axis=alt.Axis(tickMinStep=width, labelColor=theme.INK, titleColor=theme.MUTED),
            ),
            x2="end:Q",
            y=alt.Y(
                f"{count}:Q",
                title=count_title,
                axis=alt.Axis(gridColor=theme.GRID, labelColor=theme.INK, titleColor=theme.MUTED),
            ),
            color=colour(group, groups, colours),
            tooltip=[
                alt.Tooltip("span:N", title=x_title),
                alt.Tooltip(f"{group}:N", title="What"),
                alt.Tooltip(f"{count}:Q", title=count_title, format=","),
            ],
        )
        .properties(height=HEIGHT)
    )
    return chart


def pickable(chart: alt.Chart, fields: Sequence[str]) -> alt.Chart:
    """The chart, with a selection by click of these fields where there are any."""
    if not fields:
        return chart
    selection = alt.selection_point(name=PICK, fields=list(fields), on="click")
    return chart.add_params(selection)


def colour(group: str, groups: Sequence[str], colours: Mapping[str, str]) -> alt.Color:
    """The colours of the groups that occur, with a legend above the chart."""
    return alt.Color(
        f"{group}:N",
        scale=alt.Scale(domain=list(groups), range=[colours[name] for name in groups]),
        legend=alt.Legend(
            title=None,
            orient="top",
            labelColor=theme.INK,
            labelLimit=240,
            columns=alt.ExprRef(f"width < {ONE_LINE_PIXELS} ? 2 : 0"),
        ),
    )


def series_colours(names: Sequence[str]) -> dict[str, str]:
    """A colour for each of an open-ended list of names; after the last the colours begin anew."""
    return {name: theme.SERIES[number % len(theme.SERIES)] for number, name in enumerate(names)}
