"""One employee's period: sums, the choice of a day, the period drawn, and the table of its days."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboards.data import data
from dashboards.day_view import show_day
from dashboards.filters import Filters
from dashboards.lanes import PICK, lanes
from dashboards.local_time import to_local
from dashboards.queries import hours, people
from dashboards.tables import table
from dashboards.timeline import Day
from dashboards.words import plural

LANES = "lanes"


def show_employee(employee_id: str, filters: Filters) -> None:
    """Everything about one employee in the period."""
    found = data().read(people.employee(filters))
    if not found.rows:
        st.info(
            f"**{filters.person} is of another site or team.** Remove the site or team filter above, or the person.",
            icon=":material/person_off:",
        )
        return
    who = found.records()[0]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"{who['name']} · {who['team']}, {who['site']}", anchor=False, width="content")
        st.space("stretch")
        st.button("All people", icon=":material/arrow_back:", on_click=clear_person)
    result = data().read(hours.days(employee_id, filters.first_day, filters.last_day))
    frame = result.frame()
    if frame.empty:
        st.info(
            f"**{who['name']} has no work, shift or leave in this period.** Choose a longer period above.",
            icon=":material/event_busy:",
        )
        return
    zones = {row["workday"]: ZoneInfo(row["time_zone"]) for row in result.records()}
    segments = data().read(hours.segments(employee_id, filters.first_day, filters.last_day)).records()
    shifts = data().read(hours.shifts(employee_id, filters.first_day, filters.last_day)).records()
    now = result.computed.now_at if result.computed else data().clock.now()
    show_tiles(frame)
    chosen = choose_day(list(zones))
    punches = data().read(hours.punches(employee_id, chosen, chosen)).records()
    show_day(
        employee_id,
        next(row for row in result.records() if row["workday"] == chosen),
        Day(
            chosen,
            zones[chosen],
            [row for row in segments if row["workday"] == chosen],
            [row for row in shifts if row["workday"] == chosen],
            punches,
            now,
        ),
    )
    st.subheader("The period", anchor=False)
    st.caption("A lane for each workday. Click a bar to see its day above.")
    st.altair_chart(
        lanes(zones, segments, shifts, now),
        key=LANES,
        on_select=choose_lane,
        selection_mode=PICK,
        alt=f"Segments of {who['name']} by workday; the table below has the same numbers",
    )
    show_days_table(frame)


def clear_person() -> None:
    """Back to everybody."""
    st.session_state["person"] = None


def choose_lane() -> None:
    """Choose the day of the bar that was clicked."""
    picked = st.session_state[LANES]["selection"].get(PICK) or []
    if picked:
        st.session_state["day"] = picked[0]["day"]


def show_tiles(frame: pd.DataFrame) -> None:
    """Sums of the period."""
    late = int((frame["late_seconds"] > 0).sum())
    with st.container(horizontal=True):
        st.metric("Days worked", int((frame["worked_seconds"] > 0).sum()), border=True)
        for name, heading in (("worked", "Worked"), ("paid", "Paid"), ("scheduled", "Scheduled")):
            st.metric(heading, f"{frame[f'{name}_seconds'].sum() / 3600:,.2f} h", border=True)
        st.metric("Late", plural(late, "day"), border=True, help="Began work later than the grace of the policy allows")


def choose_day(days: Sequence[date]) -> date:
    """The chosen workday; the newest where none is chosen yet, with buttons for the day before and after."""
    names = [day.isoformat() for day in days]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Workday (the newest first)", names, key="day", bind="query-params", width=220)
        position = names.index(chosen)
        before, after = names[position + 1 : position + 2], names[max(position - 1, 0) : position]
        for heading, icon, target in (("Day before", "left", before), ("Day after", "right", after)):
            st.button(
                heading, icon=f":material/chevron_{icon}:", disabled=not target, on_click=set_day, args=tuple(target)
            )
    return days[position]


def set_day(name: str) -> None:
    """Choose another day."""
    st.session_state["day"] = name


def show_days_table(frame: pd.DataFrame) -> None:
    """The same numbers as the lanes."""
    names = ("worked", "paid", "scheduled", "balance", "unpaid_break")
    shown = frame.assign(
        first=to_local(frame["first_in"], frame["time_zone"]),
        last=to_local(frame["last_out"], frame["time_zone"]),
        **{name: frame[f"{name}_seconds"] / 3600 for name in names},
    )
    columns = {
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM YYYY"),
        "first": st.column_config.DatetimeColumn("First in", format="HH:mm"),
        "last": st.column_config.DatetimeColumn("Last out", format="HH:mm"),
        "worked": st.column_config.NumberColumn("Worked (h)", format="%.2f"),
        "paid": st.column_config.NumberColumn("Paid (h)", format="%.2f"),
        "unpaid_break": st.column_config.NumberColumn("Unpaid breaks (h)", format="%.2f"),
        "scheduled": st.column_config.NumberColumn("Scheduled (h)", format="%.2f"),
        "balance": st.column_config.NumberColumn("Balance (h)", format="%.2f"),
    }
    table(shown, columns, title="Days of the employee", key="days")
