"""Tables: a heading row that people read, paging in SQL, and the download of what is shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

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

# Seconds of a unit, and with how many decimals of it every second differs from the next.
UNIT_SECONDS = {"h": 3600, "min": 60}
UNIT_DECIMALS = {"h": 4, "min": 2}


@dataclass(frozen=True)
class Lasting:
    """A column of whole seconds, drawn in a unit; a file has both, for sums of decimal hours are not exact."""

    title: str
    unit: Literal["h", "min"] = "h"
    is_difference: bool = False
    explanation: str | None = None

    @property
    def heading(self) -> str:
        """What stands above the column."""
        return f"{self.title} ({self.unit})"


#: Columns by name in the order in which they are shown: a heading, a `Lasting`, or one of Streamlit's column configurations.
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
    lasting = {name: column for name in shown if isinstance(column := columns[name], Lasting)}
    st.dataframe(
        frame.assign(**{name: in_unit(frame[name], column) for name, column in lasting.items()}),
        column_order=shown,
        column_config={name: drawn(columns[name]) for name in shown},
        hide_index=True,
        placeholder="–",
        height=min(len(frame) * row_pixels, MOST_PIXELS) + ROW_PIXELS + 3,
        row_height=row_pixels,
        key=key,
        alt=title,
    )
    data = {name: columns[name] for name in shown if name != OPEN}

    def content() -> bytes:
        return csv(everything() if everything else frame, data)

    st.download_button(
        "Download (CSV)",
        viewing.confirmed(content),
        file_name=f"{title.lower().replace(' ', '-')}.csv",
        mime="text/csv",
        key=f"{key}_download",
        icon=":material/download:",
        on_click="ignore",
        help=f"{title}: all rows of the filter with these columns{', durations in seconds too' if lasting else ''}",
    )


def drawn(column: Any) -> Any:  # noqa: ANN401  what Streamlit takes
    """The column as Streamlit configures it."""
    if not isinstance(column, Lasting):
        return column
    form = "%+,.2f" if column.is_difference else "%,.2f"
    return st.column_config.NumberColumn(column.heading, format=form, help=column.explanation)


def heading(name: str, column: Any) -> str:  # noqa: ANN401  see `drawn`
    """What stands above a column."""
    if isinstance(column, Lasting):
        return column.heading
    return column if isinstance(column, str) else str(column["label"] or name)


def csv(frame: pd.DataFrame, columns: ColumnConfig) -> bytes:
    """The named columns under their headings, at the end the seconds of durations; UTF-8 with a mark for spreadsheets."""
    kept = {name: column for name, column in columns.items() if name in frame}
    cells = pd.DataFrame({heading(name, column): cells_of(frame[name], column) for name, column in kept.items()})
    seconds = {
        f"{column.title} (s)": frame[name].astype("Int64")
        for name, column in kept.items()
        if isinstance(column, Lasting)
    }
    return cells.map(as_text).assign(**seconds).to_csv(index=False).encode("utf-8-sig")


def cells_of(values: pd.Series, column: Any) -> pd.Series:  # noqa: ANN401  see `drawn`
    """The values as a file has them: durations in their unit, with as many decimals as tell seconds apart."""
    if not isinstance(column, Lasting):
        return values
    return in_unit(values, column).round(UNIT_DECIMALS[column.unit])


def in_unit(seconds: pd.Series, column: Lasting) -> pd.Series:
    """Whole seconds, some of them may be missing, in the unit of the column."""
    return seconds.astype("Int64") / UNIT_SECONDS[column.unit]


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
