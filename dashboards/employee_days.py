"""One employee's period: sums, the choice of a day, the period drawn, and the table of its days."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboards.balance import BALANCE, say_who_has_no_account
from dashboards.data import data
from dashboards.day_view import show_day
from dashboards.filters import Filters
from dashboards.lanes import PICK, lanes
from dashboards.queries import hours, people
from dashboards.tables import Lasting, table
from dashboards.timeline import Day, Rows
from dashboards.words import plural
from timecontrol.serving.explain.words import Wall

LANES = "lanes"
DAY = timedelta(days=1)


def show_employee(employee_id: str, filters: Filters) -> None:
    """Everything about one employee in the period."""
    who = data().read(people.employee(filters)).records()[0]
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
    segments = data().read(hours.segments(employee_id, filters.first_day, filters.last_day)).records()
    shifts = data().read(hours.shifts(employee_id, filters.first_day, filters.last_day)).records()
    now = result.computed.now_at if result.computed else data().clock.now()
    rows = result.records()
    days = [
        Day(
            row["workday"],
            ZoneInfo(row["time_zone"]),
            [segment for segment in segments if segment["workday"] == row["workday"]],
            shifts_of(row, shifts),
            [],
            now,
        )
        for row in rows
    ]
    show_tiles(frame)
    place = choose_day([day.day for day in days])
    punches = data().read(hours.punches(employee_id, days[place].day)).records()
    show_day(employee_id, rows[place], replace(days[place], punches=punches))
    st.subheader("The period", anchor=False)
    st.caption("A lane for each workday. Click a bar to see its day above.")
    st.altair_chart(
        lanes(days),
        key=LANES,
        on_select=choose_lane,
        selection_mode=PICK,
        alt=f"Segments of {who['name']} by workday; the table below has the same numbers",
    )
    show_days_table(frame, rows)


def shifts_of(sums: Mapping[str, Any], shifts: Rows) -> list[Mapping[str, Any]]:
    """Of these shifts those of the day, a row of `queries.hours.days`; first one that the policy cuts where the day begins."""
    day = sums["workday"]
    begins = datetime.combine(day, time.fromisoformat(sums["begins_at"] or "00:00"), ZoneInfo(sums["time_zone"]))
    is_cut = sums["attribution"] == "split_at_boundary"
    return [
        shift
        for shift in shifts
        if shift["workday"] == day
        or (is_cut and shift["workday"] == day - DAY and shift["shift_end"] is not None and shift["shift_end"] > begins)
    ]


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


def choose_day(days: Sequence[date]) -> int:
    """The place of the chosen workday; of the newest where none is chosen yet, with buttons for the day before and after."""
    names = [day.isoformat() for day in days]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Workday (the newest first)", names, key="day", bind="query-params", width=220)
        position = names.index(chosen)
        before, after = names[position + 1 : position + 2], names[max(position - 1, 0) : position]
        for heading, icon, target in (("Day before", "left", before), ("Day after", "right", after)):
            st.button(
                heading, icon=f":material/chevron_{icon}:", disabled=not target, on_click=set_day, args=tuple(target)
            )
    return position


def set_day(name: str) -> None:
    """Choose another day."""
    st.session_state["day"] = name


def show_days_table(frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same numbers as the lanes, of the same days once as a frame and once as they were read."""
    shown = frame.assign(
        first=pd.Series(map(first_in, rows), frame.index),
        last=pd.Series(map(last_out, rows), frame.index),
        balance_seconds=frame["balance_seconds"].where(frame["has_account"]),
    )
    columns = {
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM YYYY"),
        "first": "First in",
        "last": "Last out",
        "worked_seconds": Lasting("Worked"),
        "paid_seconds": Lasting("Paid"),
        "unpaid_break_seconds": Lasting("Unpaid breaks"),
        "scheduled_seconds": Lasting("Scheduled"),
        "balance_seconds": BALANCE,
    }
    table(shown, columns, title="Days of the employee", key="days")
    say_who_has_no_account(shown["balance_seconds"])


def first_in(row: Mapping[str, Any]) -> str | None:
    """The first clock in of a row of `queries.hours.days`; where work goes on from an earlier workday, since when it does."""
    wall = Wall(row["workday"], ZoneInfo(row["time_zone"]))
    own = None if row["first_in"] is None else wall.clock(row["first_in"])
    if row["carried_since"] is None:
        return own
    since = f"since {wall.clock(row['carried_since'])}"
    return since if own is None else f"{since}, then {own}"


def last_out(row: Mapping[str, Any]) -> str | None:
    """The last clock out of a row of `queries.hours.days`, also of what began on an earlier workday."""
    wall = Wall(row["workday"], ZoneInfo(row["time_zone"]))
    outs = [instant for instant in (row["last_out"], row["carried_until"]) if instant is not None]
    return wall.clock(max(outs)) if outs else None
