"""What the page that runs is looked at with: the filters, and the way to another page with them."""

from datetime import date

import pandas as pd
import streamlit as st

from dashboards.accounts import Viewer
from dashboards.filters import Filters, label

_FILTERS, _VIEWER = "current_filters", "current_viewer"


def start(viewer: Viewer, filters: Filters | None) -> None:
    """Set what the page sees; called by the app before the page runs."""
    st.session_state[_VIEWER] = viewer
    st.session_state[_FILTERS] = filters


def filters() -> Filters:
    """The filters of this run."""
    current: Filters = st.session_state[_FILTERS]
    return current


def open_clicked(key: str, frame: pd.DataFrame, day: str, current: Filters) -> None:
    """Go to the day of the row whose button of the column `key` was pressed, if one was; `day` names its date."""
    clicked = st.session_state.get(key)
    if clicked:
        row = frame.iloc[clicked.row]
        open_day(label(row["name"], row["employee_id"]), row[day], current)


def open_day(person: str, day: date, current: Filters) -> None:
    """Go to the day of an employee; the period stays if the day is in it, else it becomes the day's week."""
    inside = current.first_day <= day <= current.last_day
    period = (current.first_day, current.last_day) if inside else (day, day)
    st.switch_page(
        "app_pages/timesheets.py",
        query_params={"person": person, "day": day.isoformat(), "period": [moment.isoformat() for moment in period]},
    )
