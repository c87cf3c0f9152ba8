"""How the copy of the legacy database is put in order."""

import sqlite3
from contextlib import closing

from ingestion.sources.mysql_binlog.compare import ON_DISK, in_order, keep_in_order
from timecontrol.warehouse.hr_store import RowId

# Steps of SQLite's machine. To sort 1,000 rows takes many for each of them; to find the first of an index, a few.
FEW_STEPS = 100


def test_the_first_row_waits_for_no_sort() -> None:
    rows = [("t", f"[{number}]", b'{"v": 1}') for number in reversed(range(1000))]
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with closing(sqlite3.connect(ON_DISK)) as copy:
        keep_in_order(copy, [("u", "[1]", b"{}"), *rows])
        copy.set_progress_handler(count, 1)
        found = in_order(copy)
        assert next(found) == (RowId("t", "[0]"), {"v": 1})
        assert steps < FEW_STEPS
        assert [row_id for row_id, _ in found] == [
            *sorted(RowId("t", key) for _, key, _ in rows)[1:],
            RowId("u", "[1]"),
        ]
