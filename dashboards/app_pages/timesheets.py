"""Hours and timesheets: totals of a period by employee, and one employee's days."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboards import provenance, viewing
from dashboards.balance import BALANCE, say_who_has_no_account
from dashboards.charts import series_colours, stacked_bars
from dashboards.data import data
from dashboards.employee_days import show_employee
from dashboards.filters import Filters
from dashboards.queries import hours
from dashboards.queries.sums import one_page
from dashboards.tables import OPEN, Lasting, page_number, pager, table
from dashboards.words import pay_code

PAGE = "hours_page"
# Columns of the table that hold the hours of a pay code.
PAY = "pay_"


def show(filters: Filters) -> None:
    """One employee's days where one is chosen, else everybody's totals."""
    if filters.employee_id is not None:
        show_employee(filters.employee_id, filters)
        return
    numbers = data().read(hours.summary(filters)).records()[0]
    if numbers["workdays"] == 0:
        st.info(
            "**No hours and no shifts in this period.** Choose another period, or remove a filter above.",
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
    on_top = set(weeks.loc[weeks["on_top"].astype(bool), "pay_code"])
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
        "worked": Lasting("Worked"),
        "paid": Lasting("Paid"),
    }
    columns |= {f"{PAY}{code}": Lasting(pay_code(code) + (", on top" if code in on_top else "")) for code in codes}
    columns |= {
        "scheduled": Lasting("Scheduled"),
        "unpaid_breaks": Lasting("Unpaid breaks"),
        "balance": BALANCE,
    }
    table(
        frame,
        columns,
        title="Hours by employee",
        key="hours_by_employee",
        everything=lambda: with_pay(data().read(hours.by_employee(filters)).frame(), codes, filters),
    )
    pager(PAGE, frame)
    say_who_has_no_account(frame["balance"])


def with_pay(frame: pd.DataFrame, codes: Sequence[str], filters: Filters) -> pd.DataFrame:
    """Totals with a column for each of the pay codes, whether or not it occurs in these rows."""
    pay = data().read(hours.pay_of(tuple(frame["employee_id"]), filters)).frame()
    wide = pay.pivot_table(index="employee_id", columns="pay_code", values="seconds", fill_value=0)
    wide = wide.reindex(index=frame["employee_id"], columns=list(codes), fill_value=0)
    return frame.merge(wide.add_prefix(PAY), how="left", left_on="employee_id", right_index=True)


with provenance.noted():
    show(viewing.filters())
