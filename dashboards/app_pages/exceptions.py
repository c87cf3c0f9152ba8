"""Exceptions: what a person has to look at, by kind, severity and site, each with what to do."""

import pandas as pd
import streamlit as st

from dashboards import listing, provenance, viewing
from dashboards.charts import ranked_bars
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.listing import Listing
from dashboards.local_time import to_local
from dashboards.queries import exceptions
from dashboards.side_by_side import side_by_side
from dashboards.tables import THREE_LINES_PIXELS
from dashboards.theme import SEVERITY_COLOURS
from dashboards.words import SEVERITIES, exception

# Half of the page: what is wrong and what to do, up to some hundred and sixty characters, stands on three lines.
ADVICE_PIXELS = 440
SEVERITY_ICONS = {"error": ":material/error:", "warning": ":material/warning:", "info": ":material/info:"}
SEVERITY_SIGNS = {"error": "✖", "warning": "▲", "info": "●"}


def show(filters: Filters) -> None:
    """Counts, then the list."""
    counts = data().read(exceptions.counts(filters)).frame()
    if counts.empty:
        st.success("**Nothing to look at.** No exception in this period and filter.", icon=":material/task_alt:")
        return
    with st.container(horizontal=True):
        for severity, title in SEVERITIES.items():
            number = int(counts.loc[counts["severity"] == severity, "exceptions"].sum())
            st.metric(f"{title}s", f"{number:,}", icon=SEVERITY_ICONS[severity], border=True)
    counts["title"] = counts["kind"].map(exception)
    counts["level"] = counts["severity"].map(SEVERITIES)
    left, right = side_by_side()
    colours = {SEVERITIES[name]: colour for name, colour in SEVERITY_COLOURS.items()}
    for column, heading, name in ((left, "By kind", "title"), (right, "By site", "site")):
        with column:
            st.subheader(heading, anchor=False)
            st.altair_chart(
                ranked_bars(
                    counts, name=name, count="exceptions", count_title="Exceptions", group="level", colours=colours
                ),
                alt=f"Exceptions {heading.lower()} and severity",
            )
    show_list(sorted(set(counts["kind"]), key=exception), filters)


def show_list(kinds: list[str], filters: Filters) -> None:
    """The exceptions of a kind and severity, each with what to do."""
    st.subheader("What to do", anchor=False)
    titles = {exception(kind): kind for kind in kinds}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            "Kind", list(titles), index=None, placeholder="All kinds", key="kind", bind="query-params", width=280
        )
        severity = st.segmented_control("Severity", list(SEVERITIES.values()), key="severity", bind="query-params")
    severity_code = next((code for code, title in SEVERITIES.items() if title == severity), None)
    columns = {
        "level": "Severity",
        "title": "What",
        "name": "Name",
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "local": st.column_config.DatetimeColumn("At (local)", format="HH:mm"),
        "detail": st.column_config.TextColumn("What to do", width=ADVICE_PIXELS),
        "team": "Team",
        "site": "Site",
    }
    question = exceptions.listed(filters, titles.get(kind or ""), severity_code)
    found = Listing(
        "exceptions", "Exceptions", question, in_words, columns, day="workday", row_pixels=THREE_LINES_PIXELS
    )
    if not listing.show(found, filters):
        st.info("**None of this kind and severity.** Choose another kind, or all.", icon=":material/search_off:")


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as people read them."""
    return frame.assign(
        level=frame["severity"].map(lambda code: f"{SEVERITY_SIGNS[code]} {SEVERITIES[code]}"),
        title=frame["kind"].map(exception),
        local=to_local(frame["at"], frame["time_zone"]),
    )


with provenance.noted():
    show(viewing.filters())
