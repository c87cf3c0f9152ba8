"""One employee's days: the period drawn, and the chosen day with its punches, hours and the rules that applied."""

from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from dashboards import provenance
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.local_time import clock, to_local
from dashboards.queries import hours, people
from dashboards.tables import table
from dashboards.timeline import Day, day_chart, lanes
from dashboards.words import PUNCHES, SEVERITIES, duration, exception, in_words, outcome, pay_code, plural, rule, status
from dashboards.words import REASONS as REASON_WORDS


def show_employee(employee_id: str, filters: Filters) -> None:
    """Everything about one employee in the period."""
    found = data().read(people.employee(employee_id, filters.manager_id))
    if not found.rows:
        st.info(
            f"**No employee {employee_id} here.** The number is not known, or the person is not in your team. Clear the person filter above.",
            icon=":material/person_off:",
        )
        return
    who = found.records()[0]
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.subheader(f"{who['name']} · {who['team']}, {who['site']}", anchor=False, width="content")
        st.button("All people", icon=":material/arrow_back:", on_click=clear_person)
    days = data().read(hours.days(employee_id, filters.first_day, filters.last_day))
    provenance.note(days)
    frame = days.frame()
    if frame.empty:
        st.info(
            f"**{who['name']} has no work, shift or leave in this period.** Choose a longer period above.", icon=":material/event_busy:"
        )
        return
    zone = ZoneInfo(str(frame["time_zone"].iloc[0]))
    segments = data().read(hours.segments(employee_id, filters.first_day, filters.last_day)).frame()
    shifts = data().read(hours.shifts(employee_id, filters.first_day, filters.last_day)).frame()
    now = days.computed.now_at if days.computed else data().clock.now()
    show_tiles(frame)
    day = choose_day(list(frame["workday"]))
    show_day(employee_id, day, frame, segments, shifts, zone, now)
    st.subheader("The period", anchor=False)
    st.caption("A lane for each workday. Click a bar to see its day above.")
    st.altair_chart(
        lanes(frame, segments, shifts, zone, now),
        key="lanes",
        on_select=choose_lane,
        selection_mode="day",
        alt=f"Segments of {who['name']} by workday; the table below has the same numbers",
    )
    show_days_table(frame)


def clear_person() -> None:
    """Back to everybody."""
    st.session_state["person"] = None


def choose_lane() -> None:
    """Choose the day of the bar that was clicked."""
    picked = st.session_state["lanes"]["selection"].get("day") or []
    if picked:
        st.session_state["day"] = picked[0]["day"]


def show_tiles(frame: pd.DataFrame) -> None:
    """Sums of the period."""
    with st.container(horizontal=True):
        st.metric("Days worked", int((frame["worked_seconds"] > 0).sum()), border=True)
        for name, heading in (("worked_seconds", "Worked"), ("paid_seconds", "Paid"), ("scheduled_seconds", "Scheduled")):
            st.metric(heading, f"{frame[name].sum() / 3600:,.2f} h", border=True)
        st.metric("Late", plural(int((frame["late_seconds"] > 0).sum()), "day"), border=True, help="Came after the start of the shift")


def choose_day(days: list[date]) -> date:
    """The chosen workday; the newest where none is chosen yet, with buttons for the day before and after."""
    names = [day.isoformat() for day in days]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Workday", names, key="day", bind="query-params", format_func=lambda name: name, width=220, help="The newest first"
        )
        position = names.index(chosen)
        st.button("Day before", icon=":material/chevron_left:", disabled=position + 1 == len(names), on_click=set_day, args=(names, position + 1))
        st.button("Day after", icon=":material/chevron_right:", disabled=position == 0, on_click=set_day, args=(names, position - 1))
    return days[position]


def set_day(names: list[str], position: int) -> None:
    """Choose another day."""
    st.session_state["day"] = names[position]


def show_day(
    employee_id: str, day: date, days: pd.DataFrame, segments: pd.DataFrame, shifts: pd.DataFrame, zone: ZoneInfo, now: pd.Timestamp
) -> None:
    """The chosen day: drawn, in words, and its punches."""
    punches = data().read(hours.punches(employee_id, day, day)).frame()
    drawn = Day(day, zone, segments[segments["workday"] == day], shifts[shifts["workday"] == day], punches, now)
    sums = days[days["workday"] == day].iloc[0]
    st.subheader(f"{day:%A} {day.day} {day:%B %Y}", anchor=False)
    st.markdown(day_in_words(sums, drawn))
    if drawn.segments.empty and drawn.shifts.empty and drawn.punches.empty:
        st.info("Nothing was punched or planned on this day.", icon=":material/event_busy:")
    else:
        st.altair_chart(day_chart(drawn), alt="The day drawn: " + day_in_words(sums, drawn).replace("**", ""))
    left, right = st.columns([1, 1], gap="medium")
    with left:
        show_pay(employee_id, day)
        show_findings(employee_id, day)
    with right:
        show_exceptions(employee_id, day, zone)
        show_punches(punches, zone)


def day_in_words(sums: pd.Series, day: Day) -> str:
    """Two sentences: what was worked, and how it went with the shift."""
    worked = f"Worked **{duration(sums['worked_seconds'])}**, paid **{duration(sums['paid_seconds'])}**"
    worked += f", unpaid breaks {duration(sums['unpaid_break_seconds'])}." if sums["unpaid_break_seconds"] else "."
    if sums["is_open"]:
        worked += " **Still at work**: the day is not over."
    plans = []
    for shift in day.shifts.itertuples():
        if pd.isna(shift.shift_start):
            plans.append("Worked without a scheduled shift.")
            continue
        plan = f"Shift {clock(shift.shift_start, day.zone)}–{clock(shift.shift_end, day.zone)}: {outcome(shift.outcome).lower()}"
        late = f", {duration(shift.late_seconds)} late" if shift.late_seconds >= 60 else ""
        early = f", left {duration(shift.early_leave_seconds)} early" if shift.early_leave_seconds >= 60 else ""
        plans.append(f"{plan}{late}{early}.")
    return " ".join([worked, *plans])


def show_pay(employee_id: str, day: date) -> None:
    """Pay lines of the day."""
    st.markdown("##### Pay lines")
    frame = data().read(hours.pay_lines(employee_id, day)).frame()
    if frame.empty:
        st.caption("None: nothing counts as paid time on this day yet.")
        return
    frame["code"] = frame["pay_code"].map(pay_code)
    frame["hours"] = frame["seconds"] / 3600
    frame["rate"] = frame["multiplier"].astype(float)
    frame["kind"] = frame["on_top"].map({True: "on top of base pay", False: "base pay"})
    columns = {
        "code": "Pay code",
        "hours": st.column_config.NumberColumn("Hours", format="%.2f"),
        "rate": st.column_config.NumberColumn("Multiplier", format="× %.2f"),
        "kind": "Counts as",
    }
    table(frame, columns, title=f"Pay lines {employee_id} {day}", key="day_pay")


def show_findings(employee_id: str, day: date) -> None:
    """What the rules say of the day."""
    st.markdown("##### Rules")
    frame = data().read(hours.findings(employee_id, day)).frame()
    if frame.empty:
        st.caption("The employee's policy sets no rule for this day.")
    for row in frame.itertuples():
        icon = {"violated": "✖", "satisfied": "✔", "pending": "…", "waived": "○"}.get(row.status, "–")
        reason = f" ({REASON_WORDS.get(row.reason, in_words(row.reason))})" if row.reason else ""
        numbers = "" if row.required_minutes is None else f": required {row.required_minutes:.0f} min, actual {row.actual_minutes:.0f} min"
        st.markdown(f"{icon} **{rule(row.rule)}** {status(row.status).lower()}{reason}{numbers}  \n:gray[{row.reference or ''}]")


def show_exceptions(employee_id: str, day: date, zone: ZoneInfo) -> None:
    """What must be looked at."""
    frame = data().read(hours.exceptions(employee_id, day)).frame()
    for row in frame.itertuples():
        kind = exception(row.kind)
        text = f"**{SEVERITIES[row.severity]}: {kind.title}** at {clock(row.at, zone)}. {row.detail or ''}  \n{kind.action}"
        {"error": st.error, "warning": st.warning}.get(row.severity, st.info)(text)


def show_punches(punches: pd.DataFrame, zone: ZoneInfo) -> None:
    """The punches of the day, unused ones too."""
    st.markdown("##### Punches")
    if punches.empty:
        st.caption("None.")
        return
    frame = punches.assign(
        at=to_local(punches["occurred_at"], pd.Series(zone.key, index=punches.index)),
        what=punches["kind"].map(lambda kind: PUNCHES.get(kind, in_words(kind))),
        taken=punches["unused_because"].map(lambda reason: "used" if pd.isna(reason) else f"not used: {reason}"),
    )
    columns = {
        "at": st.column_config.DatetimeColumn("Local time", format="HH:mm:ss"),
        "what": "Punch",
        "taken": "Taken",
        "source": "From",
        "device_id": "Device",
    }
    table(frame, columns, title="Punches of the day", key="day_punches")


def show_days_table(frame: pd.DataFrame) -> None:
    """The same numbers as the lanes."""
    shown = frame.assign(
        first=to_local(frame["first_in"], frame["time_zone"]),
        last=to_local(frame["last_out"], frame["time_zone"]),
        **{name: frame[f"{name}_seconds"] / 3600 for name in ("worked", "paid", "scheduled", "balance", "unpaid_break")},
    )
    time_column = {"format": "HH:mm"}
    columns = {
        "workday": st.column_config.DateColumn("Workday", format="ddd D MMM YYYY"),
        "first": st.column_config.DatetimeColumn("First in", **time_column),
        "last": st.column_config.DatetimeColumn("Last out", **time_column),
        "worked": st.column_config.NumberColumn("Worked (h)", format="%.2f"),
        "paid": st.column_config.NumberColumn("Paid (h)", format="%.2f"),
        "unpaid_break": st.column_config.NumberColumn("Unpaid breaks (h)", format="%.2f"),
        "scheduled": st.column_config.NumberColumn("Scheduled (h)", format="%.2f"),
        "balance": st.column_config.NumberColumn("Balance (h)", format="%.2f"),
    }
    table(shown, columns, title="Days of the employee", key="days")
