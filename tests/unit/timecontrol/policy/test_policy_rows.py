"""Which rows a load adds."""

from dataclasses import replace
from datetime import date

from timecontrol.policy.command import counting
from timecontrol.policy.rows import ParameterRow, changes

ROW = ParameterRow("us-ca", "workday.starts_at", date(2000, 1, 1), "06:00", "Act s. 1", "policies/us/us-ca.yaml", 7)


def test_the_same_rows_add_nothing() -> None:
    assert changes([ROW], [ROW]) == changes([], [])


def test_a_moved_line_is_no_change() -> None:
    assert changes([ROW], [replace(ROW, line=9, file="policies/us/ca.yaml")]).written == ()


def test_another_value_or_reference_is_a_new_version() -> None:
    for changed in (replace(ROW, value="07:00"), replace(ROW, value=None), replace(ROW, reference="Act s. 2")):
        found = changes([ROW], [changed])
        assert found.written == (changed,)
        assert found.removed == ()


def test_another_date_adds_one_and_removes_the_other() -> None:
    moved = replace(ROW, valid_from=date(2001, 1, 1))
    found = changes([ROW], [moved])
    assert (found.written, found.removed) == ((moved,), (ROW,))


def test_on_a_date_the_newest_entry_not_later_counts() -> None:
    rows = [
        ROW,
        replace(ROW, valid_from=date(2010, 1, 1), value="07:00"),
        replace(ROW, valid_from=date(2020, 1, 1), value=None),
    ]
    assert [row.value for row in counting(rows, date(1999, 12, 31))] == []
    assert [row.value for row in counting(rows, date(2000, 1, 1))] == ["06:00"]
    assert [row.value for row in counting(rows, date(2010, 1, 1))] == ["07:00"]
    assert [row.value for row in counting(rows, date(2020, 1, 1))] == []
    assert counting(rows, None) == rows
