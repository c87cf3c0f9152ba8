"""One day of one employee: drawn, in words, with its pay lines, rules, exceptions and punches."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from dashboards.data import data
from dashboards.queries import hours
from dashboards.rules import answer, not_counted
from dashboards.side_by_side import side_by_side
from dashboards.tables import Lasting, table
from dashboards.timeline import Day, day_chart
from dashboards.words import (
    PUNCHES,
    SEVERITIES,
    SOURCES,
    exception,
    in_words,
    outcome,
    pay_code,
    rule,
    status,
)
from timecontrol.errors import UserError
from timecontrol.serving.explain.rules import compared, why
from timecontrol.serving.explain.words import duration

STATUS_SIGNS = {"violated": "✖", "satisfied": "✔", "pending": "…", "waived": "○"}
# Seconds of difference are not worth a word.
MINUTE = timedelta(minutes=1)
BOXES = {"error": st.error, "warning": st.warning}


def show_day(employee_id: str, sums: Mapping[str, Any], day: Day) -> None:
    """The day; `sums` is its row of `fct_workdays`."""
    st.subheader(f"{day.day:%A} {day.day.day} {day.day:%B %Y}", anchor=False)
    words = in_sentences(sums, day)
    st.markdown(words)
    if day.is_empty:
        st.info("Nothing was punched or planned on this day.", icon=":material/event_busy:")
    else:
        st.altair_chart(day_chart(day), alt="The day drawn. " + words.replace("**", ""))
    show_exceptions(employee_id, day)
    left, right = side_by_side()
    with left:
        show_pay(employee_id, day.day)
        show_findings(employee_id, day.day, is_carried=sums["carried_since"] is not None)
    with right:
        show_punches(day)
    show_explanation(employee_id, day.day)


def show_explanation(employee_id: str, day: date) -> None:
    """From punches to pay lines, with the rule behind each number; read only when somebody opens it."""
    if not st.toggle("Explain every minute of this day", key="explain", bind="query-params"):
        return
    try:
        with st.spinner("Following each minute from its punches to its pay lines …"):
            words = data().explanation(employee_id, day)
        st.code(words, language=None, wrap_lines=True)
    except UserError as error:
        st.info(str(error), icon=":material/event_busy:")


def in_sentences(sums: Mapping[str, Any], day: Day) -> str:
    """What was worked, and how it went with the shift."""
    worked = f"Worked **{duration(sums['worked_seconds'])}**, paid **{duration(sums['paid_seconds'])}**"
    breaks = sums["unpaid_break_seconds"]
    sentences = [f"{worked}, unpaid breaks {duration(breaks)}." if breaks else f"{worked}."]
    if sums["carried_since"] is not None:
        began = day.wall.clock(sums["carried_since"])
        sentences.append(f"At work since {began}: the policy cuts the shift where the workday begins.")
    if sums["is_open"]:
        sentences.append("**Still at work**: the day is not over.")
    sentences += [shift_in_words(shift, day) for shift in day.shifts]
    return " ".join(sentences)


def shift_in_words(shift: Mapping[str, Any], day: Day) -> str:
    """A sentence about one scheduled shift: its outcome by the policy, and how far the work lay from it, whatever the policy."""
    if shift["shift_start"] is None:
        return "Worked without a scheduled shift."
    times = f"{day.wall.clock(shift['shift_start'])}–{day.wall.clock(shift['shift_end'])}"
    parts = [f"Shift {times}: {outcome(shift['outcome']).lower()}"]
    if shift["worked_from"] is not None and shift["worked_from"] - shift["shift_start"] >= MINUTE:
        parts.append(f"began {duration(between(shift['shift_start'], shift['worked_from']))} after its start")
    if shift["worked_to"] is not None and shift["shift_end"] - shift["worked_to"] >= MINUTE:
        parts.append(f"ended {duration(between(shift['worked_to'], shift['shift_end']))} before its end")
    return ", ".join(parts) + "."


def between(start: datetime, end: datetime) -> int:
    """Whole seconds."""
    return int((end - start).total_seconds())


def show_pay(employee_id: str, day: date) -> None:
    """Pay lines of the day."""
    st.markdown("##### Pay lines")
    frame = data().read(hours.pay_lines(employee_id, day)).frame()
    if frame.empty:
        st.caption("None: nothing counts as paid time on this day yet.")
        return
    shown = frame.assign(
        code=frame["pay_code"].map(pay_code),
        lasting=frame["seconds"].map(duration),
        rate=frame["multiplier"].astype(float),
        kind=frame["on_top"].map({True: "on top of base pay", False: "base pay"}),
    )
    columns = {
        "code": "Pay code",
        "lasting": "Time",
        "seconds": Lasting("Paid"),
        "rate": st.column_config.NumberColumn("Multiplier", format="× %.2f"),
        "kind": "Counts as",
    }
    table(shown, columns, title=f"Pay lines {employee_id} {day}", key="day_pay")


def show_findings(employee_id: str, day: date, *, is_carried: bool) -> None:
    """What the rules say of the day; `is_carried` where a shift that began earlier has a part in it."""
    st.markdown("##### Rules")
    rows = data().read(hours.findings(employee_id, day)).records()
    if not rows and is_carried:
        st.caption("None: what the rules say of a shift is told on the workday on which it began.")
    elif not rows:
        st.caption("None: the employee's policy sets no rule, or nothing was worked.")
    for row in rows:
        reason = f" ({said})" if (said := why(answer(row))) else ""
        numbers = f": {said}" if (said := compared(answer(row))) else ""
        words = f"**{rule(row['rule'])}** {status(row['status']).lower()}{reason}{numbers}"
        st.markdown(f"{STATUS_SIGNS.get(row['status'], '–')} {words}")
        if row["reference"]:
            st.caption(row["reference"])
        for beside, law in not_counted(row):
            st.markdown(f":material/info: {beside[0].upper()}{beside[1:]}.")
            st.caption(law)


def show_exceptions(employee_id: str, day: Day) -> None:
    """What must be looked at, and what to do."""
    for row in data().read(hours.exceptions(employee_id, day.day)).records():
        heading = f"**{SEVERITIES[row['severity']]}: {exception(row['kind'])}** at {day.wall.clock(row['at'])}."
        BOXES.get(row["severity"], st.info)(f"{heading}  \n{row['detail'] or ''}")


def show_punches(day: Day) -> None:
    """The punches of the day, unused ones too."""
    st.markdown("##### Punches")
    if not day.punches:
        st.caption("None.")
        return
    rows = [
        {
            "at": day.wall.clock(row["occurred_at"]),
            "what": PUNCHES.get(row["kind"], in_words(row["kind"])),
            "taken": "used" if row["unused_because"] is None else f"not used: {row['unused_because']}",
            "source": SOURCES.get(row["source"], in_words(row["source"])),
            "device_id": row["device_id"],
        }
        for row in day.punches
    ]
    columns = {"at": "Local time", "what": "Punch", "taken": "Taken", "source": "From", "device_id": "Device"}
    table(pd.DataFrame(rows), columns, title="Punches of the day", key="day_punches")
