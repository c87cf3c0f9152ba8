"""Exports: the pay periods as payroll gets them, with the hash by which a file is recognised."""

from functools import partial

import pandas as pd
import streamlit as st

from dashboards import provenance, viewing
from dashboards.charts import ranked_bars, series_colours
from dashboards.data import data
from dashboards.tables import Lasting, table
from dashboards.words import pay_code
from timecontrol.serving.exports.period import FORMATS, file_name

MIME = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}


def show() -> None:
    """The periods, and the chosen one with its files."""
    periods = data().periods().frame()
    if periods.empty:
        st.info(
            "**Nothing to export yet.** A period appears here after the first run that computed pay lines in it; "
            "*Pipeline* shows whether runs succeed.",
            icon=":material/hourglass_top:",
        )
        return
    names = list(periods["period"])
    chosen = st.selectbox("Pay period", names, key="pay_period", bind="query-params", width=220)
    row = periods[periods["period"] == chosen].iloc[0]
    show_period(row)
    show_all(periods)


def show_period(row: pd.Series) -> None:
    """One period: its sums, files and hash."""
    st.subheader(f"{row['starts_on']:%-d %B %Y} to {row['ends_on']:%-d %B %Y}", anchor=False)
    with st.container(horizontal=True):
        st.metric("Pay lines", f"{row['row_count']:,}", border=True)
        st.metric("Employees", f"{row['employee_count']:,}", border=True)
        st.metric(
            "Hours on all lines",
            f"{row['seconds'] / 3600:,.2f} h",
            border=True,
            help="Premiums on top of base pay included; `timecontrol export` names the paid hours without them",
        )
        st.metric(
            "Watermark",
            f"{row['watermark']}",
            border=True,
            help="Of the last run that changed this period: the same period and watermark give the same bytes",
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        for format_name in FORMATS:
            st.download_button(
                f"Download {format_name.upper() if format_name == 'csv' else format_name.capitalize()}",
                viewing.confirmed(partial(data().export, str(row["period"]), format_name, row["sha256"])),
                file_name=file_name(row["period"], int(row["watermark"]), row["sha256"], format_name),
                mime=MIME.get(format_name, "application/octet-stream"),
                icon=":material/download:",
                on_click="ignore",
                key=f"export_{format_name}",
                type="primary" if format_name == "csv" else "secondary",
            )
    st.markdown(f"SHA-256 of the CSV: `{row['sha256']}`")
    st.caption(
        "The command sha256sum on an untouched file gives the same. A download is refused where the period has changed since this "
        "page was opened: load it again. Payroll's own database holds the same lines, seconds after each run."
    )
    totals = data().totals_of_period(row["period"]).frame()
    if totals.empty:
        st.info(
            "**This period has no pay lines.** Nothing was worked in it, or its lines moved to another period.",
            icon=":material/event_busy:",
        )
        return
    totals["code"] = totals["pay_code"].map(pay_code) + totals["on_top"].map({True: " (on top)", False: ""})
    totals["hours"] = (totals["seconds"] / 3600).round(2)
    st.subheader("Hours by pay code and site", anchor=False)
    st.altair_chart(
        ranked_bars(
            totals,
            name="code",
            count="hours",
            count_title="Hours",
            count_format=",.2f",
            group="site",
            colours=series_colours(sorted(set(totals["site"]))),
        ),
        alt="Hours of the period by pay code and site; the table below has the same numbers",
    )
    columns = {
        "code": "Pay code",
        "site": "Site",
        "seconds": Lasting("Time"),
        "employees": st.column_config.NumberColumn("Employees", format="localized"),
    }
    table(totals, columns, title=f"Totals of {row['period']}", key="period_totals")


def show_all(periods: pd.DataFrame) -> None:
    """Every period with its manifest."""
    st.subheader("All periods", anchor=False)
    columns = {
        "period": "Period",
        "starts_on": st.column_config.DateColumn("From", format="D MMM YYYY"),
        "ends_on": st.column_config.DateColumn("To", format="D MMM YYYY"),
        "row_count": st.column_config.NumberColumn("Lines", format="localized"),
        "employee_count": st.column_config.NumberColumn("Employees", format="localized"),
        "seconds": Lasting("Time"),
        "watermark": st.column_config.NumberColumn("Watermark", format="%d"),
        "computed_at": st.column_config.DatetimeColumn("As of (UTC)", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
        "sha256": "SHA-256 of the CSV",
    }
    table(periods, columns, title="Pay periods", key="periods")


with provenance.noted():
    show()
