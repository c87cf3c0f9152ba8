"""Positions advance transaction by transaction, on both kinds of servers."""

import pytest

from ingestion.sources.mysql_binlog.flavours import MariaDb, MySql
from timecontrol.contracts.hr_change import marks, same_row, sequence

UUID_A = "3e11fa47-71ca-11e1-9e33-c80aa9429562"


@pytest.mark.parametrize(
    ("position", "gtid", "after"),
    [
        ("", "0-1-1", "0-1-1"),
        ("0-1-41", "0-1-42", "0-1-42"),
        ("0-1-41", "0-2-42", "0-2-42"),
        ("0-1-41,7-1-3", "7-1-4", "0-1-41,7-1-4"),
        ("0-1-41", "7-1-1", "0-1-41,7-1-1"),
    ],
)
def test_mariadb(position: str, gtid: str, after: str) -> None:
    assert MariaDb().advance(position, gtid) == after


def test_mysql() -> None:
    assert MySql().advance(f"{UUID_A}:1-41", f"{UUID_A}:42") == f"{UUID_A}:1-42"
    assert MySql().advance("", f"{UUID_A}:1") == f"{UUID_A}:1"


def test_sequences_and_marks() -> None:
    assert sequence("0-1-42") == ("0", 42)
    assert sequence(f"{UUID_A}:23") == (UUID_A, 23)
    assert marks("0-1-42,7-3-9") == {"0": 42, "7": 9}
    assert marks(f"{UUID_A}:1-5:8-9") == {UUID_A: 9}
    assert marks("") == {}


def test_rows_are_the_same_whatever_became_of_their_numbers_in_json() -> None:
    assert same_row({"a": 1e300, "b": None}, {"a": 10**300, "b": None})
    assert not same_row({"a": 2**63}, {"a": 2**63 - 1})
    assert not same_row({"a": 0.5}, {"a": None})
    assert not same_row({"a": 1}, {"a": 1, "b": None})
