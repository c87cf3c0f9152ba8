"""The quarantine on the command line: what strangers have sent is shown as it is."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from ingestion import quarantine
from timecontrol.warehouse.quarantine import Quarantined


def entry(number: int, reason: str) -> Quarantined:
    return Quarantined(
        quarantine_id=number,
        place=f"punches.v1/0/{number}",
        code="invalid_field",
        reason=reason,
        payload=b"{}",
        record_key=None,
        headers=None,
        topic="punches.v1",
        topic_partition=0,
        file_sha256=None,
        file_line=None,
        quarantined_at=datetime(2026, 3, 2, tzinfo=UTC),
        action=None,
        actor=None,
        resolved_at=None,
    )


def test_a_reason_with_brackets_and_colons_is_listed_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    reasons = ["[/x]: Extra inputs", "[red]: Extra inputs", ":x: Extra inputs"]
    entries = [entry(number, reason) for number, reason in enumerate(reasons)]
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(quarantine, "load_settings", lambda: None)
    monkeypatch.setattr(quarantine, "connect", lambda *_: nullcontext())
    monkeypatch.setattr(quarantine, "newest", lambda *_, **__: entries)
    outcome = CliRunner().invoke(quarantine.app, ["list"], catch_exceptions=False)
    assert outcome.exit_code == 0
    for reason in reasons:
        assert reason in outcome.stdout
