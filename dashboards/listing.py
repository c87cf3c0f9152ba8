"""A list of what a question answers: paged in SQL, downloaded in full, each row leading to its day."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from dashboards import viewing
from dashboards.data import data
from dashboards.filters import Filters
from dashboards.queries.sums import Question, one_page
from dashboards.tables import OPEN, ROW_PIXELS, ColumnConfig, page_number, pager, table


@dataclass(frozen=True)
class Listing:
    """A list on a page.

    Attributes:
        key: names its widgets; the address keeps the page of the list under `<key>_page`.
        title: what the list is called for screen readers and in the name of the file.
        question: asks for all rows; it has the column all_rows.
        in_words: what is shown of the rows.
        columns: see `tables.table`.
        day: the column with the workday that a row opens; None where rows open nothing.
        row_pixels: see `tables.table`.
    """

    key: str
    title: str
    question: Question
    in_words: Callable[[pd.DataFrame], pd.DataFrame]
    columns: ColumnConfig
    day: str | None = None
    row_pixels: int = ROW_PIXELS


def show(listing: Listing, filters: Filters) -> bool:
    """Draw the page of the list that the address names; False, and nothing drawn, where there is no row at all."""
    page = f"{listing.key}_page"
    frame = data().read(one_page(listing.question, page_number(page))).frame()
    if frame.empty and page_number(page) == 1:
        return False
    shown, columns = listing.in_words(frame), listing.columns
    if listing.day is not None:
        shown = shown.assign(**{OPEN: viewing.day_links(frame, listing.day, filters)})
        columns = {OPEN: viewing.link_column("Day"), **columns}
    table(
        shown,
        columns,
        title=listing.title,
        key=listing.key,
        everything=lambda: listing.in_words(data().read(listing.question).frame()),
        row_pixels=listing.row_pixels,
    )
    pager(page, frame)
    return True
