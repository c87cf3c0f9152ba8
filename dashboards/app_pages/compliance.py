"""Shift compliance: what became of the shifts, what the rules say, and the rows behind each number."""

from collections.abc import Mapping
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import listing, provenance, viewing
from dashboards.charts import PICK, ranked_bars, stacked_bars
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.listing import Listing
from dashboards.local_time import to_local
from dashboards.queries import compliance
from dashboards.rules import COMPARED_PIXELS, UNCOUNTED_PIXELS, WHY_PIXELS, findings_bars, in_words, number_columns
from dashboards.tables import REFERENCE_PIXELS, THREE_LINES_PIXELS, Lasting
from dashboards.theme import OUTCOME_COLOURS
from dashboards.timeline import Layers
from dashboards.words import OUTCOMES, STATUSES, outcome, plural, rule

# Outcomes that went as they should; the others want attention.
GOOD = {"worked", "on_leave", "holiday", "pending"}


def show(filters: Filters) -> None:
    """Outcomes, findings, and who has no shift."""
    outcomes = data().read(compliance.outcomes_by_day(filters)).frame()
    findings = data().read(compliance.findings_by_rule(filters)).frame()
    if outcomes.empty and findings.empty:
        st.info(
            "**No shift and no finding in this period.** Choose another period, or remove a filter above.",
            icon=":material/search_off:",
        )
    else:
        show_tiles(outcomes, findings)
        show_outcomes(outcomes, filters)
        show_findings(findings, filters)
    show_without_shift(filters)


def show_tiles(outcomes: pd.DataFrame, findings: pd.DataFrame) -> None:
    """The sums of the page."""
    over = outcomes[~outcomes["outcome"].isin(["pending", "unscheduled"])]
    as_it_should = int(over.loc[over["outcome"].isin(GOOD), "shifts"].sum())
    share = f"{as_it_should / over['shifts'].sum():.1%}" if len(over) else "–"
    with st.container(horizontal=True):
        st.metric("Shifts over", f"{int(over['shifts'].sum()):,}", border=True)
        st.metric(
            "Worked or excused",
            share,
            border=True,
            help="Worked in time, on leave or holiday, of the shifts that are over",
        )
        st.metric(
            "No show or absent",
            f"{int(over.loc[over['outcome'].isin(['no_show', 'absent']), 'shifts'].sum()):,}",
            border=True,
        )
        st.metric(
            "Late or left early",
            f"{int(over.loc[over['outcome'].isin(['late', 'left_early', 'late_and_left_early']), 'shifts'].sum()):,}",
            border=True,
            help="By more than the grace of the policy. A policy without shift.late_grace_minutes and "
            "shift.early_leave_grace_minutes calls nobody late; each day's page says when the work began and ended",
        )
        st.metric(
            "Violated findings",
            f"{int(findings.loc[findings['status'] == 'violated', 'findings'].sum()):,}",
            border=True,
        )


def show_outcomes(by_day: pd.DataFrame, filters: Filters) -> None:
    """Stacked bars by day or site, and the shifts behind an outcome."""
    st.subheader("What became of the shifts", anchor=False)
    if by_day.empty:
        st.caption("No shift in this period.")
        return
    colours = {OUTCOMES[code]: colour for code, colour in OUTCOME_COLOURS.items()}
    grouping = st.segmented_control(
        "Show by", ["Day", "Site"], default="Day", required=True, key="by", bind="query-params"
    )
    if grouping == "Day":
        frame = in_outcome_words(by_day).assign(day=by_day["workday"].map(lambda day: f"{day:%a} {day.day} {day:%b}"))
        chart: alt.Chart | Layers = stacked_bars(
            frame,
            x="day",
            x_title="Workday",
            y="shifts",
            y_title="Shifts",
            group="what",
            colours=colours,
            pick=["what"],
        )
    else:
        frame = in_outcome_words(data().read(compliance.outcomes_by_site(filters)).frame())
        chart = ranked_bars(
            frame, name="site", count="shifts", count_title="Shifts", group="what", colours=colours, pick=["what"]
        )
    st.altair_chart(
        chart,
        key=f"outcomes_{grouping}",
        on_select=partial(take_pick, f"outcomes_{grouping}", {"what": "outcome"}),
        selection_mode=PICK,
        alt=f"Shifts by {str(grouping).lower()} and outcome; choose an outcome below to see the shifts",
    )
    present = [title for code, title in OUTCOMES.items() if code in set(by_day["outcome"])]
    chosen = st.pills("Click a bar or choose an outcome to see its shifts", present, key="outcome", bind="query-params")
    if chosen is not None:
        show_shifts(next(code for code, title in OUTCOMES.items() if title == chosen), filters)


def take_pick(chart: str, keys: Mapping[str, str]) -> None:
    """Take over what was clicked in a chart: `keys` names the widget for each field."""
    picked = st.session_state[chart]["selection"].get(PICK) or []
    if picked:
        for field, key in keys.items():
            st.session_state[key] = picked[0][field]


def in_outcome_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with the outcome as people call it."""
    return frame.assign(what=frame["outcome"].map(outcome))


def show_shifts(outcome: str, filters: Filters) -> None:
    """The shifts with this outcome."""
    columns = {
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "from": st.column_config.DatetimeColumn("Shift from (local)", format="HH:mm"),
        "to": st.column_config.DatetimeColumn("Shift to (local)", format="HH:mm"),
        "worked_seconds": Lasting("Worked"),
        "late_seconds": Lasting("Late", "min"),
        "early_leave_seconds": Lasting("Left early", "min"),
        "team": "Team",
        "site": "Site",
    }
    question = compliance.shifts(filters, outcome)
    listing.show(
        Listing("shifts", f"Shifts {OUTCOMES[outcome]}", question, with_times, columns, day="workday"), filters
    )


def with_times(frame: pd.DataFrame) -> pd.DataFrame:
    """Shifts with local times."""
    return frame.assign(
        **{
            "from": to_local(frame["shift_start"], frame["time_zone"]),
            "to": to_local(frame["shift_end"], frame["time_zone"]),
        }
    )


def show_findings(findings: pd.DataFrame, filters: Filters) -> None:
    """Findings by rule and status, and those behind a number."""
    st.subheader("What the labour rules say", anchor=False)
    if findings.empty:
        st.info(
            "**No rule applies here.** The policies of these people set no compliance rule in this period.",
            icon=":material/rule:",
        )
        return
    st.altair_chart(
        findings_bars(findings, "Findings", pick=["title", "answer"]),
        key="findings_chart",
        on_select=partial(take_pick, "findings_chart", {"title": "rule", "answer": "answer"}),
        selection_mode=PICK,
        alt="Findings by rule and status; choose a rule and a status below to see them",
    )
    st.caption(
        "A finding is the answer of one rule for one day, week or rest that it looks at. Click a bar to see its findings."
    )
    rules = {code: rule(code) for code in most_violated_first(findings)}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = list(rules.values())
        rule_title = st.selectbox("Rule", titles, key="rule", bind="query-params", width=280)
        code = next(code for code, title in rules.items() if title == rule_title)
        of_rule = findings[findings["rule"] == code]
        present = dict(zip(of_rule["status"], of_rule["findings"], strict=True))
        statuses = [STATUSES[status] for status in STATUSES if status in present]
        answer = st.segmented_control(
            "Status", statuses, default=statuses[0], required=True, key="answer", bind="query-params"
        )
    status = next((status for status, title in STATUSES.items() if title == answer), None)
    if status is not None and status in present:
        st.caption(f"{plural(present[status], 'finding')}: {rule(code)}, {STATUSES[status].lower()}")
        list_findings(code, status, filters)


def most_violated_first(findings: pd.DataFrame) -> list[str]:
    """The rules that occur, so that what wants attention is looked at first."""
    violated = findings[findings["status"] == "violated"].groupby("rule")["findings"].sum()
    return sorted(set(findings["rule"]), key=lambda code: (-violated.get(code, 0), rule(code)))


def list_findings(code: str, status: str, filters: Filters) -> None:
    """The findings behind one number."""
    columns = {
        "date": st.column_config.DateColumn("Date", format="ddd D MMM"),
        "name": "Name",
        "why": st.column_config.TextColumn("Reason", width=WHY_PIXELS),
        "compared": st.column_config.TextColumn("What was compared", width=COMPARED_PIXELS),
        "not_counted": st.column_config.TextColumn("What did not count", width=UNCOUNTED_PIXELS),
        **number_columns(code),
        "team": "Team",
        "site": "Site",
        "policy": "Policy",
        "reference": st.column_config.TextColumn("Reference", width=REFERENCE_PIXELS),
    }
    title = f"Findings {rule(code)} {STATUSES[status]}"
    question = compliance.findings(filters, code, status)
    found = Listing("findings", title, question, in_words, columns, day="date", row_pixels=THREE_LINES_PIXELS)
    listing.show(found, filters)


def show_without_shift(filters: Filters) -> None:
    """Employees who have no shift."""
    st.subheader("Employees without a shift", anchor=False)
    st.caption(
        "Active, and no shift is planned for them: nobody can be late or missing. Assign a schedule where there should be one."
    )
    columns = {
        "name": "Name",
        "employee_id": "Number",
        "team": "Team",
        "site": "Site",
        "days": st.column_config.NumberColumn("Days worked"),
        "worked": Lasting("Worked"),
        "last_day": st.column_config.DateColumn("Last worked", format="ddd D MMM YYYY"),
    }
    question = compliance.without_shift(filters)
    free = Listing("without_shift", "Employees without a shift", question, as_they_are, columns)
    if not listing.show(free, filters):
        st.success("**None.** Everybody active in this filter has a schedule.", icon=":material/task_alt:")


def as_they_are(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of a list that needs no words."""
    return frame


with provenance.noted():
    show(viewing.filters())
