"""What the page that runs is looked at with: the filters, and the way to another page with them."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from dashboards import session
from dashboards.accounts import SignInRefused, Viewer
from dashboards.data import data
from dashboards.filters import Filters, label

Made = TypeVar("Made")

_FILTERS, _VIEWER = "current_filters", "current_viewer"


def start(viewer: Viewer, filters: Filters | None) -> None:
    """Set what the page sees; called by the app before the page runs."""
    st.session_state[_VIEWER] = viewer
    st.session_state[_FILTERS] = filters


def filters() -> Filters:
    """The filters of this run."""
    current: Filters = st.session_state[_FILTERS]
    return current


def confirm() -> None:
    """Ask again who is signed in; a fragment, which draws itself anew without its page, does so each time.

    Where it is not the viewer of the page any more, the whole app runs anew and says so.
    """
    try:
        current = session.viewer(data().settings, data().clock.now())
    except SignInRefused:
        current = None
    if current is None or current != st.session_state.get(_VIEWER):
        st.rerun(scope="app")


def confirmed(produce: Callable[[], Made]) -> Callable[[], Made]:
    """What makes a file, for a download button: it runs when the button is pressed, outside of any page.

    It raises SignInRefused unless the token of this run still belongs to the same viewer with the same rights.
    """
    viewer, token = st.session_state[_VIEWER], session.shown_token()

    def checked() -> Made:
        if token is None or session.holder(data().settings, token, data().clock.now()) != viewer:
            raise SignInRefused("You are no longer signed in as when this page was opened. Load it again.")
        return produce()

    return checked


def day_links(frame: pd.DataFrame, day: str, current: Filters) -> list[str]:
    """The address of the day of each row; `day` names the column with the date."""
    return [address(label(row["name"], row["employee_id"]), current, row[day]) for row in frame.to_dict("records")]


def person_links(frame: pd.DataFrame, current: Filters) -> list[str]:
    """The address of each row's days in the period."""
    return [address(label(row["name"], row["employee_id"]), current) for row in frame.to_dict("records")]


def address(person: str, current: Filters, day: date | None = None) -> str:
    """The page of an employee's days; the period stays if the day is in it, else it becomes the day alone."""
    period = (current.first_day, current.last_day)
    if day is None:
        return f"/timesheets?{urlencode({'person': person, 'period': period}, doseq=True)}"
    if not current.first_day <= day <= current.last_day:
        period = (day, day)
    return f"/timesheets?{urlencode({'person': person, 'day': day, 'period': period}, doseq=True)}"


def link_column(heading: str) -> object:
    """The column of such links. They open a tab of their own, so that a list can be worked through."""
    return st.column_config.LinkColumn(heading, display_text="Open", width=70, pinned=True)
