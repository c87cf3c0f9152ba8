"""The pages' frame: who may open them, navigation, the filter bar. Served by `dashboards/server.py`."""

from html import escape
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import quote, urlencode

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboards import filter_bar, session, side_by_side, unreadable, viewing
from dashboards.accounts import ApiAway, Role, SignInRefused, Viewer
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.queries import people

EVERYBODY: frozenset[Role] = frozenset({"hr", "admin", "payroll", "manager"})
OFFICE: frozenset[Role] = frozenset({"hr", "admin", "payroll"})


# A file: Streamlit would fetch an icon given by name from another host.
ICON = Path(__file__).parent / "icon.svg"
# Streamlit leaves six empty lines above the title for a toolbar that these pages do not have, and draws captions at 60 %
# of the text's opacity, which is below the contrast that small text needs. Of what the keyboard reaches, it outlines half.
STYLE = f"""<style>
.stMainBlockContainer {{ padding-top: 4.5rem; }}
[data-testid="stCaptionContainer"] {{ color: #55626f; opacity: 1; }}
a.in-this-tab {{ color: #1f5fa8; }}
:is(a, button, [role="spinbutton"]):focus-visible {{ outline: 2px solid #1f5fa8 !important; outline-offset: 1px; }}
{side_by_side.STYLE}
</style>"""


class Entry(NamedTuple):
    """A page in the navigation: its file, names, who may open it, and which of the filters apply to it."""

    name: str
    title: str
    icon: str
    intro: str
    roles: frozenset[Role] = EVERYBODY
    scope: Literal["period", "now", "everything"] = "period"


PAGES = (
    Entry(
        "live_floor",
        "Live floor",
        ":material/sensors:",
        "Who is in, on break, late or missing right now, in the local time of each site.",
        scope="now",
    ),
    Entry(
        "timesheets",
        "Hours",
        ":material/schedule:",
        "Hours worked and paid; choose a person to see each day drawn and explained.",
    ),
    Entry(
        "breaks",
        "Breaks",
        ":material/free_breakfast:",
        "Breaks as they were taken, which were required, and the meal breaks that were missed.",
    ),
    Entry(
        "compliance",
        "Compliance",
        ":material/fact_check:",
        "What became of the scheduled shifts, and what each labour rule says of the work done.",
    ),
    Entry("exceptions", "Exceptions", ":material/report:", "What a person has to look at, and what to do about it."),
    Entry(
        "what_if",
        "What-if",
        ":material/compare_arrows:",
        "Everybody's hours, pay and findings under one policy and under another. Nothing in production changes.",
        OFFICE,
    ),
    Entry(
        "exports",
        "Exports",
        ":material/ios_share:",
        "What payroll takes: the periods that were exported, and their files.",
        OFFICE,
        "everything",
    ),
    Entry(
        "health",
        "Pipeline",
        ":material/monitor_heart:",
        "Whether punches become hours: how far every part is behind.",
        OFFICE,
        "everything",
    ),
)


def main() -> None:
    """One run of the app."""
    st.set_page_config(page_title="Employee Time Control", page_icon=str(ICON), layout="wide")
    st.html(STYLE)
    viewer, refusal = who_is_it()
    pages = {
        entry.name: st.Page(
            f"app_pages/{entry.name}.py",
            title=entry.title,
            icon=entry.icon,
            url_path=entry.name.replace("_", "-"),
            visibility="visible" if viewer and may_open(entry, viewer) else "hidden",
        )
        for entry in PAGES
    }
    # The default page has no path of its own: without this one, the address of the first page would not be found.
    start = st.Page(open_first_page, title="Start", default=True, visibility="hidden")
    current = st.navigation([start, *pages.values()], position="top" if viewer else "hidden")
    if viewer is None:
        ask_to_sign_in(current.url_path, refusal)
        return
    if current == start:
        current.run()
    entry = next(entry for entry in PAGES if pages[entry.name] == current)
    heading(entry, viewer)
    if may_open(entry, viewer):
        show(current, entry, viewer)
    else:
        st.info(
            f"**This page is for {', '.join(sorted(entry.roles))}.** Your roles are {', '.join(sorted(viewer.roles))}; "
            "an admin can give your account another one. The other pages are above.",
            icon=":material/lock:",
        )


def who_is_it() -> tuple[Viewer | None, SignInRefused | None]:
    """The viewer, or why there is none."""
    try:
        return session.viewer(data().settings, data().clock.now()), None
    except SignInRefused as refusal:
        return None, refusal


def may_open(entry: Entry, viewer: Viewer) -> bool:
    """Whether one of the viewer's roles opens the page."""
    return bool(entry.roles & viewer.roles)


def show(page: StreamlitPage, entry: Entry, viewer: Viewer) -> None:
    """The page under its filters; what cannot be read is said, with what to do."""
    with unreadable.said(), st.spinner("Reading the numbers of this page …", show_time=True):
        filters = choose_filters(entry, viewer)
        if filters is not None and matches_nobody(filters):
            return
        viewing.start(viewer, filters)
        page.run()


def choose_filters(entry: Entry, viewer: Viewer) -> Filters | None:
    """The filter bar where the page has one."""
    if entry.scope == "everything":
        return None
    return filter_bar.choose(data().clock.now(), viewer.manager_id, with_period=entry.scope == "period")


def matches_nobody(filters: Filters) -> bool:
    """Whether filters are set and let nobody through; then the page says so, for to find nothing wrong with nobody is no good news."""
    if not (filters.sites or filters.teams or filters.person) or data().read(people.anybody(filters)).rows:
        return False
    if filters.employee_id is not None:
        words = f"**{filters.person} is of another site or team.** Remove the site or team filter above, or the person."
    else:
        words = "**Nobody matches these filters.** Check how the person is spelled, or remove a filter above."
    st.info(words, icon=":material/person_off:")
    return True


def open_first_page() -> None:
    """From the bare address to the first page, with its filters."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    st.switch_page(f"app_pages/{PAGES[0].name}.py", query_params=query)


def heading(entry: Entry, viewer: Viewer) -> None:
    """Title of the page, and who is signed in."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(entry.title, anchor=False, width="content")
        st.space("stretch")
        with st.popover(viewer.login, icon=":material/account_circle:", type="tertiary"):
            st.markdown(f"Roles: {', '.join(sorted(viewer.roles))}")
            if viewer.manager_id is not None:
                st.caption("You see the people of your own team.")
            link("Sign out", "/sign-out")
    st.markdown(entry.intro)


def ask_to_sign_in(page: str, refusal: SignInRefused | None) -> None:
    """Why nothing is shown, and the way to the sign-in, which leads back to this address."""
    st.title("Employee Time Control", anchor=False)
    st.warning(str(refusal or "You are not signed in."), icon=":material/lock:")
    if isinstance(refusal, ApiAway):
        st.button("Try again", icon=":material/refresh:")
        return
    chosen = urlencode({name: st.query_params.get_all(name) for name in st.query_params}, doseq=True)
    link("Sign in", f"/sign-in?next={quote(f'/{page}?{chosen}'.removesuffix('?'), safe='')}")


def link(words: str, address: str) -> None:
    """A link that opens in this tab: both ends of a session are pages of the server, not of Streamlit."""
    st.html(f'<a class="in-this-tab" href="{escape(address)}" target="_self">{escape(words)}</a>')


main()
