"""Hours and timesheets: totals of a period by employee, and one employee's days."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboards import provenance, viewing
from dashboards.charts import series_colours, stacked_bars
from dashboards.data import data
from dashboards.employee_days import show_employee
from dashboards.filters import Filters
from dashboards.queries import hours
from dashboards.queries.sums import one_page
from dashboards.tables import OPEN, page_number, pager, table
from dashboards.words import pay_code

PAGE = "hours_page"
# Columns of the table that hold the hours of a pay code.
PAY = "pay_"
IN_HOURS = ("worked", "paid", "scheduled", "balance", "unpaid_breaks")


def show(filters: Filters) -> None:
    """One employee's days where one is chosen, else everybody's totals."""
    if filters.employee_id is not None:
        show_employee(filters.employee_id, filters)
        return
    numbers = data().read(hours.summary(filters)).records()[0]
    if numbers["people"] == 0:
        st.info(
            "**No hours in this period.** Choose another period, or remove a filter above.",
            icon=":material/search_off:",
        )
        return
    show_tiles(numbers, filters)
    weeks = data().read(hours.by_week(filters)).frame()
    show_weeks(weeks)
    show_totals(weeks, filters)


def show_tiles(numbers: dict[str, int], filters: Filters) -> None:
    """The sums of everything below."""
    overtime = data().read(hours.overtime(filters)).records()[0]["seconds"]
    with st.container(horizontal=True):
        st.metric("People with hours", f"{numbers['people']:,}", border=True)
        st.metric(
            "Worked",
            f"{numbers['worked'] / 3600:,.0f} h",
            border=True,
            help="Presence less unpaid breaks and deductions",
        )
        st.metric(
            "Paid",
            f"{numbers['paid'] / 3600:,.0f} h",
            border=True,
            help="Base pay lines; premiums on top are not in it",
        )
        st.metric(
            "Overtime",
            f"{overtime / 3600:,.0f} h",
            border=True,
            help="Paid at more than the plain rate; part of the paid hours",
        )
        st.metric(
            "Scheduled",
            f"{numbers['scheduled'] / 3600:,.0f} h",
            border=True,
            help="Shifts of the period less their unpaid breaks",
        )


def show_weeks(weeks: pd.DataFrame) -> None:
    """Base pay by week and pay code; premiums on top would count an hour twice."""
    weeks = weeks[~weeks["on_top"].astype(bool)]
    if weeks.empty:
        return
    weeks = weeks.assign(
        hours=weeks["seconds"] / 3600,
        pay=weeks["pay_code"].map(pay_code),
        week=weeks["workweek"].map(lambda first: f"from {first:%a} {first.day} {first:%b}"),
    )
    by_size = weeks.groupby("pay")["hours"].sum().sort_values(ascending=False)
    st.subheader("Paid hours by week", anchor=False)
    st.altair_chart(
        stacked_bars(
            weeks,
            x="week",
            x_title="Workweek",
            y="hours",
            y_title="Hours",
            group="pay",
            colours=series_colours(list(by_size.index)),
            y_format=",.1f",
        ),
        alt="Paid hours by workweek and pay code; the table below has the same numbers by employee",
    )


def show_totals(weeks: pd.DataFrame, filters: Filters) -> None:
    """The table of employees, each with a link to the days; `weeks` has the pay codes that occur."""
    st.subheader("By employee", anchor=False)
    codes = list(weeks.groupby("pay_code")["seconds"].sum().sort_values(ascending=False).index)
    result = data().read(one_page(hours.by_employee(filters), page_number(PAGE)))
    frame = with_pay(result.frame(), codes, filters)
    frame[OPEN] = viewing.person_links(frame, filters)
    columns = {
        OPEN: viewing.link_column("Days"),
        "name": "Name",
        "employee_id": "Number",
        "team": "Team",
        "site": "Site",
        "days": st.column_config.NumberColumn("Days worked"),
        "worked": hours_column("Worked (h)"),
        "paid": hours_column("Paid (h)"),
    }
    columns |= {f"{PAY}{code}": hours_column(f"{pay_code(code)} (h)") for code in codes}
    columns |= {
        "scheduled": hours_column("Scheduled (h)"),
        "unpaid_breaks": hours_column("Unpaid breaks (h)"),
        "balance": hours_column("Balance (h)", "Worked less due, where the policy keeps such an account; else 0"),
    }
    table(
        frame,
        columns,
        title="Hours by employee",
        key="hours_by_employee",
        everything=lambda: with_pay(data().read(hours.by_employee(filters)).frame(), codes, filters),
    )
    pager(PAGE, frame)


def with_pay(frame: pd.DataFrame, codes: Sequence[str], filters: Filters) -> pd.DataFrame:
    """Totals in hours, with a column for each of the pay codes, whether or not it occurs in these rows."""
    for name in IN_HOURS:
        frame[name] = frame[name] / 3600
    pay = data().read(hours.pay_of(tuple(frame["employee_id"]), filters)).frame()
    wide = pay.pivot_table(index="employee_id", columns="pay_code", values="seconds", fill_value=0) / 3600
    wide = wide.reindex(columns=list(codes), fill_value=0.0)
    return frame.merge(wide.add_prefix(PAY), how="left", left_on="employee_id", right_index=True)


def hours_column(heading: str, explanation: str | None = None) -> object:
    """Hours with two decimals."""
    return st.column_config.NumberColumn(heading, format="%.2f", help=explanation)


with provenance.noted():
    show(viewing.filters())
