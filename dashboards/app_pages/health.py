"""Pipeline health: each part from the punch to the page, in words and a sign."""

import pandas as pd
import streamlit as st

from dashboards import viewing
from dashboards.data import data
from dashboards.health import Check
from dashboards.measuring import checks
from dashboards.tables import table
from dashboards.theme import LIGHTS
from dashboards.words import in_words
from timecontrol.contracts.errors import Transient

# Each refresh asks all servers; what changes faster than this is on the command line.
REFRESH_SECONDS = 15
WORST_FIRST = ("red", "amber", "unknown", "green")


@st.fragment(run_every=REFRESH_SECONDS)
def show() -> None:
    """The checks; they draw themselves anew by themselves."""
    viewing.confirm()
    found = checks(data())
    worst = min((check.light for check in found), key=WORST_FIRST.index)
    number = sum(check.light == worst for check in found)
    if worst == "green":
        st.success("**Everything keeps up.** Punches become hours within a minute.", icon=":material/check_circle:")
    elif worst == "amber":
        st.warning(
            f"**{number} of {len(found)} parts {'wants' if number == 1 else 'want'} a look.** Nothing is lost; numbers may be late.",
            icon=":material/warning:",
        )
    else:
        st.error(
            f"**{number} of {len(found)} parts {'needs' if number == 1 else 'need'} somebody now.** What is captured stays "
            "captured; see below what to do.",
            icon=":material/error:",
        )
    st.caption(
        f"Measured {data().clock.now():%Y-%m-%d %H:%M:%S} UTC, every {REFRESH_SECONDS} s anew; from the punch to the page."
    )
    for start in range(0, len(found), 3):
        for column, check in zip(st.columns(3), found[start : start + 3], strict=False):
            with column:
                card(check)


def card(check: Check) -> None:
    """One check."""
    icon, word, colour = LIGHTS[check.light]
    with st.container(border=True, height="stretch"):
        st.badge(word, icon=icon, color=colour)  # type: ignore[arg-type]  # the names in LIGHTS are Streamlit's
        st.markdown(f"**{check.name}**  \n{check.value}")
        st.caption(check.meaning)


def show_runs() -> None:
    """The newest runs of the models."""
    st.subheader("Last runs of the models", anchor=False)
    frame = data().health("last_runs").frame()
    if frame.empty:
        st.info(
            "**No run yet.** It starts by itself when punches arrive; Dagster shows it under *Runs*.",
            icon=":material/hourglass_top:",
        )
        return
    frame["took"] = (frame["finished_at"] - frame["started_at"]).dt.total_seconds()
    frame["state"] = frame["status"].map({"succeeded": "✔ Succeeded", "failed": "✖ Failed", "running": "… Running"})
    frame["scope"] = frame["full_refresh"].map({True: "Everything", False: "Changes"})
    columns = {
        "run_id": st.column_config.NumberColumn("Run", format="%d"),
        "state": "Status",
        "started_at": st.column_config.DatetimeColumn("Started (UTC)", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
        "took": st.column_config.NumberColumn("Took (s)", format="%.1f"),
        "scope": "Computed",
        "touched_weeks": st.column_config.NumberColumn("Employee-weeks", format="localized"),
        "watermark": st.column_config.NumberColumn("Watermark", format="%d"),
        "reason": "Reason",
        "error": "Error",
    }
    table(frame, columns, title="Runs of the models", key="runs")


def show_quarantine() -> None:
    """What was refused and waits for somebody."""
    st.subheader("Refused records that wait for somebody", anchor=False)
    frame = data().health("quarantine_open").frame()
    if frame.empty:
        st.success("**None.** Everything that came in was accepted, replayed or discarded.", icon=":material/task_alt:")
        return
    st.caption("The bytes are kept. After the cause is fixed, `timecontrol quarantine replay` sends them again.")
    frame["what"] = frame["code"].map(in_words)
    columns = {
        "what": "Reason",
        "records": st.column_config.NumberColumn("Records", format="localized"),
        "newest_at": st.column_config.DatetimeColumn("Newest (UTC)", format="YYYY-MM-DD HH:mm:ss", timezone="UTC"),
        "example": st.column_config.TextColumn("Example", width="large"),
    }
    table(pd.DataFrame(frame), columns, title="Quarantine", key="quarantine")


show()
try:
    show_runs()
    show_quarantine()
except Transient as problem:
    st.error(f"**Runs and quarantine cannot be read.** {problem}", icon=":material/cloud_off:")
