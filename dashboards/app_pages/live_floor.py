"""Live floor: everybody who is here or awaited now, from the live state and the shifts of the day."""

from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import provenance, unreadable, viewing
from dashboards.charts import ranked_bars
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.floor import STATUSES, Presence, Shift, Tolerance, place, tolerances
from dashboards.local_time import to_local
from dashboards.provenance import Note
from dashboards.queries import floor
from dashboards.tables import OPEN, table
from dashboards.theme import FLOOR_COLOURS
from dashboards.words import plural, so_far
from timecontrol.serving.live_keys import LiveStateName
from timecontrol.serving.result import Result

# The live state is at most a second old; people glance at the board, and each refresh costs one read of Redis.
REFRESH_SECONDS = 10
# Longer lists nobody reads on a board; the filters narrow them, and the tiles count everybody.
MOST_ROWS = 1000
# `? No clock out`, `12 h 59 min`, `22:00–06:30`, `see the day and propose a correction`.
STATUS_PIXELS, LASTED_PIXELS, SHIFT_PIXELS, NOTE_PIXELS = 105, 90, 100, 240

STATE_AFTER: dict[str, LiveStateName] = {
    "clock_in": "in",
    "break_end": "in",
    "break_start": "break",
    "clock_out": "out",
}


@st.fragment(run_every=REFRESH_SECONDS)
def show(filters: Filters) -> None:
    """The board as of now; draws itself anew by itself."""
    viewing.confirm()
    with unreadable.said(), provenance.noted() as note:
        show_board(filters, note)


def show_board(filters: Filters, note: Note) -> None:
    """The board: numbers, groups and people."""
    now = data().clock.now()
    people = data().read(floor.everyone(filters))
    shifts = data().read(floor.shifts(filters, now))
    presence = who_is_here(people, filters, now)
    frame = board(people, shifts, presence, now)
    watched = plural(len(people.rows), "active person", "active people")
    note.before = f"{watched} as of {now:%H:%M:%S} UTC, every {REFRESH_SECONDS} s anew. Shifts:"
    with st.container(horizontal=True):
        for name in ("in", "break", "late", "missing", "forgotten", "left", "expected"):
            status = STATUSES[name]
            number = int((frame["status"] == name).sum())
            st.metric(status.title, f"{number:,}", icon=status.icon, border=True, help=status.meaning)
    if frame.empty:
        st.info(
            "**Nobody is here or awaited now.** The people of this filter have no shift within two hours.",
            icon=":material/bedtime:",
        )
        return
    show_groups(frame)
    show_list(frame, filters)


def who_is_here(people: Result, filters: Filters, now: datetime) -> dict[str, Presence]:
    """The live state; where it is not known, what the last run of the models knew."""
    ids = [row["employee_id"] for row in people.records()]
    live = data().presence(ids)
    if live is not None:
        return live
    known = data().read(floor.last_punches(filters, now))
    through = known.computed.now_at if known.computed else None
    st.warning(
        "**The live state is not there at the moment.** Shown is what was known at the last computation"
        + (f", {through:%H:%M:%S} UTC" if through else "")
        + ". `timecontrol status` shows the server and the live state sink.",
        icon=":material/history:",
    )
    return {row["employee_id"]: Presence(STATE_AFTER[row["taken_as"]], row["occurred_at"]) for row in known.records()}


def board(people: Result, shifts: Result, presence: dict[str, Presence], now: datetime) -> pd.DataFrame:
    """A row for each person who is here or awaited, those who want attention first."""
    allowed = tolerances(data().read(floor.tolerances(floor.quarter(now))).records())
    current: dict[str, Shift] = {}
    for row in shifts.records():
        if (
            row["shift_end"] > now
            and row["shift_start"] <= now + floor.SOON
            and row["outcome"] not in {"on_leave", "holiday"}
        ):
            current.setdefault(row["employee_id"], Shift(row["shift_start"], row["shift_end"]))
    rows: list[dict[str, Any]] = []
    for person in people.records():
        shift = current.get(person["employee_id"])
        placed = place(presence.get(person["employee_id"]), shift, allowed.get(person["policy"], Tolerance()), now)
        if placed is not None:
            rows.append(
                person
                | {"status": placed.status, "since": placed.since, "note": placed.note}
                | {"shift_start": shift.start if shift else None, "shift_end": shift.end if shift else None}
            )
    frame = pd.DataFrame(
        rows,
        columns=[
            "employee_id",
            "name",
            "team",
            "site",
            "time_zone",
            "status",
            "since",
            "note",
            "shift_start",
            "shift_end",
        ],
    )
    for name in ("since", "shift_start", "shift_end"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    attention = {name: number for number, name in enumerate(STATUSES)}
    return frame.assign(attention=frame["status"].map(attention)).sort_values(
        ["attention", "since"], kind="stable", ignore_index=True
    )


def show_groups(frame: pd.DataFrame) -> None:
    """Counts by site and team."""
    st.subheader("By site and team", anchor=False)
    groups = frame.assign(
        place=frame["site"] + " · " + frame["team"], what=frame["status"].map(lambda name: STATUSES[name].title)
    )
    counts = groups.groupby(["place", "what"], as_index=False).size().rename(columns={"size": "people"})
    colours = {STATUSES[name].title: colour for name, colour in FLOOR_COLOURS.items()}
    st.altair_chart(
        ranked_bars(counts, name="place", count="people", count_title="People", group="what", colours=colours),
        alt="People on the floor by site, team and status; the list below has the same people",
    )


def show_list(frame: pd.DataFrame, filters: Filters) -> None:
    """The people, with since when and what is expected."""
    st.subheader("People", anchor=False)
    titles = {status.title: name for name, status in STATUSES.items() if name in set(frame["status"])}
    chosen = st.pills(
        "Show", list(titles), selection_mode="multi", key="show", bind="query-params", label_visibility="collapsed"
    )
    if chosen:
        frame = frame[frame["status"].isin([titles[title] for title in chosen])].reset_index(drop=True)
    if len(frame) > MOST_ROWS:
        st.caption(f"The first {MOST_ROWS:,} of {len(frame):,}; narrow the filter to see the others.")
    shown = in_words(frame, pd.Timestamp(data().clock.now()))
    shown[OPEN] = viewing.day_links(shown, "day", filters)
    columns = {
        OPEN: viewing.link_column("Day"),
        "what": st.column_config.TextColumn("Status", width=STATUS_PIXELS),
        "name": "Name",
        "team": "Team",
        "site": "Site",
        "local_since": st.column_config.TextColumn(
            "Since (local)", help="The punch; for those awaited the start of the shift"
        ),
        "lasted": st.column_config.TextColumn("For", width=LASTED_PIXELS),
        "shift": st.column_config.TextColumn("Shift (local)", width=SHIFT_PIXELS),
        "note": st.column_config.TextColumn("Note", width=NOTE_PIXELS),
    }
    table(shown.head(MOST_ROWS), columns, title="Live floor", key="floor", everything=lambda: shown)


def in_words(frame: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """The board as people read it."""
    return frame.assign(
        what=frame["status"].map(lambda name: f"{STATUSES[name].sign} {STATUSES[name].title}"),
        local_since=to_local(frame["since"], frame["time_zone"]).dt.strftime("%a %H:%M"),
        lasted=(now - frame["since"])
        .dt.total_seconds()
        .map(lambda seconds: so_far(seconds) if seconds >= 0 else f"in {so_far(-seconds)}"),
        shift=to_local(frame["shift_start"], frame["time_zone"])
        .dt.strftime("%H:%M–")
        .str.cat(to_local(frame["shift_end"], frame["time_zone"]).dt.strftime("%H:%M")),
        day=to_local(frame["since"].fillna(now), frame["time_zone"]).dt.date,
    )


show(viewing.filters())
