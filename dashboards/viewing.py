"""What the page that runs is looked at with: the filters, and the way to another page with them."""

from datetime import date
from urllib.parse import urlencode

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


def day_links(frame: pd.DataFrame, day: str, current: Filters) -> pd.Series:
    """The address of the day of each row; `day` names the column with the date.

    A day opens in a tab of its own, so that a list can be worked through.
    """
    return frame.apply(lambda row: day_address(label(row["name"], row["employee_id"]), row[day], current), axis=1)


def day_address(person: str, day: date, current: Filters) -> str:
    """The page of a day of an employee; the period stays if the day is in it, else it becomes the day alone."""
    inside = current.first_day <= day <= current.last_day
    period = (current.first_day, current.last_day) if inside else (day, day)
    return f"/timesheets?{urlencode({'person': person, 'day': day, 'period': period}, doseq=True)}"


def day_column() -> object:
    """The column of these links."""
    return st.column_config.LinkColumn("Day", display_text="Open", width=70, pinned=True)
