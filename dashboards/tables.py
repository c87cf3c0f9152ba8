"""Tables: a heading row that people read, paging in SQL, and the download of what is shown."""

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboards import viewing
from dashboards.queries.sums import PAGE_ROWS

# A row of the grid is 35 px high, and its heading too; a table higher than half a screen scrolls by itself.
ROW_PIXELS = 35
MOST_PIXELS = 460
# From this height on the grid breaks text into lines: three of them.
THREE_LINES_PIXELS = 66
# Streamlit shows up to seven page numbers between two arrows; it hides some where their row is not given room for all.
PAGE_BUTTONS, PAGE_BUTTON_PIXELS = 7, 52
# A page number with more digits than this is none: PostgreSQL counts rows up to nineteen.
PAGE_DIGITS = 9
# A cell that begins so is a formula to a spreadsheet, whoever wrote it; behind an apostrophe it is text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# A citation of law stands last and cut; the whole of it shows when its cell is opened, and in the download.
REFERENCE_PIXELS = 260

#: The column that opens something of its row; it is no data and not in the download.
OPEN = "open"

#: Columns by name in the order in which they are shown: a heading, or one of Streamlit's column configurations.
ColumnConfig = Mapping[str, Any]


def table(
    frame: pd.DataFrame,
    columns: ColumnConfig,
    *,
    title: str,
    key: str,
    everything: Callable[[], pd.DataFrame] | None = None,
    row_pixels: int = ROW_PIXELS,
) -> None:
    """Draw the named columns of the frame in this order, with a button that downloads them as CSV.

    `title` names the table for screen readers and the file. `everything` gives all rows where the frame is one page of them;
    it is called only when somebody downloads. Text breaks where `row_pixels` is THREE_LINES_PIXELS.
    """
    shown = [name for name in columns if name in frame]
    st.dataframe(
        frame,
        column_order=shown,
        column_config={name: columns[name] for name in shown},
        hide_index=True,
        placeholder="–",
        height=min(len(frame) * row_pixels, MOST_PIXELS) + ROW_PIXELS + 3,
        row_height=row_pixels,
        key=key,
        alt=title,
    )
    data = [name for name in shown if name != OPEN]

    def content() -> bytes:
        return csv(everything() if everything else frame, {name: heading(name, columns[name]) for name in data})

    st.download_button(
        "Download (CSV)",
        viewing.confirmed(content),
        file_name=f"{title.lower().replace(' ', '-')}.csv",
        mime="text/csv",
        key=f"{key}_download",
        icon=":material/download:",
        on_click="ignore",
        help=f"{title}: all rows of the filter with these columns",
    )


def heading(name: str, column: Mapping[str, Any] | str) -> str:
    """What stands above a column."""
    return column if isinstance(column, str) else str(column["label"] or name)


def csv(frame: pd.DataFrame, headings: Mapping[str, str]) -> bytes:
    """The named columns under their headings; UTF-8 with a mark, so that spreadsheets read names rightly."""
    kept = frame[[name for name in headings if name in frame]].rename(columns=dict(headings))
    return kept.map(as_text).to_csv(index=False).encode("utf-8-sig")


def as_text(cell: object) -> object:
    """The cell; text that a spreadsheet would run as a formula is marked as text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def page_number(key: str) -> int:
    """The page of a paged table that the viewer is on; the first is 1."""
    stored = str(st.session_state.get(key, st.query_params.get(key, "1")))
    return max(1, int(stored)) if stored.isdecimal() and len(stored) <= PAGE_DIGITS else 1


def pager(key: str, frame: pd.DataFrame) -> None:
    """Draw the page buttons below a paged table, where it has more than one page; `frame` has the column all_rows."""
    if frame.empty:
        if page_number(key) > 1:  # the filter was narrowed while a later page was open
            st.session_state[key] = 1
            st.rerun()
        return
    all_rows = int(frame["all_rows"].iloc[0])
    if all_rows > PAGE_ROWS:
        first = (page_number(key) - 1) * PAGE_ROWS + 1
        pages = -(-all_rows // PAGE_ROWS)
        width = (min(pages, PAGE_BUTTONS) + 2) * PAGE_BUTTON_PIXELS
        with st.container(horizontal=True, vertical_alignment="center"):
            st.pagination(pages, key=key, bind="query-params", width=width)
            st.caption(f"Rows {first:,}–{first + len(frame) - 1:,} of {all_rows:,}")
