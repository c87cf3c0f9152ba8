"""Breaks: how long they were, paid or not, required or not, and the break rules that were violated."""

import pandas as pd
import streamlit as st

from dashboards import provenance, viewing
from dashboards.charts import histogram, ranked_bars
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.local_time import to_local
from dashboards.queries import breaks
from dashboards.queries.sums import one_page
from dashboards.tables import page_number, pager, table
from dashboards.theme import STATUS_COLOURS, UNCERTAIN, UNPAID_BREAK, WORK
from dashboards.words import BREAK_TYPES, REASONS, STATUSES, in_words, plural, rule

VIOLATIONS_PAGE, BREAKS_PAGE = "violations_page", "breaks_page"
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
    summary = data().read(breaks.summary(filters))
    rules = data().read(breaks.findings_by_rule(filters)).frame()
    provenance.note(summary)
    numbers = summary.records()[0]
    if numbers["breaks"] == 0 and rules.empty:
        st.info(
            "**No breaks in this period.** Choose another period, or remove a filter above.",
            icon=":material/search_off:",
        )
        return
    show_tiles(numbers, rules, filters)
    left, right = st.columns(2, gap="medium")
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
    counts = rules.assign(title=rules["rule"].map(rule), answer=rules["status"].map(STATUSES))
    colours = {STATUSES[name]: colour for name, colour in STATUS_COLOURS.items()}
    st.altair_chart(
        ranked_bars(
            counts,
            name="title",
            count="findings",
            count_title="Findings (one for each worked day)",
            group="answer",
            colours=colours,
        ),
        alt="Findings of the break rules by status",
    )


def show_violations(filters: Filters) -> None:
    """Missing, short and late breaks."""
    st.subheader("Missing, short and late breaks", anchor=False)
    question = breaks.violations(filters)
    frame = data().read(one_page(question, page_number(VIOLATIONS_PAGE))).frame()
    if frame.empty and page_number(VIOLATIONS_PAGE) == 1:
        st.success(
            "**None.** Every break that a rule asks for was taken, long enough and in time.", icon=":material/task_alt:"
        )
        return
    columns = {
        "open": st.column_config.ButtonColumn("Day", key="open_violation", type="tertiary", width=70),
        "date": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "title": "Rule",
        "why": "What is wrong",
        "required": st.column_config.NumberColumn(
            "Limit (min)", format="%.0f", help="Late: by when it had to begin; short and missing: how long it had to be"
        ),
        "actual": st.column_config.NumberColumn("Actual (min)", format="%.0f"),
        "reference": "Reference",
        "team": "Team",
        "site": "Site",
    }
    table(
        with_rule(frame),
        columns,
        title="Break violations",
        key="violations",
        everything=lambda: with_rule(data().read(question).frame()),
    )
    pager(VIOLATIONS_PAGE, frame)
    viewing.open_clicked("open_violation", frame, "date", filters)


def with_rule(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with their rule and reason in words."""
    return frame.assign(
        open="Open",
        title=frame["rule"].map(rule),
        why=frame["reason"].map(lambda reason: REASONS.get(reason, in_words(reason or "violated"))),
    )


def show_breaks(filters: Filters) -> None:
    """Every break."""
    st.subheader("Every break", anchor=False)
    question = breaks.listed(filters)
    frame = data().read(one_page(question, page_number(BREAKS_PAGE))).frame()
    if frame.empty and page_number(BREAKS_PAGE) == 1:
        st.caption("No break was punched in this period.")
        return
    columns = {
        "open": st.column_config.ButtonColumn("Day", key="open_break", type="tertiary", width=70),
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "from": st.column_config.DatetimeColumn("From (local)", format="HH:mm"),
        "to": st.column_config.DatetimeColumn("To (local)", format="HH:mm"),
        "minutes": st.column_config.NumberColumn("Length (min)", format="%.0f"),
        "type": "Type",
        "asked": st.column_config.TextColumn(
            "Required", help="Whether a meal rule of the policy asked for a break on this day"
        ),
        "team": "Team",
        "site": "Site",
    }
    table(
        with_times(frame),
        columns,
        title="Breaks",
        key="breaks",
        everything=lambda: with_times(data().read(question).frame()),
    )
    pager(BREAKS_PAGE, frame)
    viewing.open_clicked("open_break", frame, "workday", filters)


def with_times(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with local times and words."""
    return frame.assign(
        open="Open",
        **{
            "from": to_local(frame["started_at"], frame["time_zone"]),
            "to": to_local(frame["ended_at"], frame["time_zone"]),
        },
        minutes=frame["seconds"] / 60,
        type=kind_of_break(frame),
        asked=frame["required"].map({True: "Required", False: "Not required"}),
    )


show(viewing.filters())
