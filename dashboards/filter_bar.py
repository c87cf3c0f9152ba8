"""The filter bar above every page, kept in the address: a link to a filtered page opens the same."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from dashboards.data import data
from dashboards.filters import Filters, id_in, label
from dashboards.queries import people

# Four weeks: the longest pay period in use, and what a page computes within its second.
DEFAULT_DAYS = 28
# More names than this nobody scrolls through: type a part of the name instead.
MOST_NAMES = 500


def choose(now: datetime, manager_id: str | None, *, with_period: bool) -> Filters:
    """Draw the filter bar and return what is chosen; a site or team of the address that is not known matches nobody.

    A page of the present (`with_period` false) keeps the period for the other pages but does not offer it.
    """
    places = data().read(people.sites()).records()
    today = latest_date(now, (place["time_zone"] for place in places))
    by_label = {place["name"] or place["site_id"]: place["site_id"] for place in places}
    teams = [row["team"] for row in data().read(people.teams(manager_id)).records()]
    by_label |= {name: name for name in st.query_params.get_all("site") if name not in by_label}
    teams += [name for name in st.query_params.get_all("team") if name not in teams]
    with st.container(key="filters", border=True), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen_sites = st.multiselect(
            "Site", list(by_label), key="site", bind="query-params", placeholder="All sites", width=220
        )
        chosen_teams = st.multiselect(
            "Team", teams, key="team", bind="query-params", placeholder="All teams", width=220
        )
        site_ids = tuple(by_label[name] for name in chosen_sites)
        names = data().read(people.names(site_ids, tuple(chosen_teams), manager_id, MOST_NAMES)).records()
        offered = {label(row["name"], row["employee_id"]): row["employee_id"] for row in names}
        person = st.selectbox(
            "Person",
            list(offered),
            index=None,
            key="person",
            bind="query-params",
            placeholder="Everyone: type a name or number",
            accept_new_options=True,
            width=260,
        )
        period = st.date_input(
            "Period (workdays)",
            (today - timedelta(days=DEFAULT_DAYS - 1), today),
            key="period",
            bind="query-params",
            format="YYYY-MM-DD",
            disabled=not with_period,
            help=None if with_period else "This page shows the present; the period holds for the other pages",
            width=240,
        )
    days = period if isinstance(period, tuple) else (period,)
    if not days:
        days = (today - timedelta(days=DEFAULT_DAYS - 1), today)
    employee_id = employee_of(person or "", offered, manager_id)
    return Filters(site_ids, tuple(chosen_teams), person or "", days[0], days[-1], manager_id, employee_id)


def employee_of(person: str, offered: Mapping[str, str], manager_id: str | None) -> str | None:
    """Whom the person filter names: one of those `offered` (id by label), or by a link somebody who is not among them.

    None for a part of a name or number; a name that ends in brackets is one.
    """
    if person in offered:
        return offered[person]
    number = id_in(person)
    if number is None or not data().read(people.numbered(number, manager_id)).rows:
        return None
    return number


def latest_date(now: datetime, zones: Iterable[str]) -> date:
    """The date that it is already somewhere: the workday of those who are furthest ahead is not left out."""
    return max((now.astimezone(ZoneInfo(zone)).date() for zone in zones), default=now.astimezone(UTC).date())
