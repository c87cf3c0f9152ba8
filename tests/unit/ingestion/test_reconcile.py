"""What `reconcile` makes of offsets and of the API's journal."""

from pathlib import Path
from unittest.mock import Mock
from uuid import uuid4

import pytest

from ingestion import reconcile
from ingestion.log_ends import LogEnd
from ingestion.reconcile import log_check, named, read_journal
from ingestion.sinks.records import PartitionId
from timecontrol.contracts.errors import Transient
from timecontrol.errors import UserError
from timecontrol.serving.reconcile import Check
from timecontrol.settings import read_settings
from timecontrol.warehouse.reconcile_store import ReadOffsets


def end(low: int, high: int, partition: int = 0) -> LogEnd:
    return LogEnd(PartitionId("c", "i", "t", partition), low, high)


def test_what_is_on_its_way_counts_only_when_waited_for() -> None:
    read = {end(0, 100): ReadOffsets(0, 90)}
    assert log_check("t", read, to_the_end=False).ok
    late = log_check("t", read, to_the_end=True)
    assert (late.expected, late.found, late.ok) == (100, 90, False)
    assert "10 not read yet" in late.detail


def test_records_that_were_skipped_or_left_the_log_unread_are_missing() -> None:
    assert not log_check("t", {end(0, 100): ReadOffsets(5, 100)}, to_the_end=False).ok
    assert not log_check("t", {end(50, 100): ReadOffsets(0, 40)}, to_the_end=False).ok
    # What retention took after it was read is not missed.
    assert log_check("t", {end(50, 100): ReadOffsets(0, 100)}, to_the_end=True).ok


def test_a_check_that_cannot_be_made_takes_no_other_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    errors = {"log_checks": Transient("Kafka is away"), "legacy_checks": UserError("the disk is full")}
    for part in ("log_checks", "within_database", "file_checks", "acceptance_checks", "legacy_checks"):
        made = Mock(side_effect=errors[part]) if part in errors else Mock(return_value=[Check(part, 1, 1)])
        monkeypatch.setattr(reconcile, part, made)
    found = reconcile.all_checks(read_settings(home=tmp_path), wait_seconds=0)
    assert [(check.ok, check.detail) for check in found] == [
        (False, "cannot be checked: Kafka is away"),
        (True, ""),
        (True, ""),
        (True, ""),
        (False, "cannot be checked: the disk is full"),
    ]


def test_an_unknown_number_is_not_ok() -> None:
    assert not Check("x", None, None).ok
    assert not Check("x", 1, None).ok
    assert Check("x", 1, 1).ok


def test_the_journal_is_read_to_its_last_whole_line(tmp_path: Path) -> None:
    ids = [uuid4() for _ in range(3)]
    (tmp_path / "acceptances-1.jsonl").write_text(f'{{"event_ids": ["{ids[0]}", "{ids[1]}"]}}\n')
    (tmp_path / "acceptances-2.jsonl").write_text(f'{{"event_ids": ["{ids[2]}"]}}\n{{"event_ids": ["')
    assert read_journal(tmp_path) == (ids, [])
    assert read_journal(tmp_path / "none") == ([], [])


def test_a_torn_line_of_the_journal_hides_no_acceptance(tmp_path: Path) -> None:
    """A write that the disk took in part, and the next one after it: what the line said yes to is not known."""
    path = tmp_path / "acceptances-1.jsonl"
    good = f'{{"event_ids": ["{uuid4()}"]}}\n'
    path.write_text(good + '{"event_ids": ["' + good + good + "{}\n[]\n")
    found = read_journal(tmp_path)
    assert len(found.event_ids) == 2
    assert found.damaged == ["acceptances-1.jsonl:2", "acceptances-1.jsonl:4", "acceptances-1.jsonl:5"]


def test_of_many_missing_the_first_are_named() -> None:
    assert named([str(number) for number in range(12)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more"


def test_what_is_missing_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(reconcile, "load_settings", lambda: None)
    monkeypatch.setattr(reconcile, "all_checks", lambda *_: [Check("lines", 1, 0, "[/x].csv#1 of :x:")])
    with pytest.raises(SystemExit):
        reconcile.reconcile()
    shown = capsys.readouterr().out
    assert "MISSING" in shown
    assert "[/x].csv#1 of :x:" in shown
