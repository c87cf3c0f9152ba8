"""Tables whose numbers are all there, however narrow the terminal."""

import pytest
from rich.table import Table

from timecontrol.whole_table import print_whole


def test_no_number_is_cut(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    table = Table("pay code", "old money", "new money", title="[money] of everybody")
    table.add_row("overtime_150", "570,783.25", "1,570,783.25")
    print_whole(table)
    printed = capsys.readouterr().out
    assert "570,783.25" in printed
    assert "1,570,783.25" in printed
    assert "…" not in printed
