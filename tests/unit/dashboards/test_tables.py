"""Files of tables, and the page numbers of long ones."""

import pandas as pd
import pytest

from dashboards import tables
from dashboards.tables import Lasting, csv, drawn, page_number


class Address:
    """The address of a page, and what its widgets hold."""

    def __init__(self, query: dict[str, str]) -> None:
        self.session_state: dict[str, object] = {}
        self.query_params = query


@pytest.mark.parametrize(
    ("written", "page"),
    [("3", 3), ("0", 1), ("-2", 1), ("two", 1), ("\u00b2", 1), ("9" * 30, 1), ("", 1)],
)
def test_a_page_number_that_is_none_is_the_first(monkeypatch: pytest.MonkeyPatch, written: str, page: int) -> None:
    monkeypatch.setattr(tables, "st", Address({"hours_page": written}))
    assert page_number("hours_page") == page
    assert page_number("other_page") == 1


def test_a_file_has_the_named_columns_and_no_formulas() -> None:
    frame = pd.DataFrame(
        {"name": ["=HYPERLINK(1)", "+1", "-x", "@a", "\tb", "Ana-Lu"], "hours": [-1.5, 2.0, 0, 1, 1, 1], "other": 1}
    )
    assert csv(frame, {"hours": "Hours (h)", "name": "Name"}).decode("utf-8-sig").splitlines() == [
        "Hours (h),Name",
        "-1.5,'=HYPERLINK(1)",
        "2.0,'+1",
        "0.0,'-x",
        "1.0,'@a",
        "1.0,'\tb",
        "1.0,Ana-Lu",
    ]


def test_a_file_has_durations_as_they_are_drawn_and_their_seconds_exactly() -> None:
    frame = pd.DataFrame({"name": ["Ana", "Ben"], "paid": [30_000, 3_599], "late": [1_770, None]})
    columns = {"paid": Lasting("Paid"), "name": "Name", "late": Lasting("Late", "min")}
    assert csv(frame, columns).decode("utf-8-sig").splitlines() == [
        "Paid (h),Name,Late (min),Paid (s),Late (s)",
        "8.3333,Ana,29.5,30000,1770",
        "0.9997,Ben,,3599,",
    ]
    nobody_has_any = pd.DataFrame({"late": [None, None]})
    assert csv(nobody_has_any, {"late": Lasting("Late", "min")}).decode("utf-8-sig").splitlines()[1:] == [",", ","]


def test_durations_are_drawn_with_separators_and_two_decimals() -> None:
    plain, difference = drawn(Lasting("Paid")), drawn(Lasting("More", is_difference=True))
    assert (plain["label"], plain["type_config"]["format"]) == ("Paid (h)", "%,.2f")
    assert difference["type_config"]["format"] == "%+,.2f"
