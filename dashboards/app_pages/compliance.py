"""Shift compliance: what became of the shifts, what the rules say, and the rows behind each number."""

from collections.abc import Mapping
from functools import partial

import altair as alt
import pandas as pd
import streamlit as st

from dashboards import provenance, viewing
from dashboards.charts import PICK, ranked_bars, stacked_bars
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.local_time import to_local
from dashboards.queries import compliance
from dashboards.queries.sums import one_page
from dashboards.tables import page_number, pager, table
from dashboards.theme import OUTCOME_COLOURS, STATUS_COLOURS
from dashboards.timeline import Layers
from dashboards.words import OUTCOMES, REASONS, STATUSES, in_words, plural, rule

SHIFTS_PAGE, FINDINGS_PAGE, FREE_PAGE = "shifts_page", "findings_page", "free_page"
# Outcomes that went as they should; the others want attention.
GOOD = {"worked", "on_leave", "holiday", "pending"}


def show(filters: Filters) -> None:
    """Outcomes, findings, and who has no shift."""
    by_day = data().read(compliance.outcomes_by_day(filters))
    provenance.note(by_day)
    outcomes = by_day.frame()
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
    as_planned = int(over.loc[over["outcome"].isin(GOOD), "shifts"].sum())
    share = f"{as_planned / over['shifts'].sum():.1%}" if len(over) else "–"
    with st.container(horizontal=True):
        st.metric("Shifts over", f"{int(over['shifts'].sum()):,}", border=True)
        st.metric(
            "As planned", share, border=True, help="Worked as planned, on leave or holiday, of the shifts that are over"
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
    return frame.assign(what=frame["outcome"].map(lambda code: OUTCOMES.get(code, in_words(code))))


def show_shifts(outcome: str, filters: Filters) -> None:
    """The shifts with this outcome."""
    question = compliance.shifts(filters, outcome)
    frame = data().read(one_page(question, page_number(SHIFTS_PAGE))).frame()
    columns = {
        "open": st.column_config.ButtonColumn("Day", key="open_shift", type="tertiary", width=70),
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM"),
        "name": "Name",
        "from": st.column_config.DatetimeColumn("Shift from (local)", format="HH:mm"),
        "to": st.column_config.DatetimeColumn("Shift to (local)", format="HH:mm"),
        "worked": st.column_config.NumberColumn("Worked (h)", format="%.2f"),
        "late": st.column_config.NumberColumn("Late (min)", format="%.0f"),
        "early": st.column_config.NumberColumn("Left early (min)", format="%.0f"),
        "team": "Team",
        "site": "Site",
    }
    table(
        with_times(frame),
        columns,
        title=f"Shifts {OUTCOMES[outcome]}",
        key="shifts",
        everything=lambda: with_times(data().read(question).frame()),
    )
    pager(SHIFTS_PAGE, frame)
    viewing.open_clicked("open_shift", frame, "workday", filters)


def with_times(frame: pd.DataFrame) -> pd.DataFrame:
    """Shifts with local times."""
    return frame.assign(
        open="Open",
        **{
            "from": to_local(frame["shift_start"], frame["time_zone"]),
            "to": to_local(frame["shift_end"], frame["time_zone"]),
        },
        worked=frame["worked_seconds"] / 3600,
        late=frame["late_seconds"] / 60,
        early=frame["early_leave_seconds"] / 60,
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
    frame = findings.assign(title=findings["rule"].map(rule), answer=findings["status"].map(STATUSES))
    colours = {STATUSES[code]: colour for code, colour in STATUS_COLOURS.items()}
    st.altair_chart(
        ranked_bars(
            frame,
            name="title",
            count="findings",
            count_title="Findings (one for each day, week or rest that a rule looks at)",
            group="answer",
            colours=colours,
            pick=["title", "answer"],
        ),
        key="findings_chart",
        on_select=partial(take_pick, "findings_chart", {"title": "rule", "answer": "answer"}),
        selection_mode=PICK,
        alt="Findings by rule and status; choose a rule and a status below to see them",
    )
    rules = {code: rule(code) for code in sorted(set(findings["rule"]))}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        titles = list(rules.values())
        rule_title = st.selectbox("Rule", titles, key="rule", bind="query-params", width=280)
        code = next(code for code, title in rules.items() if title == rule_title)
        present = {row.status: int(row.findings) for row in findings[findings["rule"] == code].itertuples()}
        statuses = [STATUSES[status] for status in STATUSES if status in present]
        answer = st.segmented_control(
            "Status", statuses, default=statuses[0], required=True, key="answer", bind="query-params"
        )
    status = next((status for status, title in STATUSES.items() if title == answer), None)
    if status is not None and status in present:
        st.caption(f"{plural(present[status], 'finding')}: {rule(code)}, {STATUSES[status].lower()}")
        list_findings(code, status, filters)


def list_findings(code: str, status: str, filters: Filters) -> None:
    """The findings behind one number."""
    question = compliance.findings(filters, code, status)
    frame = data().read(one_page(question, page_number(FINDINGS_PAGE))).frame()
    columns = {
        "open": st.column_config.ButtonColumn("Day", key="open_finding", type="tertiary", width=70),
        "date": st.column_config.DateColumn("Date", format="ddd D MMM"),
        "name": "Name",
        "why": "Reason",
        "required": st.column_config.NumberColumn("Limit (min)", format="%.0f"),
        "actual": st.column_config.NumberColumn("Actual (min)", format="%.0f"),
        "policy": "Policy",
        "reference": "Reference",
        "team": "Team",
        "site": "Site",
    }
    table(
        with_reason(frame),
        columns,
        title=f"Findings {rule(code)} {STATUSES[status]}",
        key="findings",
        everything=lambda: with_reason(data().read(question).frame()),
    )
    pager(FINDINGS_PAGE, frame)
    viewing.open_clicked("open_finding", frame, "date", filters)


def with_reason(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings with the reason in words."""
    return frame.assign(
        open="Open", why=frame["reason"].map(lambda code: REASONS.get(code, in_words(code)) if code else "")
    )


def show_without_shift(filters: Filters) -> None:
    """Employees who have no shift."""
    st.subheader("Employees without a shift", anchor=False)
    question = compliance.without_shift(filters)
    frame = data().read(one_page(question, page_number(FREE_PAGE))).frame()
    if frame.empty and page_number(FREE_PAGE) == 1:
        st.success("**None.** Everybody active in this filter has a schedule.", icon=":material/task_alt:")
        return
    st.caption(
        "Active, and no shift is planned for them: nobody can be late or missing. Assign a schedule where there should be one."
    )
    columns = {
        "name": "Name",
        "employee_id": "Number",
        "team": "Team",
        "site": "Site",
        "days": st.column_config.NumberColumn("Days worked"),
        "hours": st.column_config.NumberColumn("Worked (h)", format="%.2f"),
        "last_day": st.column_config.DateColumn("Last worked", format="ddd D MMM YYYY"),
    }
    table(
        with_hours(frame),
        columns,
        title="Employees without a shift",
        key="without_shift",
        everything=lambda: with_hours(data().read(question).frame()),
    )
    pager(FREE_PAGE, frame)


def with_hours(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with hours for seconds."""
    return frame.assign(hours=frame["worked"] / 3600)


show(viewing.filters())
