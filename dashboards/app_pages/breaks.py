"""Breaks: how long they were, paid or not, required or not, and the break rules that were violated."""

import pandas as pd
import streamlit as st

from dashboards import listing, provenance, viewing
from dashboards.charts import histogram
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.listing import Listing
from dashboards.local_time import to_local
from dashboards.queries import breaks
from dashboards.rules import COMPARED_PIXELS, UNCOUNTED_PIXELS, WHY_PIXELS, findings_bars, in_words
from dashboards.side_by_side import side_by_side
from dashboards.tables import REFERENCE_PIXELS, THREE_LINES_PIXELS, Lasting
from dashboards.theme import UNCERTAIN, UNPAID_BREAK, WORK
from dashboards.words import BREAK_TYPES, plural
from timecontrol.serving.explain.words import duration

# Meal and rest, paid and unpaid are the common four; the others keep apart from them.
TYPE_COLOURS = {
    "Meal, unpaid": UNPAID_BREAK,
    "Meal, paid": "#7a4419",
    "Rest, paid": "#1f8a70",
    "Rest, unpaid": WORK,
    "Other break, unpaid": "#6f58c9",
    "Other break, paid": UNCERTAIN,
    "Sleep, unpaid": "#3b3f8f",
    "Sleep, paid": "#55626f",
}


def show(filters: Filters) -> None:
    """Sums and distribution, what the rules say, then every break."""
    numbers = data().read(breaks.summary(filters)).records()[0]
    rules = data().read(breaks.findings_by_rule(filters)).frame()
    if numbers["breaks"] == 0 and rules.empty:
        st.info(
            "**No breaks in this period.** Choose another period, or remove a filter above.",
            icon=":material/search_off:",
        )
        return
    show_tiles(numbers, rules, filters)
    left, right = side_by_side()
    with left:
        show_lengths(filters)
    with right:
        show_rules(rules)
    show_violations(filters)
    show_breaks(filters)


def show_tiles(numbers: dict[str, float], rules: pd.DataFrame, filters: Filters) -> None:
    """The sums of the page."""
    deducted = data().read(breaks.deducted(filters)).records()[0]
    violated = rules[rules["status"] == "violated"]
    with st.container(horizontal=True):
        st.metric(
            "Breaks",
            f"{numbers['breaks']:,}",
            border=True,
            help=f"Punched by {plural(int(numbers['people']), 'person', 'people')}",
        )
        st.metric("Unpaid", f"{numbers['unpaid'] / 3600:,.0f} h", border=True)
        st.metric("Paid", f"{numbers['paid'] / 3600:,.0f} h", border=True)
        st.metric(
            "Deducted by policy",
            f"{deducted['seconds'] / 3600:,.0f} h",
            border=True,
            help="Taken off although no break was punched",
        )
        for reason, title in (("missing", "Missing breaks"), ("short", "Too short"), ("late", "Too late")):
            st.metric(title, f"{int(violated.loc[violated['reason'] == reason, 'findings'].sum()):,}", border=True)


def show_lengths(filters: Filters) -> None:
    """How long breaks are."""
    st.subheader("How long breaks are", anchor=False)
    frame = data().read(breaks.lengths(filters)).frame()
    if frame.empty:
        st.caption("No break was punched in this period.")
        return
    frame["type"] = kind_of_break(frame)
    st.altair_chart(
        histogram(
            frame,
            x="minutes",
            x_title=f"Length (minutes; the last column is {breaks.LAST_BIN_MINUTES} and more)",
            width=breaks.BIN_MINUTES,
            count="breaks",
            count_title="Breaks",
            group="type",
            colours=TYPE_COLOURS,
        ),
        alt="Number of breaks by length in steps of five minutes, by type and pay",
    )


def kind_of_break(frame: pd.DataFrame) -> pd.Series:
    """`Meal, unpaid` and the like for each row."""
    types = frame["break_type"].map(lambda code: BREAK_TYPES.get(code, "Other break"))
    return types + frame["is_paid"].map(lambda paid: ", paid" if paid else ", unpaid")


def show_rules(rules: pd.DataFrame) -> None:
    """What the break rules say."""
    st.subheader("What the break rules say", anchor=False)
    if rules.empty:
        st.caption("No policy of these people has a break rule in this period.")
        return
    st.altair_chart(
        findings_bars(rules, "Findings (one for each worked day)"), alt="Findings of the break rules by status"
    )


def show_violations(filters: Filters) -> None:
    """Missing, short and late breaks."""
    st.subheader("Missing, short and late breaks", anchor=False)
    columns = {
        "date": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "title": "Rule",
        "why": st.column_config.TextColumn("What is wrong", width=WHY_PIXELS),
        "compared": st.column_config.TextColumn("What was compared", width=COMPARED_PIXELS),
        "not_counted": st.column_config.TextColumn("What did not count", width=UNCOUNTED_PIXELS),
        "measured": Lasting("Measured", "min"),
        "threshold": Lasting("Threshold", "min"),
        "team": "Team",
        "site": "Site",
        "reference": st.column_config.TextColumn("Reference", width=REFERENCE_PIXELS),
    }
    violations = Listing(
        "violations",
        "Break violations",
        breaks.violations(filters),
        in_words,
        columns,
        day="date",
        row_pixels=THREE_LINES_PIXELS,
    )
    if not listing.show(violations, filters):
        st.success(
            "**None.** Every break that a rule asks for was taken, long enough and in time.", icon=":material/task_alt:"
        )


def show_breaks(filters: Filters) -> None:
    """Every break."""
    st.subheader("Every break", anchor=False)
    columns = {
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "from": st.column_config.DatetimeColumn("From (local)", format="HH:mm:ss"),
        "to": st.column_config.DatetimeColumn("To (local)", format="HH:mm:ss"),
        "length": "Length",
        "seconds": Lasting("Length", "min"),
        "type": "Type",
        "asked": st.column_config.TextColumn(
            "Required", help="Whether a meal rule of the policy asked for a break on this day"
        ),
        "team": "Team",
        "site": "Site",
    }
    if not listing.show(
        Listing("breaks", "Breaks", breaks.listed(filters), with_times, columns, day="workday"), filters
    ):
        st.caption("No break was punched in this period.")


def with_times(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with local times and words."""
    return frame.assign(
        **{
            "from": to_local(frame["started_at"], frame["time_zone"]),
            "to": to_local(frame["ended_at"], frame["time_zone"]),
        },
        length=[duration(int(seconds)) for seconds in frame["seconds"]],
        type=kind_of_break(frame),
        asked=frame["required"].map({True: "Required", False: "Not required"}),
    )


with provenance.noted():
    show(viewing.filters())
